import assert from 'node:assert/strict';
import {describe, it} from 'node:test';
import {gated, ids, inOrder, json, needsMending, refused, theId} from './answers.js';
import {writeJob} from './jobs.js';
import {exits, withDesk} from './program.js';

describe('mozart status and list', {concurrency: 4}, () => {
	it('say that there is nothing yet', () =>
		withDesk(async desk => {
			refused(await desk.mozart('status'), 2, /No job has been run yet\. Start one: mozart run FILE/);
			const none = await desk.mozart('list');
			assert.equal(none.code, 0);
			assert.match(none.stdout, /^No job has been run yet/);
			assert.equal((await desk.mozart('list', '--json')).stdout, '');
			writeJob(desk);
			refused(await desk.mozart('status', 'work.yaml'), 2, /This job has not been run yet/);
			refused(await desk.mozart('logs', 'work.yaml'), 2, /This job has not been run yet/);
			refused(await desk.mozart('resume', 'work.yaml'), 2, /has not been run yet.*Begin: mozart run/);
			refused(await desk.mozart('recover', 'work.yaml'), 2, /has not been run yet/);
			const {code, stdout} = await desk.mozart('status', 'work.yaml', '--json');
			assert.equal(code, 2);
			assert.equal(json(stdout)[0].type, 'problem');
		}));

	it('tell how jobs stand, by id, beginning of an id, or file', () =>
		withDesk(async desk => {
			writeJob(desk, {name: 'good', batches: 2}, 'same-good.yaml');
			writeJob(desk, {name: 'poor', batches: 3, script: needsMending, more: {workspace: './poor'}}, 'same-poor.yaml');
			exits(await desk.mozart('run', 'same-good.yaml'), 0);
			exits(await desk.mozart('run', 'same-poor.yaml'), 1);
			const [good = '', poor = ''] = [...ids(desk), ...ids(desk, 'poor')];
			const status = await desk.mozart('status', good.slice(0, -4));
			assert.equal(status.code, 0);
			inOrder(
				status.stdout,
				`good (${good}): completed\n  2/2 completed\n  2 attempts`,
				`job file ${desk.at('same-good.yaml')}`,
				desk.at('workspace'),
			);
			const verbose = await desk.mozart('status', '-v', 'same-poor.yaml');
			inOrder(
				verbose.stdout,
				`poor (${poor}): failed`,
				'batch 2 failed: ',
				'batch 1: completed',
				'batch 2: failed',
				'batch 3: pending',
				`Again: mozart run ${poor}`,
			);
			const [data, ...more] = json((await desk.mozart('status', poor, '--json')).stdout);
			assert.deepEqual(more, []);
			assert.deepEqual(
				{
					id: data.id,
					state: data.state,
					total: data.total,
					completed: data.completed,
					failed: data.failed,
					pending: data.pending,
				},
				{id: poor, state: 'failed', total: 3, completed: 1, failed: 1, pending: 1},
			);
			assert.deepEqual(
				data.batches.map((batch: {status: string}) => batch.status),
				['completed', 'failed', 'pending'],
			);
			refused(await desk.mozart('status', 'same'), 2, /“same” can be 2 jobs; give one of these ids:\n {2}same-/);
			refused(await desk.mozart('status'), 2, /Which job\? `mozart list` shows them all/);
			refused(await desk.mozart('status', 'nobody'), 2, /No job is known as “nobody”/);

			const list = await desk.mozart('list');
			assert.equal(list.code, 0);
			assert.match(
				list.stdout,
				new RegExp(`^${poor} +failed +1/3 completed · 1 failed · 1 pending +${desk.at('same-poor.yaml')}$`, 'm'),
			);
			assert.ok(list.stdout.indexOf(poor) < list.stdout.indexOf(good), 'the last one first');
			assert.deepEqual(
				json((await desk.mozart('list', '--status', 'completed', '--json')).stdout).map(job => [
					job.id,
					job.state,
					job.completed,
				]),
				[[good, 'completed', 2]],
			);
			assert.match((await desk.mozart('list', '--status', 'running')).stdout, /^No job is running\.\n$/);
		}));

	it('watch a run until it is over, saying only what is new', () =>
		withDesk(async desk => {
			writeJob(desk, {batches: 2, script: gated});
			const run = desk.start(['run', 'work.yaml', '--json']);
			await run.event('attempt-spawned', event => event.batch === 2);
			const watch = desk.start(['status', '--watch']);
			await watch.says(/running, process \d+ since[\s\S]*batch 2: running, attempt 1/);
			const data = desk.start(['status', '--watch', '--json']);
			await data.until('a state', () => data.stdout.includes('"state":"running"'));
			assert.match((await desk.mozart('list', '--status', 'running')).stdout, /running +1\/2 completed · 1 running/);
			desk.write('go', '');
			exits(await run.ended, 0);
			const watched = await watch.ended;
			assert.equal(watched.code, 0);
			const said = watched.stdout.split('\n\n');
			assert.equal(new Set(said).size, said.length, 'nothing is said twice');
			assert.match(said.at(-1) ?? '', /^work \(.*\): completed\n {2}2\/2 completed\n/);
			assert.equal(json((await data.ended).stdout).at(-1).state, 'completed');
			assert.equal(
				(await desk.mozart('status', '--watch')).stdout.match(/completed\n/g)?.length,
				2,
				'an ended run is told once',
			);
		}));

	it('tell a run whose program was killed from one that runs', () =>
		withDesk(async desk => {
			writeJob(desk, {batches: 2, script: gated});
			const run = desk.start(['run', 'work.yaml', '--json']);
			await run.event('attempt-spawned', event => event.batch === 2);
			run.kill('SIGKILL');
			await run.ended;
			const id = theId(desk);
			const {code, stdout} = await desk.mozart('status', '-v');
			assert.equal(code, 0);
			inOrder(
				stdout,
				`work (${id}): interrupted (its program ended without saying so)`,
				'batch 2: cut off',
				`Go on: mozart resume ${id}`,
			);
			assert.match((await desk.mozart('list')).stdout, /interrupted +1\/2 completed · 1 running/);
			desk.write('go', '');
			const resumed = await desk.mozart('resume', id);
			assert.equal(resumed.code, 0);
			assert.match(resumed.stderr, /Cut off when the last run ended: 1 attempt; rules are checked/);
		}));
});
