import assert from 'node:assert/strict';
import test, {describe} from 'node:test';
import {withAway} from '../program/detached.js';
import {type Desk, exits, launcher, runs} from '../program/program.js';
import {Terminal} from '../support/terminal.js';
import {gated, inTerminal, isGivenBack, letGo} from './window.js';

const job = {script: gated, batches: 3, concurrency: 2};

/** `mozart` without a word, in a window of its own. */
async function alone(desk: Desk, story: (terminal: Terminal) => Promise<void>): Promise<void> {
	const inShell = '"$@"; echo "code $?"; stty -a';
	const terminal = new Terminal('/bin/sh', ['-c', inShell, 'sh', process.execPath, launcher], {
		cwd: desk.jobs,
		env: desk.env,
	});
	try {
		await story(terminal);
	} finally {
		await terminal.close();
	}
}

describe('mozart without a word', {concurrency: 2}, () => {
	test('without any job it says how to begin, and every door gives the terminal back', () =>
		inTerminal({words: [], inShell: true}, async terminal => {
			await terminal.shows(/^mozart · 0 jobs\nNo jobs yet\.[\s\S]*n a new job · q quit\s*$/);
			terminal.press('q');
			await isGivenBack(terminal);
			assert.match(terminal.scrollback, /^code 0\n/);
		}));

	test('told to end, it ends', () =>
		inTerminal({words: []}, async terminal => {
			await terminal.shows(/No jobs yet/);
			terminal.kill('SIGTERM');
			await terminal.ended;
			await isGivenBack(terminal);
		}));

	test('attaches to a job that runs, which goes on when the screen is left', () =>
		withAway(job, (desk, {id, pid}) =>
			alone(desk, async terminal => {
				await terminal.shows(new RegExp(`^mozart · 1 job · 1 live\n ›▶ ${id} +running +0/3`));
				letGo(desk, 1);
				await terminal.shows(/running +1\/3/);
				terminal.press('\r');
				await terminal.shows(/│ working on 2/);
				terminal.press('q');
				await isGivenBack(terminal);
				assert.match(
					terminal.scrollback,
					/The run goes on, in process \d+\. Come back: mozart attach[\s\S]*\ncode 0\n/,
				);
				assert.ok(runs(pid));
			}),
		));

	test('goes on with one that has stopped, after a yes, and a finished one is looked at', () =>
		inTerminal({job, inShell: true}, async (first, desk) => {
			await first.shows(/│ working on 1[\s\S]*│ working on 2/);
			first.press('qs');
			await first.ended;
			letGo(desk, 1, 2, 3);
			await alone(desk, async terminal => {
				await terminal.shows(/‖ work-\w+ +stopped +0\/3/);
				terminal.press('\r');
				await terminal.shows(/3 batches are left\. Go on\?/);
				terminal.press('y');
				await terminal.shows(/work completed +█+ 3\/3[\s\S]*the run is over/);
				terminal.press('q');
				await isGivenBack(terminal);
				assert.match(terminal.scrollback, /work: completed · 3\/3 completed[\s\S]*\ncode 0\n/);
			});
			await alone(desk, async terminal => {
				await terminal.shows(/✓ work-\w+ +completed +3\/3/);
				terminal.press('\r');
				await terminal.shows(/work completed +█+ 3\/3[\s\S]*│ working on 1/);
				terminal.press('+');
				await terminal.shows(/this is only a look; go on with it: mozart resume work-/);
				terminal.press('q');
				await isGivenBack(terminal);
				assert.match(terminal.scrollback, /work: completed · 3\/3 completed[\s\S]*\ncode 0\n/);
			});
		}));

	for (const [why, env] of [
		['with TERM=dumb', {TERM: 'dumb'}],
		['in CI', {CI: 'true'}],
	] as const) {
		test(`${why} it prints its help`, () =>
			inTerminal({words: [], env, rows: 50}, async terminal => {
				assert.equal((await terminal.ended).code, 2);
				assert.match(terminal.scrollback, /^Usage: mozart \[options\] \[command\]/);
				assert.doesNotMatch(terminal.written, /\x1b\[\?/);
			}));
	}

	test('without a terminal too', () =>
		withAway({batches: 1}, async desk => {
			const {stderr} = exits(await desk.mozart(), 2);
			assert.match(stderr, /^Usage: mozart/);
		}));
});
