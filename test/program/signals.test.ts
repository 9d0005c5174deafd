import assert from 'node:assert/strict';
import {readFileSync} from 'node:fs';
import {describe, it} from 'node:test';
import {done, linesOf, readFacts, replay, stateOf, writeJob} from './jobs.js';
import {type Desk, eventually, exits, type Program, runs, withDesk} from './program.js';

/** Lives until `go` is there, beside a grandchild that does not heed TERM; notes the pids of both. */
const stubborn = `if [ -e go ]; then ${done}; exit; fi
sh -c 'trap "" TERM; echo $$ >> pids; while :; do sleep 0.05; done' &
echo $$ >> pids; wait`;

/** The same, but all of it goes when it is asked to. */
const gentle = `if [ -e go ]; then ${done}; exit; fi
sh -c 'echo $$ >> pids; while :; do sleep 0.05; done' &
echo $$ >> pids; wait`;

const pids = (desk: Desk) => linesOf(desk.at('pids')).map(Number);

async function startAndWait(desk: Desk, words: string[] = []): Promise<Program> {
	const run = desk.start(['run', 'work.yaml', ...words]);
	await eventually('both processes', () => pids(desk).length === 2);
	assert.ok(pids(desk).every(runs));
	return run;
}

const idIn = (text: string): string => /mozart resume (\S+)/.exec(text)?.[1] ?? '';

describe('Ctrl-C', {concurrency: 4}, () => {
	it('ends the children with their whole tree, pauses the job and names the command to go on', () =>
		withDesk(async desk => {
			writeJob(desk, {batches: 2, script: stubborn});
			const run = await startAndWait(desk);
			run.kill('SIGINT');
			const {stdout, stderr} = exits(await run.ended, 3);
			assert.deepEqual(pids(desk).filter(runs), []);
			assert.equal(stderr, 'Stopping: what runs is ended and goes back to the queue. Once more to stop at once.\n');
			assert.match(stdout, /batch 1\/2 +attempt 1 stopped after /);
			assert.match(stdout, /work: paused · 0\/2 completed · 2 pending\n/);
			const id = idIn(stdout);
			assert.match(exits(await desk.mozart('status'), 0).stdout, /^work \(.*\): paused\n/);
			desk.write('go', '');
			const resumed = exits(await desk.mozart('resume', id), 0);
			assert.equal(resumed.stderr, '', 'nothing was lost');
			const run2 = replay(readFacts(stateOf(desk, id)));
			assert.equal(run2.result, 'completed');
			assert.equal(run2.totals.retries, 0, 'it has cost no budget');
		}));

	it('and TERM, both at the same moment, are a stop and no failure of the batch', () =>
		withDesk(async desk => {
			writeJob(desk, {script: gentle});
			const run = await startAndWait(desk);
			run.kill('SIGINT');
			run.kill('SIGTERM');
			const {stdout} = exits(await run.ended, 3);
			assert.deepEqual(pids(desk).filter(runs), []);
			desk.write('go', '');
			exits(await desk.mozart('resume', idIn(stdout)), 0);
		}));

	it('ends everything at once the second time', () =>
		withDesk(async desk => {
			writeJob(desk, {script: stubborn});
			const run = await startAndWait(desk);
			run.kill('SIGINT');
			await run.says(/Once more to stop at once/);
			const asked = performance.now();
			run.kill('SIGINT');
			const {stdout} = exits(await run.ended, 3);
			assert.ok(performance.now() - asked < 4000, 'it does not wait for who does not heed TERM');
			assert.deepEqual(pids(desk).filter(runs), []);
			desk.write('go', '');
			exits(await desk.mozart('resume', idIn(stdout)), 0);
		}));

	it('is heeded before anything runs: what looks for the items is ended too', () =>
		withDesk(async desk => {
			writeJob(desk, {more: {batch: {size: 1, items: {command: ['sh', '-c', gentle]}}}});
			for (const words of [[], ['-n']]) {
				desk.write('pids', '');
				const run = await startAndWait(desk, words);
				run.kill('SIGINT');
				exits(await run.ended, 3);
				await eventually('the end of all', () => !pids(desk).some(runs));
			}
			exits(await desk.mozart('run', 'work.yaml', '--set', 'batch.items.command=[echo,a]'), 0);
		}));
});

describe('TERM and a hang-up', {concurrency: 4}, () => {
	it('TERM pauses the job as Ctrl-C does', () =>
		withDesk(async desk => {
			writeJob(desk, {script: gentle});
			const run = await startAndWait(desk, ['--json']);
			run.kill('SIGTERM');
			exits(await run.ended, 3);
			assert.deepEqual(pids(desk).filter(runs), []);
			const types = run.events.map(event => event.type);
			assert.deepEqual(types.slice(-3), ['stopping', 'attempt-ended', 'run-ended']);
			assert.equal((await run.event('run-ended')).result, 'paused');
			const {outcome} = await run.event('attempt-ended');
			assert.equal(outcome.aborted, true);
		}));

	it('a hang-up takes the reader away, and the run goes on to its end', () =>
		withDesk(async desk => {
			writeJob(desk, {batches: 3, script: `echo $$ >> pids; while [ ! -e go ]; do sleep 0.02; done; ${done}`});
			const run = desk.start(['run', 'work.yaml']);
			const {1: id = ''} = await run.says(/work \((.*)\)/);
			await eventually('the child', () => pids(desk).length === 1);
			run.kill('SIGHUP');
			run.child.stdout?.destroy();
			run.child.stderr?.destroy();
			desk.write('go', '');
			exits(await run.ended, 0);
			assert.equal(replay(readFacts(stateOf(desk, id))).result, 'completed');
		}));

	it('children live in a session of their own, where no terminal reaches them', () =>
		withDesk(async desk => {
			writeJob(desk, {script: gentle});
			const run = await startAndWait(desk);
			const session = (pid: number) => readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1]?.split(' ')[3];
			if (process.platform === 'linux') assert.notEqual(session(pids(desk)[0] ?? 0), session(run.pid));
			run.kill('SIGTERM');
			exits(await run.ended, 3);
		}));
});
