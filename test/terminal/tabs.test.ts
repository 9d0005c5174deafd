import assert from 'node:assert/strict';
import {test} from 'node:test';
import {inTerminal} from './window.js';

/** Does two thirds of its work at first; told what is missing, it changes the tracker again and does the rest. */
const script = `mkdir -p "$2/out"; echo done > "$2/out/$1"; echo "attempt of $1" >> "$2/tracker.md"
[ -e told ] && echo END >> "$2/out/$1"; touch told`;

const job = {
	script,
	rules: [
		{type: 'file_exists', path: 'out/{batch_num}'},
		{type: 'file_modified', path: 'tracker.md', description: 'tracker'},
		{type: 'content_contains', path: 'out/{batch_num}', pattern: 'END', description: 'whole report'},
	],
	more: {
		retry: {
			max_retries: 0,
			max_completion_attempts: 1,
			completion_delay_seconds: 0.001,
			base_delay_seconds: 0.001,
			jitter: false,
		},
	},
};

test('the tabs tell the story of a batch: verdicts, what changed, what it was told, attempts, prompts', () =>
	inTerminal({job, columns: 120, rows: 40}, async terminal => {
		await terminal.shows(/work completed[\s\S]*the run is over/);
		terminal.press('2');
		await terminal.shows(/attempt 2: 3 of 3 rules pass[\s\S]*✓ whole report {2}\(failed before\)/);
		await terminal.shows(/tracker.md: before[\s\S]*\+attempt of 1[\s\S]*\+attempt of 1/);
		terminal.press('[');
		await terminal.shows(
			/attempt 1: 2 of 3 rules pass[\s\S]*✗ whole report[\s\S]*expected END[\s\S]*actual {3}not found[\s\S]* done\n/,
		);
		await terminal.shows(/what it was told then, in attempt 2:/);
		terminal.press('\r');
		terminal.press('G');
		await terminal.shows(/When you are done, all checks run again/);
		terminal.press('\r3');
		await terminal.shows(/passed on the last try[\s\S]*#1 normal [\s\S]*#2 completion [\s\S]*✗ +▲ +whole report/);
		terminal.press('4');
		await terminal.shows(/as it was sent in attempt 1[\s\S]*Do batch 1 of 1\./);
		terminal.press(']');
		await terminal.shows(/as it was sent in attempt 2[\s\S]*Missing \(1\): do these now/);
		terminal.press('5');
		await terminal.shows(/attempt 2, completion: item 1[\s\S]*completed: 3 of 3/);
		terminal.press('q');
		assert.equal((await terminal.ended).code, 0);
	}));
