import assert from 'node:assert/strict';
import test, {describe} from 'node:test';
import {endAway, withAway} from '../program/detached.js';
import {launcher, runs} from '../program/program.js';
import {Terminal} from '../support/terminal.js';
import {gated, inTerminal, isGivenBack, letGo} from './window.js';

const job = {script: gated, batches: 3, concurrency: 2};
const bothRun = /│ working on 1[\s\S]*│ working on 2/;
const hint = /\nv: back to the screen · p pause · P pause now · \+ - at once · d detach · q quit\n*$/;
const began = /batch 1\/3 {2}attempt 1: item 1\n.*batch 2\/3 {2}attempt 1: item 2\n/;

/** On the lines, with what has happened so far told. */
async function onLines(terminal: Terminal): Promise<void> {
	await terminal.shows(bothRun);
	terminal.press('v');
	await terminal.shows(began);
	await terminal.shows(hint);
	assert.equal(terminal.isAlternate, false);
}

const count = (text: string, part: RegExp) => text.match(new RegExp(part, 'g'))?.length ?? 0;

describe('lines instead of the screen', {concurrency: 2}, () => {
	test('v shows what has happened and what comes, v goes back, and nothing is told twice', () =>
		inTerminal({job, inShell: true}, async (terminal, desk) => {
			await onLines(terminal);
			letGo(desk, 1);
			await terminal.shows(/batch 1\/3 {2}completed: 1 of 1 rules pass[\s\S]*batch 3\/3 {2}attempt 1/);
			await terminal.shows(hint);
			for (const key of ['r', 's', 'x', 'j', 'G', '2', '/', ':', '?', '\r', 'z']) {
				terminal.press(key);
				await terminal.shows(/\nnot beside the lines: v goes back\n*$/);
				terminal.press('+-');
				await terminal.shows(hint);
			}
			terminal.press('v');
			await terminal.shows(/^work running[\s\S]*│ working on 2/);
			assert.equal(terminal.isAlternate, true);
			assert.ok(!terminal.text.includes('back to the screen'));
			letGo(desk, 2);
			await terminal.shows(/✓ 2/);
			terminal.press('v');
			await terminal.shows(/batch 2\/3 {2}completed/);
			terminal.press('v');
			await terminal.shows(/^work running/);
			letGo(desk, 3);
			await terminal.shows(/the run is over/);
			terminal.press('v');
			await terminal.shows(/batch 3\/3 {2}completed[^\n]*\nthe run is over · v: back to the screen · q leave\n*$/);
			terminal.press('q');
			await isGivenBack(terminal);
			const {scrollback} = terminal;
			assert.match(scrollback, /work: completed · 3\/3 completed\n[\s\S]*\ncode 0\n/);
			for (const batch of [1, 2, 3]) {
				assert.equal(count(scrollback, new RegExp(`batch ${batch}/3 {2}attempt 1`)), 1, scrollback);
				assert.equal(count(scrollback, new RegExp(`batch ${batch}/3 {2}completed`)), 1, scrollback);
			}
			assert.doesNotMatch(scrollback, /back to the screen|░|\n\n/, 'only lines stay');
		}));

	test('q asks there too, and s stops what runs', () =>
		inTerminal({job, inShell: true}, async terminal => {
			await onLines(terminal);
			terminal.press('q');
			await terminal.shows(/Batches are under way\. f finish them, then quit/);
			terminal.press('s');
			await isGivenBack(terminal);
			assert.match(terminal.scrollback, /work: paused · 0\/3 completed · 3 pending[\s\S]*\ncode 3\n/);
		}));

	for (const [how, leave] of [
		['Ctrl-C', (terminal: Terminal) => terminal.press('\x03')],
		['TERM', (terminal: Terminal) => process.kill(-terminal.pid, 'SIGTERM')],
	] as const) {
		test(`${how} leaves the terminal as it was`, () =>
			inTerminal({job, inShell: how === 'Ctrl-C'}, async terminal => {
				await onLines(terminal);
				leave(terminal);
				assert.equal((await terminal.ended).code, how === 'Ctrl-C' ? 0 : 3);
				await isGivenBack(terminal);
				assert.match(terminal.scrollback, /work: paused · 0\/3 completed · 3 pending/);
			}));
	}

	test('a hang-up: the run goes on to its end', () =>
		inTerminal({job}, async (terminal, desk) => {
			await onLines(terminal);
			terminal.hangUp();
			letGo(desk, 1, 2, 3);
			assert.equal((await terminal.ended).code, 0);
		}));

	test('for who is attached too, and d leaves the run as it is', () =>
		withAway(job, async (desk, {id, pid}) => {
			const window = new Terminal(process.execPath, [launcher, 'attach', id], {cwd: desk.jobs, env: desk.env});
			try {
				await onLines(window);
				window.press('d');
				assert.equal((await window.ended).code, 0);
				await isGivenBack(window);
				assert.match(
					window.scrollback,
					/attempt 1: item 2\nThe run goes on, in process \d+\. Come back: mozart attach/,
				);
				assert.ok(runs(pid));
			} finally {
				await window.close();
				await endAway(desk, pid);
			}
		}));

	test('the window may be folded down to nothing and back', () =>
		inTerminal({job}, async terminal => {
			await onLines(terminal);
			for (const [columns, rows] of [
				[40, 12],
				[10, 2],
				[2, 1],
				[80, 24],
			] as const)
				terminal.resize(columns, rows);
			terminal.press('v');
			await terminal.shows(/^work running[\s\S]*\nq quit/);
			terminal.press('qs');
			await isGivenBack(terminal);
			assert.match(terminal.scrollback, /attempt 1: item 1/);
		}));
});
