import assert from 'node:assert/strict';
import {describe, it} from 'node:test';
import type {Job} from '../../source/config/schema.js';
import type {Event, Fact} from '../../source/core/event.js';
import type {Run} from '../../source/core/run.js';
import {createNotifier, type Notifier, type Teller} from '../../source/notify/notifier.js';
import {createTeller} from '../../source/notify/teller.js';
import {webhookBodySchema} from '../../source/notify/webhook-body.js';
import {makeJob} from '../support/job.js';
import {status, withReceiver} from '../support/receiver.js';
import {World} from '../support/world.js';
import {notificationOf} from './notifications.js';

const words = {say: (event: Event) => event.type, headline: () => 'over', lines: () => ['over']};

/** A world whose facts are told; `job` is what it names. */
function telling(job: Job, extra: Fact[] = []): {world: World; notifier: Notifier; problems: string[]} {
	const world = new World(job);
	const notifier = createNotifier(async program =>
		createTeller({
			...{...program, env: {}, platform: 'linux', words},
			job: {id: 'j-1', name: 'j'},
			time: {now: () => world.time, random: () => 0.5, timer: (ms, callback) => world.clock.timer(ms, callback)},
		}),
	);
	const problems: string[] = [];
	notifier.onProblem(line => problems.push(line));
	world.open(extra).subscribe(notifier.tell);
	return {world, notifier, problems};
}

const webhook = (url: string, on_events: string[], config: object = {}) =>
	notificationOf('webhook', {url, max_retries: 0, ...config}, {on_events});
const naming = (...notifications: Job['notifications']): Job => ({...makeJob({batches: 3, rules: 0}), notifications});

describe('a notifier', {concurrency: true}, () => {
	it('loads nothing for a job that names nobody', async () => {
		const notifier = createNotifier(() => assert.fail('it is loaded'));
		const world = new World(naming());
		world.open().subscribe(notifier.tell);
		await world.settle();
		await notifier.finish(1000);
		assert.equal(notifier.undelivered(), 0);
	});

	it('tells what happened while it was being loaded, and that it could not be', async () => {
		const {promise, resolve} = Promise.withResolvers<Teller>();
		const told: number[] = [];
		const teller = {tell: (events: readonly Event[]) => void told.push(events[0]?.seq ?? 0)};
		const notifier = createNotifier(() => promise);
		const run = {job: naming(notificationOf('desktop'))} as Run;
		for (const seq of [1, 2, 3]) notifier.tell([{seq} as Event], run);
		resolve({...teller, tellTrouble() {}, finish: async () => {}});
		await notifier.finish(1000);
		notifier.tell([{seq: 4} as Event], run);
		assert.deepEqual(told, [1, 2, 3, 4]);
		const failing = createNotifier(async () => {
			throw new Error('a bug');
		});
		failing.tell([], run);
		await failing.finish(1000);
		const lines: string[] = [];
		failing.onProblem(line => lines.push(line));
		assert.deepEqual(lines, ['Nobody can be told of this run: a bug']);
	});

	it('tells whom the job names by now, when it is changed while it runs', () =>
		withReceiver(receiver =>
			withReceiver(async other => {
				const {world, notifier, problems} = telling(naming(webhook(receiver.url, ['job_start'])));
				await world.settle();
				const run = world.engine.getSnapshot();
				const job = naming(webhook(other.url, ['batch_complete']));
				const event = {type: 'job-changed', seq: 90, at: 1} as Event;
				notifier.tell([event], {...run, job});
				// The former one gets what was gathered for it, at once.
				await receiver.until(1);
				const completed = {type: 'batch-completed', seq: 91, at: 2, batch: 1, passed: 0} as Event;
				notifier.tell([completed], {...run, job});
				await notifier.finish(10_000);
				const seqs = [receiver, other].map(({received}) =>
					received.flatMap(({body}) => webhookBodySchema.parse(JSON.parse(body)).events.map(({seq}) => seq)),
				);
				assert.deepEqual(seqs, [[1], [91]]);
				assert.deepEqual(problems, []);
			}),
		));

	it('says why a run was given up that could not say so itself', () =>
		withReceiver(async receiver => {
			const {world, notifier} = telling(naming(webhook(receiver.url, ['attention'])));
			await world.settle();
			notifier.tellTrouble('the disk is full');
			await notifier.finish(10_000);
			const {title, level} = webhookBodySchema.parse(JSON.parse(receiver.received[0]?.body ?? ''));
			assert.deepEqual([title, level], ['j: the run was stopped: the disk is full', 'attention']);
		}));

	it('gives each message an id of its own, also those about the same fact, and those of a run that began anew', () =>
		withReceiver(async receiver => {
			for (let runs = 0; runs < 2; runs++) {
				const both = webhook(receiver.url, ['job_start', 'attention']);
				const {world, notifier} = telling(naming(both, both));
				await world.settle();
				await notifier.finish(10_000);
				notifier.tellTrouble('the disk is full');
				await notifier.finish(10_000);
			}
			const ids = receiver.received.map(({body}) => webhookBodySchema.parse(JSON.parse(body)).id);
			assert.equal(ids.length, 8);
			assert.equal(new Set(ids).size, 8);
		}));

	it('tells once of a limit that other jobs go on meeting, until it is over', async () => {
		const heard: string[] = [];
		const run = {
			...new World(makeJob()).replay(),
			job: naming(notificationOf('desktop', {}, {on_events: ['limit_hit']})),
		};
		const now = (_: number, callback: () => void) => {
			setImmediate(callback);
			return () => {};
		};
		const teller = createTeller({
			...{
				terminal: () => bytes => heard.push(bytes),
				giveUp: line => heard.push(line),
				env: {TERM: 'xterm'},
				platform: 'linux',
				words,
			},
			job: {id: 'j-1', name: 'j'},
			time: {now: () => 0, random: () => 0, timer: now},
		});
		const shared = {type: 'limit-shared', kind: 'rate_limit', message: 'limit', until: 9, job: 'other', at: 0};
		for (const [seq, type] of ['limit-shared', 'limit-shared', 'limit-lifted', 'limit-shared'].entries()) {
			teller.tell([{...shared, type, seq} as Event], run as unknown as Run);
			for (let round = 0; round < 5; round++) await new Promise(resolve => setImmediate(resolve));
		}
		await teller.finish(1000);
		assert.equal(heard.length, 2);
	});

	it('waits for the last message as long as one try of it may take', () =>
		withReceiver(async receiver => {
			const {world, notifier, problems} = telling(naming(webhook(receiver.url, ['job_start'], {timeout_seconds: 1})));
			receiver.replies.push(() => {});
			await world.settle();
			const started = performance.now();
			await notifier.finish(60_000);
			assert.ok(performance.now() - started < 10_000);
			assert.match(problems.join(), /it did not answer in time\.$/);
			assert.equal(receiver.received.length, 1);
		}));

	it('counts what nobody got, and ends in time though a receiver never answers', () =>
		withReceiver(async receiver => {
			receiver.replies.push(status(410), () => {});
			const {world, notifier, problems} = telling(
				naming(webhook(receiver.url, ['job_start']), webhook(receiver.url, ['job_start'], {timeout_seconds: 60})),
			);
			await world.settle();
			await notifier.finish(300);
			assert.equal(notifier.undelivered(), 2);
			assert.equal(problems.length, 2);
			assert.ok(problems.some(line => /HTTP 410/.test(line)));
			assert.ok(problems.some(line => /did not answer in time; the program has ended/.test(line)));
		}));
});
