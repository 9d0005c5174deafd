import assert from 'node:assert/strict';
import {test} from 'node:test';
import {readableOutput} from '../../source/backends/readable.js';
import {backendSchema} from '../../source/config/backend-schema.js';
import {judgeRecorded, read} from './profile/recorded.js';

const readLog = (settings: object, log: string, stream: 'stdout' | 'stderr' = 'stdout'): string => {
	const readable = readableOutput(backendSchema.parse(settings), stream, undefined);
	return [...log].map(sign => readable.push(sign)).join('') + readable.end();
};

test('the log of a CLI that tells events reads as it was shown live', async () => {
	for (const [tool, name] of [
		['codex', 'tools-bypass-json'],
		['gemini', 'tools-yolo-stream'],
		['gemini', 'err-gm-quota-stream'],
	] as const) {
		const {shown} = await judgeRecorded(tool, name);
		assert.ok(shown.length > 50);
		assert.equal(readLog({type: `${tool}_cli`}, read(tool, `${name}.stdout`)), shown);
	}
});

test('what a profile tells in one value at the end is shown then, plain text as it is, without control sequences', () => {
	const json = {argv: ['x'], output: {type: 'json', events: [{reply: 'answer'}]}};
	assert.equal(readLog({type: 'profile', profile: json}, '{"answer": "Yes."}\n'), 'Yes.\n');
	assert.equal(readLog({type: 'profile', profile: {argv: ['x']}}, '\x1b[31mred\x1b[0m\n'), 'red\n');
	assert.equal(readLog({type: 'codex_cli'}, 'a complaint\x07\n', 'stderr'), 'a complaint\n');
});
