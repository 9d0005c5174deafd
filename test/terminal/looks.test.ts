import assert from 'node:assert/strict';
import test, {describe} from 'node:test';
import type {Terminal} from '../support/terminal.js';
import {gated, inTerminal, letGo} from './window.js';

/**
 * Bold, dim, underlined and inverse with their ends, the default colour, and of the sixteen colours those that can be read on light
 * and on dark ground alike: no black, no white, no background, nothing of 256 or more.
 */
const allowed = new Set(['', '0', '1', '2', '4', '7', '22', '24', '27', '31', '32', '33', '34', '35', '36', '39']);
const colors = ['31', '32', '33', '34', '35', '36'];

const codesOf = ({written}: Terminal) =>
	new Set([...written.matchAll(/\x1b\[([\d;:]*)m/g)].flatMap(([, codes = '']) => codes.split(/[;:]/)));

/** A batch that fails one rule and has changed a file, seen in every tab, the help and the whole window; then questions and a selection. */
async function tour(terminal: Terminal, gate: () => void): Promise<void> {
	await terminal.shows(/working on 2/);
	for (const [key, shown] of [
		['gj2', /\[validation\]/],
		['3', /\[attempts\]/],
		['4', /\[prompt\]/],
		['5', /\[events\]/],
		['?', /esc back/],
		['?', /quit/],
		['1\r', /working on 2/],
		['/work', /\/work 1 of 1/],
		['\r\x1b', /working on 2/],
		['\r/2', /^\/2/m],
		['\x1b', /^q quit/m],
		[':pau', /^:pau/m],
		['\x1b', /^q quit/m],
		['x', /y yes/],
		['n', /quit/],
	] as const) {
		terminal.press(key);
		await terminal.shows(shown);
	}
	gate();
	await terminal.shows(/the run is over/);
	terminal.press('gg2');
	await terminal.shows(/content_contains[\s\S]*expected/);
	terminal.press('q');
	await terminal.ended;
}

const job = {
	script: `echo '\x1b[38;2;9;9;9mcoloured\x1b[0m \x1b[41mby itself\x1b[0m'; [ "$1" = 1 ] || { ${gated}; }`,
	batches: 2,
	concurrency: 2,
	rules: [
		{type: 'file_exists', path: 'out/{batch_num}'},
		{type: 'content_contains', path: 'out/{batch_num}', pattern: 'done'},
	],
	more: {on_batch_failure: 'continue'},
};

describe('any terminal', {concurrency: 2}, () => {
	const cases: [what: string, env: Record<string, string>][] = [
		['of 16 colours', {TERM: 'xterm'}],
		['of all colours', {TERM: 'xterm-256color', COLORTERM: 'truecolor'}],
		['under screen', {TERM: 'screen'}],
		['of the kernel', {TERM: 'linux'}],
	];
	for (const [what, env] of cases) {
		test(`${what} gets colours that can be read on light and dark ground, and no others`, () =>
			inTerminal({job, env, columns: 120, rows: 30}, async (terminal, desk) => {
				await tour(terminal, () => letGo(desk, 2));
				const codes = codesOf(terminal);
				assert.deepEqual(
					[...codes].filter(code => !allowed.has(code)),
					[],
				);
				assert.ok(colors.some(code => codes.has(code)));
				assert.ok(codes.has('7'), 'the selection is inverse');
			}));
	}

	test('with NO_COLOR gets none, and the selection all the same', () =>
		inTerminal({job, env: {NO_COLOR: '1'}, columns: 120, rows: 30}, async (terminal, desk) => {
			await tour(terminal, () => letGo(desk, 2));
			const codes = codesOf(terminal);
			assert.deepEqual(
				colors.filter(code => codes.has(code)),
				[],
			);
			assert.ok(codes.has('7'));
		}));

	for (const [what, env] of [
		['of another character set', {LANG: 'C'}],
		['as old as a VT100', {TERM: 'vt100'}],
	] as const) {
		test(`${what} gets ASCII alone, in the same columns`, () =>
			inTerminal(
				{job: {...job, script: `echo 'Caf\u00e9 日本 🎉|'; ${gated}`}, env, columns: 100, rows: 30},
				async (terminal, desk) => {
					await terminal.shows(/^work running +\.+ 0\/2 - 0:0\d/);
					const [, before = ''] = await terminal.shows(/\n(>\* 1 [^\n]*)\| Cafe \?{4} \?\?\|/);
					const [, title = ''] = await terminal.shows(/\n([^\n]*)\+- \* batch 1 - #1 -+ running/);
					assert.equal(before.length, title.length);
					letGo(desk, 1, 2);
					await terminal.shows(/work completed +#+ 2\/2/);
					assert.match(terminal.written, /^[\0-\x7f]*$/);
					terminal.press('q');
					await terminal.ended;
				},
			));
	}

	for (const [how, words, env, turns] of [
		['where nothing speaks against it', ['run', 'work.yaml'], {}, true],
		['not with --no-animation', ['run', 'work.yaml', '--no-animation'], {}, false],
		['not with MOZART_NO_ANIMATION', ['run', 'work.yaml'], {MOZART_NO_ANIMATION: '1'}, false],
	] as const) {
		test(`a sign turns while a batch prints, ${how}`, () =>
			inTerminal({job: {script: gated}, words, env}, async (terminal, desk) => {
				await terminal.shows(/│ working on 1/);
				letGo(desk, 1);
				await terminal.shows(/the run is over/);
				assert.equal(/[⠋⠙⠹⠸⠼⠴⠦⠧⠇⠏]/.test(terminal.written), turns);
				terminal.press('q');
				await terminal.ended;
			}));
	}
});
