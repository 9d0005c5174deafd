import assert from 'node:assert/strict';
import {test} from 'node:test';
import {ChatAttempts} from './chat-attempts.js';

const part = (delta: unknown, finish_reason: unknown = null) => ({choices: [{index: 0, delta, finish_reason}]});

/** What no server should send, and some does: the pieces of a stream, in order. */
const odd: readonly (readonly object[])[] = [
	[{choices: 'none'}],
	[{choices: [null]}, part(null, 'stop')],
	[part('text', 'stop')],
	[part({content: 5, tool_calls: 5}, 'stop')],
	[part({tool_calls: [null, 3, {}]}, 'tool_calls')],
	[part({tool_calls: [{index: 'a', id: 7, function: null}]}, 'tool_calls')],
	[part({tool_calls: [{index: 0, id: {}, function: {name: 5, arguments: 9}}]}, 'tool_calls')],
	[part({tool_calls: [{function: {name: {}, arguments: [1]}}]}, 'stop')],
	[part({content: 'a'}, 7)],
	[{usage: 'much'}, {usage: {prompt_tokens: 'a', completion_tokens: null}}, part({content: ' '}, 'stop')],
];

test('a reply of an odd shape is the fault of who sent it, and no bug', async () => {
	const attempts = await new ChatAttempts().open();
	try {
		for (const chunks of odd) {
			attempts.server.replies.push({chunks});
			const ended = await attempts.run({tools: 'workspace', max_turns: 1, output: {file: 'odd.md'}});
			assert.ok(ended.failure, JSON.stringify(chunks));
			assert.match(ended.failure.kind, /transient|network/, JSON.stringify(chunks));
			for (const figure of Object.values(ended.usage ?? {}))
				assert.ok(Number.isFinite(figure), JSON.stringify(ended.usage));
		}
	} finally {
		await attempts.close();
	}
});
