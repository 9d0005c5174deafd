import assert from 'node:assert/strict';
import {test} from 'node:test';
import {stream} from '../../support/model-api.js';
import {withAttempts} from './attempts.js';

const usage = {input_tokens: 7, output_tokens: 3};
const start = {message: {id: 'm', type: 'message', role: 'assistant', content: [], usage}};
const stop = {delta: {stop_reason: 'end_turn'}, usage};

/** What no API should send, and some gateway does: the events of a stream, in order. */
const odd: readonly (readonly (readonly [type: string, data: object])[])[] = [
	[['message_start', {}]],
	[
		['message_start', {message: {}}],
		['message_stop', {}],
	],
	[
		['message_start', {message: {...start.message, usage: null}}],
		['message_delta', {...stop, usage: null}],
		['message_stop', {}],
	],
	[['content_block_start', {}]],
	[
		['message_start', start],
		['content_block_delta', {index: 3, delta: {type: 'text_delta', text: 'a'}}],
	],
	[
		['message_start', start],
		['content_block_start', {index: 0, content_block: {type: 'text'}}],
		['message_delta', stop],
		['message_stop', {}],
	],
	[
		['message_start', start],
		['content_block_start', {index: 0, content_block: null}],
		['message_delta', stop],
		['message_stop', {}],
	],
	[
		['message_start', start],
		['content_block_start', {index: 0, content_block: {type: 'tool_use', input: 3}}],
		['message_delta', {...stop, delta: {stop_reason: 'tool_use'}}],
		['message_stop', {}],
	],
	[
		['message_start', {message: {...start.message, content: 'text'}}],
		['message_delta', stop],
		['message_stop', {}],
	],
	[
		['message_start', {message: {...start.message, content: null}}],
		['message_delta', {}],
		['message_stop', {}],
	],
];

test('a reply of an odd shape is the fault of who sent it, and no bug', () =>
	withAttempts(async attempts => {
		for (const events of odd) {
			attempts.api.replies.push(response => {
				const send = stream(response);
				for (const [type, data] of events) send(type, data);
				response.end();
			});
			const ended = await attempts.run({tools: 'workspace', max_turns: 1, output: {file: 'odd.md'}});
			assert.ok(ended.failure, JSON.stringify(events));
			assert.match(ended.failure.kind, /transient|network/, JSON.stringify(events));
		}
	}));

test('an error of one’s own while a reply is heard is a bug, and thrown as it is', () =>
	withAttempts(async attempts => {
		const bug = new TypeError('x is not a function');
		attempts.api.replies.push({text: 'a', headers: {'anthropic-ratelimit-unified-5h-utilization': '0.9'}});
		const onUtilization = () => {
			throw bug;
		};
		await assert.rejects(attempts.run({}, {onUtilization}), error => error === bug);
	}));
