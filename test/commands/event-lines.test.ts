import assert from 'node:assert/strict';
import {appendFileSync, mkdtempSync, rmSync, writeFileSync} from 'node:fs';
import {tmpdir} from 'node:os';
import path from 'node:path';
import {afterEach, beforeEach, describe, test} from 'node:test';
import {streamEvents} from '../../source/commands/event-lines.js';
import type {Event} from '../../source/core/event.js';
import {makeJob} from '../support/job.js';
import {World} from '../support/world.js';

describe('what happens as lines', () => {
	let folder: string;
	let journal: string;
	beforeEach(() => {
		folder = mkdtempSync(path.join(tmpdir(), 'mozart-lines-'));
		journal = path.join(folder, 'journal.jsonl');
		writeFileSync(journal, '{"format":1,"kind":"mozart-journal"}\n');
	});
	afterEach(() => rmSync(folder, {recursive: true, force: true}));

	/** A run whose facts are on disk before anybody hears of them. */
	function begin(batches: number) {
		const world = new World(makeJob({batches, rules: 0}));
		world.onAppend = (events: Event[], write) => {
			for (const event of events) appendFileSync(journal, `${JSON.stringify(event)}\n`);
			write();
		};
		const engine = world.open();
		return {
			world,
			engine,
			lines: streamEvents(engine, {paths: {journal, stateDb: path.join(folder, 'state.db')}, id: 'job-1'}),
		};
	}

	/** The lines of a listener, as many as are waited for. */
	function listen(lines: ReturnType<typeof streamEvents>) {
		const told: string[] = [];
		let heard = () => {};
		const stop = lines.listen(some => {
			told.push(...some.map(line => line.replace(/^\S+ +/, '')));
			heard();
		});
		const until = (count: number) =>
			new Promise<string[]>(resolve => {
				heard = () => void (told.length >= count && resolve(told));
				heard();
			});
		return {told, stop, until};
	}

	test('the past comes first, then what happens; who comes back hears what was missed, and nothing twice', async () => {
		const {world, lines} = begin(3);
		await world.settle();
		const first = listen(lines);
		assert.deepEqual(await first.until(2), ['3 batches to do', 'batch 1/3  attempt 1: item 1']);
		world.attempts[0]!.end({durationMs: 2000});
		assert.deepEqual((await first.until(4)).slice(2), [
			'batch 1/3  completed: exit code 0, 2.0 s',
			'batch 2/3  attempt 1: item 2',
		]);
		first.stop();
		world.attempts[0]!.end({durationMs: 2000});
		await world.settle();
		const second = listen(lines);
		assert.deepEqual(await second.until(2), [
			'batch 2/3  completed: exit code 0, 2.0 s',
			'batch 3/3  attempt 1: item 3',
		]);
		second.stop();
		assert.equal(first.told.length, 4);
	});

	test('what happens while the past is read comes after it', async () => {
		const {world, lines} = begin(3);
		await world.settle();
		const {until} = listen(lines);
		world.attempts[0]!.end({durationMs: 2000});
		await world.settle();
		assert.deepEqual(await until(4), [
			'3 batches to do',
			'batch 1/3  attempt 1: item 1',
			'batch 1/3  completed: exit code 0, 2.0 s',
			'batch 2/3  attempt 1: item 2',
		]);
	});

	test('a long past is cut, and said to be', async () => {
		const {world, lines} = begin(300);
		for (let batch = 1; batch <= 300; batch++) {
			await world.settle();
			world.attempts[0]?.end();
		}
		await world.settle();
		const told = await listen(lines).until(201);
		assert.equal(told.length, 201);
		assert.equal(told[0], 'what came before: mozart logs job-1');
	});

	test('a line that is no fact, and a fact about a batch that is no more, are passed over', async () => {
		const {world, engine, lines} = begin(2);
		await world.settle();
		const {seq, at} = engine.getSnapshot();
		appendFileSync(journal, `${JSON.stringify({seq: seq + 1, at, type: 'batch-skipped', batch: 9})}\n{"torn`);
		const {told, until} = listen(lines);
		await until(2);
		assert.deepEqual(told, ['2 batches to do', 'batch 1/2  attempt 1: item 1']);
	});
});
