import assert from 'node:assert/strict';
import test, {describe} from 'node:test';
import {gated, inTerminal, isGivenBack, letGo} from './window.js';

const job = {
	script: gated,
	batches: 3,
	rules: [
		{type: 'file_exists', path: 'out/{batch_num}'},
		{type: 'content_contains', path: 'out/{batch_num}', pattern: 'well done'},
	],
	more: {on_batch_failure: 'continue'},
};

describe('for who listens to the screen', {concurrency: 2}, () => {
	for (const [how, words, env] of [
		['with --screen-reader', ['run', 'work.yaml', '--screen-reader'], {}],
		['with the variable that Ink has for it', ['run', 'work.yaml'], {INK_SCREEN_READER: 'true'}],
	] as const) {
		test(`${how}: what happens is one more line, and keys steer as ever`, () =>
			inTerminal({job, words, env, columns: 200, rows: 50}, async (terminal, desk) => {
				await terminal.shows(/work is running\. 0 of 3 completed, 1 running\.\n/);
				assert.equal(terminal.isAlternate, false);
				terminal.press('j');
				await terminal.shows(/\nBatch 2 of 3: pending/);
				terminal.press('s');
				await terminal.shows(/\nbatch 2: skipped\n/);
				terminal.press('k');
				await terminal.shows(/\nBatch 1 of 3: running 0:\d\d, attempt 1\n/);
				terminal.press('\r');
				await terminal.shows(/\nBatch 1, all it has printed:\nworking on 1\n/);
				terminal.press('w');
				await terminal.shows(/\nbatch 1 is running; there is no wait to end\n/);
				terminal.press('x');
				await terminal.shows(/\nEnd attempt 1 of batch 1 and hold it\? y: yes\. Any other key: no\.\n/);
				terminal.press('n');
				letGo(desk, 1, 3);
				await terminal.shows(/\nbatch 1: 1 of 2 rules pass\nbatch 1: failed: .*\nbatch 1: FAILED: /);
				await terminal.shows(/\nwork is failed\. 0 of 3 completed, 2 failed, 1 skipped\.\n[^\n]*\nq leaves\./);
				terminal.press('2');
				await terminal.shows(
					/\nBatch 1, validation:\nattempt 1: 1 of 2 rules pass\nfailed: content_contains: out\/1\nexpected /,
				);
				terminal.press('?');
				await terminal.shows(/\nq: quit\n[\s\S]*\nHere the screen is read to you: /);
				terminal.press('q');
				assert.equal((await terminal.ended).code, 1);
				await isGivenBack(terminal);
				assert.doesNotMatch(terminal.written, /[─-╿▀-▟✓✗⠀-⣿]/, 'no boxes, no bars, no signs');
				const moves = terminal.written.match(/\x1b\[\d*[A-HJSTf]/g) ?? [];
				assert.deepEqual([...new Set(moves)], ['\x1b[G'], 'nothing that was said is written over');
			}));
	}
});
