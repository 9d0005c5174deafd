import assert from 'node:assert/strict';
import test, {describe} from 'node:test';
import {render} from 'ink-testing-library';
import stringWidth from 'string-width';
import {ageWords, type JobBoard, type JobRow, type Opening, onEnter} from '../../../source/ui/picker/job-row.js';
import {Picker} from '../../../source/ui/picker/picker.js';
import {keys, plain, type Size} from '../stage.js';

const counts = (completed: number, total: number, failed = 0) => ({
	...{completed, failed, total, skipped: 0},
	left: total - completed,
});
const job = (id: string, state: JobRow['state'], more: Partial<JobRow> = {}): JobRow => ({
	...{id, state, name: id, folder: `/home/ada/projects/${id}`, age: '5 min ago', counts: counts(1, 3)},
	...more,
});
const here = {owner: {host: 'this', isHere: true}};
const jobs: readonly JobRow[] = [
	job('review-11111111', 'running', {...here, age: '5 min'}),
	job('chapters-22222222', 'interrupted', {name: 'Kapitel 日本語'}),
	job('letters-33333333', 'failed', {counts: counts(1, 9, 2)}),
	job('hello-44444444', 'completed', {counts: counts(3, 3)}),
	job('gone-55555555', 'missing', {counts: undefined}),
];

/** The list over jobs that the test changes; it stays when it is told to end, with its question open. */
class Shelf {
	rows: readonly JobRow[] | undefined;
	readonly ends: (Opening | undefined)[] = [];
	readonly #listeners = new Set<() => void>();
	readonly #app: ReturnType<typeof render>;

	constructor(rows: readonly JobRow[] | undefined, {columns, rows: height}: Size) {
		this.rows = rows;
		const board: JobBoard = {
			rows: () => this.rows,
			subscribe: listener => {
				this.#listeners.add(listener);
				return () => void this.#listeners.delete(listener);
			},
		};
		this.#app = render(<Picker board={board} onEnd={opening => void this.ends.push(opening)} />);
		Object.defineProperties(this.#app.stdout, {
			columns: {value: columns, configurable: true},
			rows: {value: height, configurable: true},
		});
		this.#app.stdout.emit('resize');
	}

	async frame(): Promise<string> {
		for (let round = 0; round < 3; round++) await new Promise(resolve => setImmediate(resolve));
		return plain(this.#app.lastFrame() ?? '');
	}

	press(input: string): Promise<string> {
		this.#app.stdin.write(input);
		return this.frame();
	}

	change(rows: readonly JobRow[]): Promise<string> {
		this.rows = rows;
		for (const listener of this.#listeners) listener();
		return this.frame();
	}

	close(): void {
		this.#app.unmount();
		this.#app.cleanup();
	}
}

async function onShelf(
	rows: readonly JobRow[] | undefined,
	story: (shelf: Shelf) => Promise<void>,
	size: Size = {columns: 80, rows: 24},
): Promise<void> {
	const shelf = new Shelf(rows, size);
	try {
		await shelf.frame();
		await story(shelf);
	} finally {
		shelf.close();
	}
}

describe('the list of jobs', () => {
	test('shows each with its state, how far it is, how long ago, and where', () =>
		onShelf(
			jobs,
			async shelf => {
				const frame = await shelf.frame();
				assert.match(
					frame,
					/^mozart · 5 jobs · 1 live\n ›▶ review-11111111 +review-11111111 +running +1\/3 +5 min +\/home/,
				);
				assert.match(frame, /\n {2}! chapters-22222222 {2}Kapitel 日本語 +interrupted {2}1\/3 /);
				assert.match(
					frame,
					/\n {2}✗ letters-33333333 .* failed +1\/9 2 failed {2}5 min ago {2}\/home\/ada\/projects\/letters/,
				);
				assert.match(frame, /\n↵ attach · j k move · n a new job · q quit$/);
			},
			{columns: 140, rows: 24},
		));

	test('opens what can be opened, asks before paid work goes on, and says why else', () =>
		onShelf(jobs, async shelf => {
			await shelf.press(keys.enter);
			assert.match(
				await shelf.press(`j${keys.enter}`),
				/\n2 batches are left\. Go on\? It may cost\. y yes · l look only · any/,
			);
			await shelf.press('n');
			await shelf.press(`${keys.enter}y`);
			await shelf.press('n');
			await shelf.press(`${keys.enter}l`);
			await shelf.press('n');
			assert.match(await shelf.press(`j${keys.enter}`), /\n2 batches have failed\. Run what failed and what is left\?/);
			await shelf.press('y');
			await shelf.press('n');
			await shelf.press(`jj${keys.enter}`);
			assert.match(await shelf.frame(), /\nits state is gone/);
			await shelf.press(`k${keys.enter}`);
			await shelf.press('q');
			assert.deepEqual(shelf.ends, [
				{how: 'attach', id: 'review-11111111'},
				{how: 'resume', id: 'chapters-22222222'},
				{how: 'look', id: 'chapters-22222222'},
				{how: 'run', id: 'letters-33333333'},
				{how: 'look', id: 'hello-44444444'},
				undefined,
			]);
		}));

	test('the selection stays with its job while the list moves, and goes to the first when that is gone', () =>
		onShelf(jobs, async shelf => {
			assert.match(await shelf.press('jj'), /\n ›✗ letters/);
			assert.match(await shelf.change(jobs.toReversed()), /\n ›✗ letters/);
			assert.match(await shelf.change(jobs.slice(3)), /^mozart · 2 jobs\n ›✓ hello/);
		}));

	test('what stopped with work left is not taken for a run that only pauses', () =>
		onShelf([job('one', 'paused'), job('two', 'paused', here)], async shelf => {
			assert.match(await shelf.frame(), /one {2}stopped[\s\S]*two {2}paused/);
		}));

	test('without jobs, or before the first look, there is no riddle', async () => {
		await onShelf([], async shelf => {
			assert.match(
				await shelf.frame(),
				/^mozart · 0 jobs\nNo jobs yet\.[\s\S]*mozart init[\s\S]*\nn a new job · q quit$/,
			);
			assert.match(await shelf.press(keys.enter), /mozart init writes a job file to begin with/);
		});
		await onShelf(undefined, async shelf => {
			assert.equal((await shelf.frame()).trim(), '');
			await shelf.press('q');
			assert.deepEqual(shelf.ends, [undefined]);
		});
	});

	const many = Array.from({length: 300}, (_, index) =>
		job(`job-${index}`, 'completed', {folder: `/very/${'long/'.repeat(40)}${index}`, name: `名前 ${index}\x1b[2J\n`}),
	);
	for (const size of [
		{columns: 200, rows: 50},
		{columns: 80, rows: 24},
		{columns: 40, rows: 12},
		{columns: 10, rows: 3},
		{columns: 2, rows: 1},
	]) {
		test(`at ${size.columns}×${size.rows} it fills the window and nothing sticks out`, () =>
			onShelf(
				many,
				async shelf => {
					for (const input of ['', 'G', 'k', keys.halfUp, 'g', keys.halfDown, '?', 'n']) {
						const rows = (input === '' ? await shelf.frame() : await shelf.press(input)).split('\n');
						assert.equal(rows.length, size.rows);
						for (const row of rows) assert.ok(stringWidth(row) <= Math.max(2, size.columns), row);
						if (size.columns >= 40 && input !== '?' && input !== 'n') assert.match(rows.join('\n'), /^ ›✓/m);
					}
				},
				size,
			));
	}
});

test('one that runs on another host says where, and an age is rough', () => {
	const far = job('far', 'running', {owner: {host: 'ada', isHere: false}});
	assert.deepEqual(onEnter(far), {say: 'it runs on ada, and can be attached to only there'});
	assert.deepEqual([0, 59_000, 60_000, 3_599_000, 47 * 3_600_000, 50 * 3_600_000].map(ageWords), [
		...['now', 'now', '1 min', '59 min', '47 h', '2 d'],
	]);
});
