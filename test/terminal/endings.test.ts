import assert from 'node:assert/strict';
import {readdirSync} from 'node:fs';
import path from 'node:path';
import test, {describe} from 'node:test';
import {linesOf, readFacts, replay, stateOf} from '../program/jobs.js';
import {type Desk, eventually, runs} from '../program/program.js';
import {gated, inTerminal, isGivenBack, letGo} from './window.js';

const failing = path.join(import.meta.dirname, 'children/failing.ts');
/** Where tsx finds how to read the program's sources, wherever it is run. */
const env = {TSX_TSCONFIG_PATH: path.resolve(import.meta.dirname, '../../tsconfig.json')};
const breaking = (what: 'screen' | 'program') => [
	process.execPath,
	'--import',
	import.meta.resolve('tsx'),
	failing,
	what,
];

const interrupt = '\x03';
const job = {script: gated, batches: 3, concurrency: 2};

/** What the only job of a desk has on disk. */
function stateIn(desk: Desk) {
	const [id = ''] = readdirSync(desk.at('workspace/.mozart')).filter(name => name.startsWith('work-'));
	return replay(readFacts(stateOf(desk, id)));
}

describe('whatever ends the screen, the terminal is as it was', {concurrency: 2}, () => {
	test('Ctrl-C: what runs goes back to the queue', () =>
		inTerminal({job, inShell: true}, async terminal => {
			await terminal.shows(/│ working on 1[\s\S]*│ working on 2/);
			terminal.press(interrupt);
			await isGivenBack(terminal);
			assert.match(terminal.scrollback, /work: paused · 0\/3 completed · 3 pending[\s\S]*\ncode 3\n/);
			assert.doesNotMatch(terminal.scrollback, /Stopping/);
		}));

	test('Ctrl-C twice: at once, also when a child will not go', () => {
		const script = `trap "" TERM INT; echo $$ > "pid-$1"; ${gated}`;
		return inTerminal({job: {...job, script}, inShell: true}, async (terminal, desk) => {
			await terminal.shows(/│ working on 1[\s\S]*│ working on 2/);
			terminal.press(interrupt);
			await terminal.shows(/work stopping[\s\S]*Once\s+more\s+to\s+stop\s+at\s+once/);
			terminal.press(interrupt);
			await isGivenBack(terminal);
			assert.match(terminal.scrollback, /work: paused · 0\/3 completed[\s\S]*\ncode 3\n/);
			for (const batch of [1, 2]) assert.equal(runs(Number(linesOf(desk.at(`pid-${batch}`))[0])), false);
		});
	});

	test('Ctrl-C when the run is over: as q', () =>
		inTerminal({job: {batches: 1}}, async terminal => {
			await terminal.shows(/the run is over/);
			terminal.press(interrupt);
			assert.equal((await terminal.ended).code, 0);
			await isGivenBack(terminal);
			assert.doesNotMatch(terminal.scrollback, /Stopping/);
		}));

	test('TERM: as Ctrl-C', () =>
		inTerminal({job}, async terminal => {
			await terminal.shows(/│ working on 1/);
			terminal.kill('SIGTERM');
			assert.equal((await terminal.ended).code, 3);
			await isGivenBack(terminal);
			assert.match(terminal.scrollback, /work: paused · 0\/3 completed/);
		}));

	test('a hang-up: the run goes on to its end, and nothing is lost', () =>
		inTerminal({job}, async (terminal, desk) => {
			await terminal.shows(/│ working on 1[\s\S]*│ working on 2/);
			terminal.hangUp();
			letGo(desk, 1, 2, 3);
			assert.equal((await terminal.ended).code, 0);
			await eventually('its end', () => stateIn(desk).phase === 'ended');
			assert.equal(stateIn(desk).result, 'completed');
		}));

	test('a bug in the screen: the run goes on in plain lines to its end', () =>
		inTerminal({job, env, command: breaking('screen')}, async (terminal, desk) => {
			await terminal.shows(/│ working on 1[\s\S]*│ working on 2/);
			terminal.kill('SIGUSR2');
			await terminal.shows(/The screen has failed \(a bug in the screen\)\. The run goes on, in plain lines:/);
			assert.equal(terminal.isAlternate, false);
			letGo(desk, 1, 2, 3);
			await isGivenBack(terminal);
			assert.match(
				terminal.scrollback,
				/batch 3\/3 {2}completed: 1 of 1 rules pass[\s\S]*work: completed · 3\/3 completed\n/,
			);
			assert.equal((await terminal.ended).code, 0);
		}));

	test('a bug in the screen while lines are shown instead: the same', () =>
		inTerminal({job, env, command: breaking('screen')}, async (terminal, desk) => {
			await terminal.shows(/│ working on 1[\s\S]*│ working on 2/);
			terminal.press('v');
			await terminal.shows(/batch 2\/3 {2}attempt 1[\s\S]*v: back to the screen/);
			terminal.kill('SIGUSR2');
			await terminal.shows(/The screen has failed/);
			letGo(desk, 1, 2, 3);
			await isGivenBack(terminal);
			assert.match(terminal.scrollback, /work: completed · 3\/3 completed\n/);
		}));

	test('a bug in the program: what it says of it is there to be read', () =>
		inTerminal({job, env, command: breaking('program')}, async terminal => {
			await terminal.shows(/│ working on 1[\s\S]*│ working on 2/);
			terminal.kill('SIGUSR2');
			assert.equal((await terminal.ended).code, 70);
			await isGivenBack(terminal);
			assert.match(terminal.scrollback, /a bug in the program/);
		}));
});
