import assert from 'node:assert/strict';
import {existsSync} from 'node:fs';
import test, {describe} from 'node:test';
import {eventually} from '../program/program.js';
import {gated, inTerminal, isGivenBack, letGo} from './window.js';

describe('the screen in a real terminal', {concurrency: 2}, () => {
	test('shows two batches live, stays when the run is over, and leaves a summary in the scrollback', () =>
		inTerminal({job: {script: gated, batches: 3, concurrency: 2}, inShell: true}, async (terminal, desk) => {
			await terminal.shows(/│ working on 1[\s\S]*├─ ▶ batch 2 [\s\S]*│ working on 2/);
			assert.match(terminal.text, /^work running +░+ 0\/3 · 0:0\d/);
			assert.equal(terminal.isAlternate, true);
			assert.ok(terminal.changedModes.includes(25), 'the cursor is hidden');
			letGo(desk, 1, 2, 3);
			await terminal.shows(/work completed +█+ 3\/3[\s\S]*the run is over · q leave/);
			terminal.press('q');
			await isGivenBack(terminal);
			assert.match(
				terminal.scrollback,
				/^work \(work-\w+\), results in .*\nwork: completed · 3\/3 completed\n3 attempts, .*\ncode 0\n/,
			);
		}));

	test('r takes a run that is over up again, and the exit code is that of its last end', () => {
		const script =
			'echo "try $1"; [ -e mended ] && mkdir -p workspace/out && echo x > "workspace/out/$1"; touch mended';
		return inTerminal({job: {script}}, async terminal => {
			await terminal.shows(/work failed[\s\S]*✗ 1/);
			await terminal.shows(/✗ file_exists[\s\S]*the run is over · q leave · r retry/);
			terminal.press('r');
			await terminal.shows(/work completed[\s\S]*✓ 1/);
			terminal.press('q');
			assert.equal((await terminal.ended).code, 0);
			await isGivenBack(terminal);
		});
	});

	test('keys reach the engine: pause, go on, hold, refuse', () =>
		inTerminal({job: {script: gated, batches: 4, concurrency: 1}}, async (terminal, desk) => {
			await terminal.shows(/│ working on 1/);
			terminal.press('p');
			await terminal.shows(/work pausing/);
			letGo(desk, 1);
			await terminal.shows(/work paused +█+░+ 1\/4/);
			terminal.press('pjw');
			await terminal.shows(/batch 2 is running; there is no wait to end/);
			await terminal.shows(/│ working on 2/);
			terminal.press('x');
			await terminal.shows(/End attempt 1 of batch 2 and hold it\? y yes/);
			terminal.press('y');
			await terminal.shows(/‖ 2 .*held/);
			letGo(desk, 2, 3, 4);
			await terminal.shows(/work paused +█+░+ 3\/4[\s\S]*held by you: batch 2/);
			terminal.press('\x1b[B\x1b[A');
			terminal.press('gjr');
			terminal.press('p');
			await terminal.shows(/work completed +█+ 4\/4/);
			terminal.press('q');
			assert.equal((await terminal.ended).code, 0);
		}));

	test('q and f: what runs is finished, then the program ends with work left', () =>
		inTerminal({job: {script: gated, batches: 3}, inShell: true}, async (terminal, desk) => {
			await terminal.shows(/│ working on 1/);
			terminal.press('q');
			await terminal.shows(/Batches are under way. f finish them, then quit · s stop them now/);
			terminal.press('f');
			await terminal.shows(/work stopping[\s\S]*about to end/);
			letGo(desk, 1, 2, 3);
			await isGivenBack(terminal);
			assert.match(
				terminal.scrollback,
				/work: paused · 1\/3 completed · 2 pending\n[\s\S]*Go on: mozart resume work-\w+\ncode 3\n/,
			);
		}));

	test('q and s: what runs is ended at once and goes back to the queue', () =>
		inTerminal({job: {script: gated, batches: 3, concurrency: 2}}, async terminal => {
			await terminal.shows(/│ working on 1[\s\S]*│ working on 2/);
			terminal.press('qs');
			assert.equal((await terminal.ended).code, 3);
			await isGivenBack(terminal);
			assert.match(terminal.scrollback, /work: paused · 0\/3 completed · 3 pending/);
		}));

	test('a terminal that is not read any more holds up neither the run nor what is shown afterwards', () => {
		const script = `i=0; while [ $1 = 1 ] && [ $i -lt 100 ]; do i=$((i+1)); echo "$i ${'so many words '.repeat(6)}"; sleep 0.02; done; ${gated}`;
		return inTerminal({job: {script, batches: 2}, columns: 200, rows: 50}, async (terminal, desk) => {
			await terminal.shows(/│ 1 so many words/);
			terminal.stall();
			letGo(desk, 1, 2);
			await eventually('the batch after this one is done, too', () => {
				// Frame after frame, far more than lies in the way of a terminal.
				terminal.press('?');
				return existsSync(desk.at('workspace/out/2'));
			});
			terminal.goOn();
			terminal.press('\x1b');
			await terminal.shows(/work completed +█+ 2\/2[\s\S]*the run is over/);
			terminal.press('q');
			assert.equal((await terminal.ended).code, 0);
			await isGivenBack(terminal);
		});
	});

	test('output is data: no sequence of a child reaches the terminal, and wide signs keep their columns', () => {
		const script = String.raw`printf '\033]0;evil\007\033[?1049l\033[2J\033[?25h\033[31mred\033[0m\n日本語|\n\tx\n'; ${gated}`;
		return inTerminal(
			{job: {script, command: ['sh', '-c', script, 'sh', '{batch_num}']}, columns: 120},
			async (terminal, desk) => {
				const [, before = ''] = await terminal.shows(/\n(.*)│ red\n.*│ 日本語\|\n.*│ {5}x\n.*│ working on 1/);
				assert.equal(before.length, 36);
				assert.equal(terminal.isAlternate, true);
				assert.ok(terminal.changedModes.includes(25));
				assert.doesNotMatch(terminal.written, /evil/);
				letGo(desk, 1);
				await terminal.shows(/the run is over/);
				terminal.press('q');
				await isGivenBack(terminal);
			},
		);
	});

	test('the window may be folded down to nothing and back while it runs', () =>
		inTerminal({job: {script: gated, batches: 60, concurrency: 2}, columns: 200, rows: 50}, async (terminal, desk) => {
			const whole = /^work running[\s\S]*│ working on 1[\s\S]*│ working on 2[\s\S]*\nq quit[^\n]* \? help\s*$/;
			await terminal.shows(whole);
			for (const [columns, rows] of [
				[120, 30],
				[80, 24],
				[60, 20],
			] as const) {
				terminal.resize(columns, rows);
				await terminal.until(
					'the whole screen',
					() => whole.test(terminal.text) && terminal.rows[rows - 1]?.startsWith('q quit'),
				);
			}
			terminal.resize(40, 12);
			await terminal.until(
				'one pane',
				() => /^work running[\s\S]*\n›▶ /.test(terminal.text) && terminal.rows[11]?.startsWith('q quit'),
			);
			terminal.resize(10, 3);
			await terminal.until('three rows', () => !/quit/.test(terminal.text) && /›▶/.test(terminal.text));
			terminal.resize(2, 1);
			terminal.press('jk?G?');
			terminal.resize(80, 24);
			await terminal.until('the whole screen again', () => whole.test(terminal.text));
			terminal.press('qs');
			await isGivenBack(terminal);
			assert.equal(existsSync(desk.at('workspace/out/1')), false);
		}));

	for (const [what, env, colored] of [
		['colours where nothing speaks against them', {}, true],
		['no colours with NO_COLOR, and the selection is seen all the same', {NO_COLOR: '1'}, false],
	] as const) {
		test(what, () =>
			inTerminal({job: {script: gated}, env}, async terminal => {
				await terminal.shows(/│ working on 1/);
				assert.equal(/\x1b\[[\d;]*(?:3|9)[0-7]m/.test(terminal.written), colored);
				assert.match(terminal.written, /\x1b\[7m/);
				terminal.press('qs');
				await terminal.ended;
			}),
		);
	}
});
