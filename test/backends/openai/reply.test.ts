import assert from 'node:assert/strict';
import {describe, test} from 'node:test';
import type {OpenAI} from 'openai';
import {Reply, withoutThoughts} from '../../../source/backends/openai/reply.js';

/** A reply out of these pieces of calls, as a server sends them. */
function replyOf(...pieces: object[][]): Reply {
	const reply = new Reply();
	for (const calls of pieces)
		reply.take({choices: [{index: 0, delta: {tool_calls: calls}}]} as unknown as OpenAI.ChatCompletionChunk);
	return reply;
}
const called = (reply: Reply) => reply.calls.map(({name, input}) => [name, input]);
const two = [
	['a', {x: 1}],
	['b', {y: 2}],
];

describe('calls are put together', () => {
	test('from pieces that are numbered, with an id at the first (OpenAI, vLLM, llama.cpp)', () => {
		const reply = replyOf(
			[{index: 0, id: '1', function: {name: 'a', arguments: ''}}],
			[{index: 0, function: {arguments: '{"x"'}}],
			[{index: 1, id: '2', function: {name: 'b', arguments: '{"y":2}'}}],
			[{index: 0, function: {arguments: ':1}'}}],
		);
		assert.deepEqual(called(reply), two);
		assert.deepEqual(
			reply.calls.map(({id}) => id),
			['1', '2'],
		);
	});

	test('whole, all with the number 0 (older Ollama)', () => {
		const whole = [
			{index: 0, id: '1', function: {name: 'a', arguments: '{"x":1}'}},
			{index: 0, id: '2', function: {name: 'b', arguments: '{"y":2}'}},
		];
		assert.deepEqual(called(replyOf(whole)), two);
		assert.deepEqual(called(replyOf(...whole.map(one => [one]))), two);
	});

	test('without numbers, without ids, and with arguments that are no text', () => {
		const reply = replyOf([{function: {name: 'a', arguments: {x: 1}}}, {function: {name: 'b', arguments: {y: 2}}}]);
		assert.deepEqual(called(reply), two);
		const ids = reply.calls.map(({id}) => id);
		assert.equal(new Set(ids).size, 2);
		for (const id of ids) assert.match(id, /^[0-9a-z]{9}$/);
		const {message} = reply;
		assert.deepEqual(message && 'tool_calls' in message && message.tool_calls?.map(({id}) => id), ids);
	});

	test('without numbers, the id repeated at each piece', () => {
		const reply = replyOf(
			[{id: '1', function: {name: 'a', arguments: '{"x"'}}],
			[{id: '1', function: {name: 'a', arguments: ':1}'}}],
			[{id: '2', function: {name: 'b', arguments: '{"y":2}'}}],
		);
		assert.deepEqual(called(reply), two);
	});
});

test('pieces that hold nothing, or odd things, do no harm', () => {
	const reply = new Reply();
	const odd: object[] = [
		{},
		{choices: []},
		{choices: null},
		{choices: [{}]},
		{choices: [{delta: null}]},
		{choices: [{delta: {content: ['x'], refusal: null, tool_calls: null, reasoning: 7}}]},
		{choices: [{delta: {content: 'text'}, finish_reason: 'stop'}]},
	];
	const shown = odd.map(chunk => reply.take(chunk as unknown as OpenAI.ChatCompletionChunk));
	assert.equal(shown.join(''), 'text');
	assert.deepEqual([reply.reason, reply.calls], ['stop', []]);
	assert.deepEqual(reply.message, {role: 'assistant', content: 'text'});
});

test('thoughts that stand before a reply are none of it; others are', () => {
	assert.equal(withoutThoughts('\n<think>a\n</think>\n\nb </think> c'), 'b </think> c');
	assert.equal(withoutThoughts('a <think>b</think>'), 'a <think>b</think>');
	assert.equal(withoutThoughts('<think>never ends'), '<think>never ends');
});
