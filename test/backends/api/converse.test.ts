import assert from 'node:assert/strict';
import {describe, test} from 'node:test';
import type {Ask, ToolResult, Turn} from '../../../source/backends/api/api.js';
import {converse} from '../../../source/backends/api/converse.js';
import {Rejected} from '../../../source/backends/api/fault.js';
import {createWatch} from '../../../source/backends/api/watch.js';
import type {WorkspaceTools} from '../../../source/backends/api/workspace-tools.js';

const usage = {inputTokens: 1, outputTokens: 1, cacheReadTokens: 0, cacheWriteTokens: 0};
const calls = (...names: string[]) => ({
	type: 'calls' as const,
	calls: names.map(name => ({id: name, name, input: {}})),
});

/** A conversation whose model says these turns, with tools that answer by their names. */
async function talk(
	turns: readonly (Turn<string> | ((ask: Ask<string>) => Promise<Turn<string>>))[],
	{
		tools,
		maxTurns = 10,
		signal = new AbortController().signal,
	}: {tools?: WorkspaceTools; maxTurns?: number; signal?: AbortSignal} = {},
) {
	const left = [...turns];
	const asked: string[][] = [];
	const lines: string[] = [];
	const watch = createWatch({signal, timeoutMs: 60_000, idleMs: 60_000});
	try {
		const ended = await converse(['prompt'], {
			api: {resultMessages: (results: readonly ToolResult[]) => [results.map(({text}) => text).join('+')]},
			async speak(ask) {
				asked.push([...ask.messages]);
				ask.spent(usage);
				const turn = left.shift() ?? assert.fail('it was asked too often');
				return typeof turn === 'function' ? turn(ask) : turn;
			},
			tools: tools ?? {definitions: [], call: async name => ({text: `did ${name}`, isError: false})},
			system: undefined,
			maxTurns,
			watch,
			log: {piece: () => {}, line: text => lines.push(text), complain: () => {}, finish: async () => undefined},
			warn: () => {},
		});
		return {...ended, asked, lines, ending: watch.ending()};
	} finally {
		watch.stop();
	}
}

describe('a conversation with a model', () => {
	test('goes on until the model is done: results go back in order, and a pause is a turn like any other', async () => {
		const ended = await talk([
			{message: 'one', text: '', stop: calls('a', 'b')},
			{message: 'two', text: '', stop: {type: 'paused'}},
			{message: 'three', text: 'the end', stop: {type: 'done'}},
		]);
		assert.equal('reply' in ended && ended.reply, 'the end');
		assert.deepEqual(ended.messages, ['prompt', 'one', 'did a+did b', 'two', 'three']);
		assert.deepEqual(ended.asked.at(-1), ['prompt', 'one', 'did a+did b', 'two']);
		assert.deepEqual([ended.turns, ended.usage?.inputTokens], [3, 3]);
	});

	test('a model that ends without a word leaves no message that could not be sent again', async () => {
		const ended = await talk([
			{message: 'one', text: '', stop: calls('a')},
			{text: '', stop: {type: 'done'}},
		]);
		assert.deepEqual(ended.messages, ['prompt', 'one', 'did a']);
	});

	test('what a turn that failed was part of is kept up to the last whole turn, and what it used is counted', async () => {
		const ended = await talk([
			{message: 'one', text: '', stop: calls('a')},
			() => Promise.reject(new Rejected(new Error('gone'))),
		]);
		assert.deepEqual(ended.messages, ['prompt', 'one', 'did a']);
		assert.ok('error' in ended && ended.error instanceof Error && ended.error.message === 'gone');
		assert.equal(ended.usage?.inputTokens, 2);
	});

	test('an error that no API has made is a bug, and thrown', async () => {
		const bug = new TypeError('x is not a function');
		await assert.rejects(talk([() => Promise.reject(bug)]), error => error === bug);
	});

	test('a stop in the midst of a tool call ends it at once, whether the tool heeds it or not', async () => {
		const stop = new AbortController();
		const tools: WorkspaceTools = {
			definitions: [],
			call() {
				stop.abort();
				return new Promise(() => {});
			},
		};
		const ended = await talk([{message: 'one', text: '', stop: calls('a', 'b')}], {tools, signal: stop.signal});
		assert.equal(ended.ending, 'aborted');
		assert.deepEqual(ended.messages, ['prompt'], 'a call without its result is not kept');
		assert.deepEqual(ended.lines, ['● a']);
	});

	test('the last turn that is allowed may still be the one that ends it', async () => {
		const turns: Turn<string>[] = [
			{message: 'one', text: '', stop: calls('a')},
			{message: 'two', text: 'done', stop: {type: 'done'}},
		];
		assert.ok('reply' in (await talk(turns, {maxTurns: 2})));
		const cut = await talk(turns, {maxTurns: 1});
		assert.ok('failure' in cut && /not done after 1 turn /.test(cut.failure.message));
	});
});
