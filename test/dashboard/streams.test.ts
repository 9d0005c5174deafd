import assert from 'node:assert/strict';
import type {ServerResponse} from 'node:http';
import {describe, it} from 'node:test';
import {frameOf} from '../../source/dashboard/frame.js';
import type {Jobs} from '../../source/dashboard/jobs.js';
import {createStreams} from '../../source/dashboard/streams.js';
import {systemClock} from '../../source/engine/clock.js';
import {eventually} from '../program/program.js';
import {makeJob} from '../support/job.js';
import {World} from '../support/world.js';
import {Hall} from './hall.js';
import {type Visitor, withVisitor} from './visitor.js';

class Stage {
	readonly world = new World(makeJob({batches: 6, rules: 0, concurrency: 2}));
	readonly hall = new Hall(() => this.world.time);
	/** Connections to the program that runs the job: made, and let go again. */
	connected = 0;
	left = 0;
	readonly jobs: Jobs = {
		...this.hall.jobs,
		watch: async job => {
			const watched = await this.hall.jobs.watch(job);
			if (!watched || 'problem' in watched) return watched;
			this.connected++;
			const {disconnect} = watched;
			return {
				...watched,
				disconnect: () => {
					this.left++;
					disconnect();
				},
			};
		},
	};

	async begin(): Promise<void> {
		this.hall.show('job-1', this.world.open(), this.world);
		await this.world.settle();
	}

	/** A fact. */
	async set(concurrency: number): Promise<number> {
		await this.world.engine.send({type: 'set-concurrency', concurrency});
		return this.world.engine.getSnapshot().seq;
	}

	get startedAt(): number {
		return this.world.engine.getSnapshot().startedAt;
	}
}

const onStage = async (story: (visitor: Visitor, stage: Stage) => Promise<void>) => {
	const stage = new Stage();
	await stage.begin();
	await withVisitor(stage.jobs, visitor => story(visitor, stage));
};

const told = (seq: number) => (heard: {event: string; data: {event: {seq: number}}}) =>
	heard.event === 'fact' && heard.data.event.seq === seq;

/** The first fact that comes over the connection shows that it stands. */
async function connected(visitor: Visitor, stage: Stage, path = '/api/jobs/job-1/stream', headers = {}) {
	const line = await visitor.listen(path, headers);
	await line.find('a beginning', ({event}) => event === 'snapshot' || event === 'state');
	await eventually('a connection to the run', () => stage.connected > stage.left);
	await stage.world.settle();
	return line;
}

describe('the live streams of the dashboard', {concurrency: 8}, () => {
	it('tell a job as it is, then each fact with its number, and what has changed', () =>
		onStage(async (visitor, stage) => {
			const line = await connected(visitor, stage);
			const first = line.heard[0];
			const {seq} = first?.data ?? {};
			assert.deepEqual([first?.event, first?.id], ['snapshot', `${seq}@${stage.startedAt}`]);
			assert.deepEqual(first?.data.job.live, [1, 2]);
			assert.deepEqual(
				first?.data.batches.map(({number}: {number: number}) => number),
				[1, 2],
			);
			stage.world.attempts[0]?.end({exitCode: 0});
			const state = await line.find('the change', ({event, data}) => event === 'state' && data.seq > seq);
			const completed = line.heard.find(({data}) => data.event?.type === 'batch-completed');
			assert.deepEqual(completed?.data.words, ['completed: exit code 0, 5 ms']);
			assert.deepEqual(
				line.facts,
				Array.from({length: line.facts.length}, (_, index) => seq + 1 + index),
			);
			assert.equal(completed?.id, `${completed?.data.event.seq}@${stage.startedAt}`);
			assert.equal(state.data.job.summary.completed, 1);
			assert.deepEqual(
				state.data.batches.map(({number, status}: {number: number; status: string}) => [number, status]),
				[
					[1, 'completed'],
					[3, 'running'],
				],
			);
		}));

	it('go on behind the last fact that was heard, from memory or from the journal', () =>
		onStage(async (visitor, stage) => {
			const line = await connected(visitor, stage);
			const seq = await stage.set(3);
			const {id = ''} = await line.find('the fact', told(seq));
			line.leave();
			const [second, third] = [await stage.set(4), await stage.set(5)];
			const again = await visitor.listen('/api/jobs/job-1/stream', {'last-event-id': id});
			const state = await again.next('state');
			assert.deepEqual(
				again.facts,
				Array.from({length: third - seq}, (_, index) => seq + 1 + index),
			);
			assert.ok(!again.heard.some(({event}) => event === 'snapshot'));
			assert.equal(state.data.job.concurrency, 5);
			const fourth = await stage.set(6);
			await again.find('what follows', told(fourth));
			assert.deepEqual(new Set(again.facts).size, again.facts.length, 'nothing is said twice');
			// A server that has just begun remembers nothing.
			await withVisitor(stage.jobs, async other => {
				const late = await other.listen(`/api/jobs/job-1/stream?after=${second}`);
				await late.next('state');
				assert.deepEqual(
					late.facts,
					Array.from({length: fourth - second}, (_, index) => second + 1 + index),
				);
			});
		}));

	it('say how a job stands to who has missed no fact: its program may be gone all the same', () =>
		onStage(async (visitor, stage) => {
			const {seq} = stage.world.engine.getSnapshot();
			const line = await visitor.listen('/api/jobs/job-1/stream', {'last-event-id': `${seq}@${stage.startedAt}`});
			const {data} = await line.find('how it stands', ({event}) => event !== 'output');
			assert.deepEqual([data.seq, data.job?.state, line.facts], [seq, 'running', []]);
		}));

	it('begin anew where that cannot be: another run, or a number that is not there yet', () =>
		onStage(async (visitor, stage) => {
			for (const id of [`3@${stage.startedAt + 1}`, '999999']) {
				const line = await visitor.listen('/api/jobs/job-1/stream', {'last-event-id': id});
				assert.equal((await line.next('snapshot')).data.seq, stage.world.engine.getSnapshot().seq);
				assert.deepEqual(line.facts, []);
			}
		}));

	it('tell what batches print, harmless, from a tail for who comes later', () =>
		onStage(async (visitor, stage) => {
			const print = (batch: number, text: string) => stage.hall.print('job-1', batch, 1, text);
			const line = await connected(visitor, stage);
			print(1, 'one \x1b[31mred\x1b[0m </script>\x1b]0;title\x07\n');
			print(2, 'two\r\n\ndata: x\n\n');
			const first = await line.next('output');
			assert.deepEqual(first.data, {
				...{batch: 1, attempt: 1, stream: 'stdout', text: 'one red </script>\n', begins: true},
			});
			const second = await line.find('the other', ({data}) => data.batch === 2);
			assert.equal(second.data.text, 'two\n\ndata: x\n\n');
			const late = await visitor.listen('/api/jobs/job-1/stream?batch=2');
			await late.next('output');
			print(1, 'more of one\n');
			print(2, 'more of two\n');
			const more = await late.find('more', ({data}) => data.text === 'more of two\n');
			assert.equal(more.data.begins, false);
			const outputs = late.heard.filter(({event}) => event === 'output').map(({data}) => data);
			assert.deepEqual(
				outputs.map(({batch, begins}) => [batch, begins]),
				[
					[2, true],
					[2, false],
				],
			);
			const none = await visitor.listen('/api/jobs/job-1/stream?output=none');
			await none.next('snapshot');
			print(1, 'unheard\n');
			await none.find('the fact', told(await stage.set(3)));
			assert.ok(!none.heard.some(({event}) => event === 'output'));
		}));

	it('have one connection to a run however many listen, and none when nobody does', () =>
		onStage(async (visitor, stage) => {
			await visitor.ask('/api/jobs/job-1');
			await visitor.ask('/jobs/job-1');
			assert.equal(stage.connected, 0, 'a look needs none');
			const lines = [];
			for (let count = 0; count < 5; count++) lines.push(await connected(visitor, stage));
			assert.deepEqual([stage.connected, stage.left], [1, 0]);
			lines.pop()?.leave();
			const seq = await stage.set(3);
			for (const line of lines) await line.find('the fact', told(seq));
			for (const line of lines) line.leave();
			await eventually('the end of the connection', () => stage.left > 0);
			assert.deepEqual([stage.connected, stage.left], [1, 1]);
		}));

	it('say all jobs, then the one that has changed', () =>
		onStage(async (visitor, stage) => {
			const line = await visitor.listen('/api/stream');
			const {data} = await line.next('jobs');
			assert.deepEqual(
				data.jobs.map(({id, state}: {id: string; state: string}) => [id, state]),
				[['job-1', 'running']],
			);
			await stage.world.engine.send({type: 'pause', mode: 'drain'});
			// Who looks finds it too, and all hear of it.
			assert.equal((await visitor.ask('/api/jobs?state=pausing')).json.jobs.length, 1);
			assert.equal((await line.next('job')).data.state, 'pausing');
		}));

	it('say goodbye when the server ends', () =>
		onStage(async (visitor, stage) => {
			const lines = [await connected(visitor, stage), await visitor.listen('/api/stream')];
			const close = visitor.dashboard.close();
			for (const line of lines) await line.next('bye');
			await close;
			for (const line of lines) await line.ended;
			assert.equal(stage.left, 1);
		}));

	it('tell once what should never happen, and try again', async () => {
		const stage = new Stage();
		await stage.begin();
		const bugs: string[] = [];
		const looks = {list: 0, watch: 0};
		const fail = (name: keyof typeof looks) => async () => {
			looks[name]++;
			throw new Error(`a bug in ${name}`);
		};
		await withVisitor(
			{...stage.jobs, list: fail('list'), watch: fail('watch')},
			async visitor => {
				await visitor.listen('/api/stream');
				await (await visitor.listen('/api/jobs/job-1/stream')).next('snapshot');
				await eventually('another try', () => looks.list > 1 && looks.watch > 1);
			},
			{onBug: error => void bugs.push((error as Error).message)},
		);
		assert.deepEqual(bugs.sort(), ['a bug in list', 'a bug in watch']);
	});

	it('call no attempt over whose job cannot be read', async () => {
		const stage = new Stage();
		await stage.begin();
		let isGone = false;
		const standing: Jobs['standing'] = async job => (isGone ? {problem: 'it is gone'} : stage.jobs.standing(job));
		const signature: Jobs['signature'] = async job => `${isGone} ${await stage.jobs.signature(job)}`;
		await withVisitor({...stage.jobs, standing, signature}, async visitor => {
			const log = await visitor.listen('/api/jobs/job-1/batches/1/attempts/1/log/stream');
			isGone = true;
			const {event, data} = await log.find('why it ends', ({event}) => event === 'trouble' || event === 'end');
			assert.deepEqual([event, data.message], ['trouble', 'it is gone']);
			await log.ended;
		});
	});

	it('let go of who is too far behind, and leave out live output before that', async () => {
		let isDestroyed = false;
		let isLeft = false;
		const outgoing = {
			destroy() {
				isDestroyed = true;
			},
		} as unknown as ServerResponse;
		const streams = createStreams(systemClock, 1);
		const text = 'x'.repeat(100_000);
		const output = frameOf('output', {batch: 1, attempt: 1, stream: 'stdout', text, begins: false});
		const trouble = frameOf('trouble', {message: text});
		const body = streams.open(outgoing, stream => {
			// As much as is asked for at once may be said to anybody.
			for (let count = 0; count < 30; count++) stream.send(trouble);
			stream.settled();
			for (let count = 0; count < 100; count++) stream.send(output);
			assert.equal(isDestroyed, false, 'what may be left out is');
			for (let count = 0; count < 12; count++) stream.send(trouble);
			return () => {
				isLeft = true;
			};
		});
		assert.ok(body);
		assert.deepEqual([isDestroyed, isLeft, streams.count], [true, true, 0]);
		await assert.rejects(body.getReader().read());
		streams.close();
	});
});
