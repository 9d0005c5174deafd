import assert from 'node:assert/strict';
import {readFileSync} from 'node:fs';
import {describe, it} from 'node:test';
import {gated, letGo} from '../terminal/window.js';
import {type Away, withAway} from './detached.js';
import {linesOf, readFacts, replay, stateOf, writeJob} from './jobs.js';
import {type Desk, eventually, exits, runs, withDesk} from './program.js';

const job = {script: gated, batches: 3, concurrency: 2};

const runOf = (desk: Desk, {id}: Pick<Away, 'id'>) => replay(readFacts(stateOf(desk, id)));
const counts = (desk: Desk, away: Away) =>
	Object.fromEntries(Object.entries(runOf(desk, away).counts).filter(([, count]) => count > 0));

describe('a run without a terminal', {concurrency: 6}, () => {
	describe('run --detach', () => {
		it('comes back when the run has begun, which goes on in a session of its own', () =>
			withDesk(async desk => {
				writeJob(desk, job);
				const {stdout} = exits(await desk.mozart('run', 'work.yaml', '--detach'), 0);
				const [, pid = '', log = ''] = /as process (\d+); what it says is in (\S+)\n/.exec(stdout) ?? [];
				const [, id = ''] = /Watch it: mozart attach (\S+)/.exec(stdout) ?? [];
				assert.match(stdout, /^work \(work-[0-9a-f]+\), results in /);
				assert.equal(readFacts(stateOf(desk, id))[0]?.type, 'run-started');
				const session = (of: string) => readFileSync(`/proc/${of}/stat`, 'utf8').split(') ')[1]?.split(' ')[3];
				if (process.platform === 'linux') assert.equal(session(pid), pid);
				const watching = desk.start(['attach', id]);
				await watching.says(/running · 0\/3 completed/);
				letGo(desk, 1, 2, 3);
				assert.match(exits(await watching.ended, 0).stdout, /work: completed · 3\/3 completed\n/);
				await eventually('its end', () => !runs(Number(pid)));
				assert.match(
					readFileSync(log, 'utf8'),
					/batch 1\/3 {2}attempt 1: item 1\n[\s\S]*\nwork: completed · 3\/3 completed\n/,
				);
			}));

		it('tells why it could not begin, and ends as `run` would', () =>
			withAway(job, async (desk, {pid}) => {
				const locked = exits(await desk.mozart('run', 'work.yaml', '--detach'), 4);
				assert.match(locked.stderr, new RegExp(`already run by process ${pid}`));
				const broken = desk.write('broken.yaml', 'name: x\nbath: {}\n');
				assert.match(exits(await desk.mozart('run', broken, '--detach'), 2).stderr, /did you mean “?batch/i);
				exits(await desk.mozart('run', 'nowhere.yaml', '--detach'), 2);
				letGo(desk, 1, 2, 3);
				await eventually('its end', () => !runs(pid));
				const complete = exits(await desk.mozart('run', 'work.yaml', '--detach'), 0);
				assert.match(complete.stdout, /work: completed · 3\/3 completed/);
			}));
	});

	describe('attach', () => {
		it('shows the same to two at once; one that is killed takes nothing with it', () =>
			withAway(job, async (desk, away) => {
				const [first, second, third] = [1, 2, 3].map(() => desk.start(['attach', away.id, '--json']));
				const line = desk.start(['attach', away.id, '--read-only', '--no-tui']);
				assert.ok(first && second && third);
				await line.says(/^work \(\S+\), process \d+: running · 0\/3 completed · 2 running · 1 pending\n/);
				for (const one of [first, second, third])
					await one.says(/^\{"type":"attached","id":"work-\w+","pid":\d+,"seq":\d+\}\n/);
				exits(await desk.mozart('pause', away.id), 0);
				for (const one of [first, second, third]) await one.event('paused');
				third.kill('SIGKILL');
				exits(await desk.mozart('resume', away.id), 0);
				letGo(desk, 1, 2, 3);
				for (const one of [first, second, line]) exits(await one.ended, 0);
				const facts = readFacts(stateOf(desk, away.id));
				const from = facts.findIndex(({type}) => type === 'paused');
				for (const one of [first, second])
					assert.deepEqual(one.events.slice(-(facts.length - from)), facts.slice(from));
				assert.match(
					line.stdout,
					/batch 3\/3 {2}completed: 1 of 1 rules pass[\s\S]*\nwork: completed · 3\/3 completed\n/,
				);
			}));

		it('says so when the program that runs the job is killed, and when nobody runs it', () =>
			withAway(job, async (desk, away) => {
				const watching = desk.start(['attach', away.id]);
				await watching.says(/running/);
				process.kill(away.pid, 'SIGKILL');
				const {stderr} = exits(await watching.ended, 3);
				assert.match(stderr, /^The connection to the program that runs this job was lost: it has ended/);
				const nobody = exits(await desk.mozart('attach', away.id), 2);
				assert.match(nobody.stderr, /^No program runs this job now\. .*mozart resume work-/);
				letGo(desk, 1, 2, 3);
				exits(await desk.mozart('resume', away.id), 0);
				exits(await desk.mozart('attach', 'nothing'), 2);
			}));
	});

	describe('steering from a script', () => {
		it('pauses and goes on, skips, holds, queues again and cancels, each on disk when the command is back', () =>
			withAway(job, async (desk, away) => {
				const {id} = away;
				const said = async (code: number, ...words: string[]) => {
					const {stdout, stderr} = exits(await desk.mozart(...words), code);
					return code === 0 ? stdout : stderr;
				};
				await eventually(
					'two that run',
					() => linesOf(desk.at('workspace/.mozart', id, 'attempts/2-1.stdout.log')).length,
				);
				assert.match(await said(0, 'pause', id), /^work-\S+: pausing: nothing new starts/);
				assert.match(await said(2, 'pause', id), /^work-\S+: refused: already paused\n$/);
				assert.match(await said(0, 'cancel', id, '1'), /batch 1 is held until it is retried/);
				await eventually('its end', () => counts(desk, away).held === 1);
				assert.match(
					await said(0, 'skip', id, '3', '--json'),
					/^\{"type":"answer","id":"\S+","command":"skip","batch":"3"\}\n$/,
				);
				letGo(desk, 2);
				await eventually('the last', () => counts(desk, away).completed === 1);
				assert.ok(runs(away.pid), 'who has paused it can come back');
				assert.deepEqual(counts(desk, away), {completed: 1, skipped: 1, held: 1});
				assert.match(await said(2, 'skip', id, '3'), /refused: batch 3 is skipped already/);
				assert.match(await said(2, 'skip', id, 'x'), /refused: there is no batch x: the job has 3/);
				assert.match(await said(2, 'skip', id), /missing required argument/);
				assert.match(await said(0, 'retry', id), /what failed or was held is queued again/);
				assert.match(await said(0, 'resume', id), /going on/);
				assert.match(await said(4, 'resume', id), /already run by process \d+, since [\s\S]*Watch it: mozart attach/);
				await eventually('the second attempt', () => counts(desk, away).running === 1);
				assert.match(await said(0, 'pause', id, '--now'), /what ran goes back to the queue/);
				assert.match(await said(0, 'cancel', id), /^work-\S+: cancelled\n$/);
				await eventually('its end', () => !runs(away.pid));
				assert.deepEqual([runOf(desk, away).phase, runOf(desk, away).result], ['ended', 'cancelled']);
				assert.match(await said(0, 'status', id), /: cancelled/);
			}));

		it('steers a plain run too: paused, it waits for its resume', () =>
			withDesk(async desk => {
				writeJob(desk, {script: gated, batches: 2});
				const run = desk.start(['run', 'work.yaml', '--json']);
				await run.event('attempt-spawned');
				exits(await desk.mozart('pause', 'work.yaml'), 0);
				letGo(desk, 1, 2);
				await run.event('batch-completed');
				exits(await desk.mozart('resume', 'work.yaml'), 0);
				exits(await run.ended, 0);
			}));

		it('steers a job that nobody runs: it is recorded, and nothing is run', () =>
			withDesk(async desk => {
				const script = 'echo "$1" >> ran; exit 1';
				writeJob(desk, {script, batches: 3, more: {on_batch_failure: 'continue'}});
				exits(await desk.mozart('run', 'work.yaml'), 1);
				const {stdout} = exits(await desk.mozart('list', '--json'), 0);
				const away = {id: JSON.parse(stdout).id, pid: 0, log: ''};
				const said = async (code: number, ...words: string[]) => {
					const {stdout, stderr} = exits(await desk.mozart(...words), code);
					return code === 0 ? stdout : stderr;
				};
				assert.match(
					await said(2, 'pause', away.id),
					/refused: no program runs this job now; go on with it: mozart resume/,
				);
				assert.match(await said(2, 'cancel', away.id), /refused: the run is over: failed/);
				const before = readFacts(stateOf(desk, away.id)).length;
				assert.match(await said(2, 'skip', away.id, '7'), /there is no batch 7/);
				assert.equal(readFacts(stateOf(desk, away.id)).length, before, 'what is refused leaves no trace');
				await said(0, 'skip', away.id, '1');
				await said(0, 'retry', away.id, '2');
				assert.deepEqual(counts(desk, away), {skipped: 1, pending: 1, failed: 1});
				await said(0, 'retry', away.id);
				assert.deepEqual(counts(desk, away), {skipped: 1, pending: 2});
				await said(0, 'cancel', away.id);
				assert.equal(runOf(desk, away).result, 'cancelled');
				await said(0, 'skip', away.id, '2');
				await said(0, 'skip', away.id, '3');
				assert.equal(runOf(desk, away).result, 'completed');
				await said(0, 'retry', away.id, '3');
				assert.deepEqual(counts(desk, away), {skipped: 2, pending: 1});
				assert.deepEqual(linesOf(desk.at('ran')), ['1', '2', '3']);
			}));
	});
});
