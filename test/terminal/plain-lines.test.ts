import assert from 'node:assert/strict';
import test, {describe} from 'node:test';
import {writeJob} from '../program/jobs.js';
import {withDesk} from '../program/program.js';
import {inTerminal} from './window.js';

describe('without a screen, plain lines are printed and the program ends with the run', {concurrency: 2}, () => {
	const cases: [why: string, options: Parameters<typeof inTerminal>[0]][] = [
		['with --no-tui', {words: ['run', 'work.yaml', '--no-tui']}],
		['with TERM=dumb', {env: {TERM: 'dumb'}}],
		['in CI', {env: {CI: 'true'}}],
	];
	for (const [why, options] of cases) {
		test(why, () =>
			inTerminal({job: {batches: 2}, ...options}, async terminal => {
				assert.equal((await terminal.ended).code, 0);
				assert.doesNotMatch(terminal.written, /\x1b/);
				assert.match(terminal.scrollback, /batch 2\/2 {2}completed: [\s\S]*\nwork: completed · 2\/2 completed\n/);
			}),
		);
	}

	test('with --json: one event a line', () =>
		inTerminal({job: {batches: 1}, words: ['run', 'work.yaml', '--json'], columns: 2000}, async terminal => {
			assert.equal((await terminal.ended).code, 0);
			const [first = '', ...more] = terminal.scrollback.split('\n');
			assert.equal(JSON.parse(first).type, 'run-started');
			assert.equal(JSON.parse(more.at(-1)!).type, 'run-ended');
		}));

	test('without a terminal', () =>
		withDesk(async desk => {
			writeJob(desk, {batches: 1});
			const {code, stdout} = await desk.mozart('run', 'work.yaml');
			assert.equal(code, 0);
			assert.doesNotMatch(stdout, /\x1b/);
			assert.match(stdout, /work: completed · 1\/1 completed\n/);
		}));
});
