import assert from 'node:assert/strict';
import test, {describe} from 'node:test';
import stringWidth from 'string-width';
import {makeJob} from '../support/job.js';
import {keys, onStage, type Size} from './stage.js';

const limit = {kind: 'rate_limit', message: 'The account has reached its limit.'} as const;

describe('what the screen shows', () => {
	test('the header: job, state, progress of every kind, and the time since it started', () =>
		onStage(makeJob({batches: 8, rules: 0, retry: {max_retries: 0}, onFailure: 'continue'}), {}, async stage => {
			stage.world.attempts[0]!.end();
			await stage.settle();
			stage.world.attempts[0]!.end({exitCode: 1, failure: {kind: 'transient', message: 'exit code 1'}});
			await stage.settle();
			await stage.press('Gs');
			const [first, second] = (await stage.pass(65_000)).split('\n');
			assert.match(first!, /^test running +█+▓+▒+░+ 1\/8 · 1 failed · 1 skipped · 1:05$/);
			assert.equal(second, '1 running · 1 at once');
		}));

	test('the header: the bar has no empty cell when nothing is left', () =>
		onStage(makeJob({batches: 6, rules: 0, retry: {max_retries: 0}, onFailure: 'continue'}), {}, async stage => {
			await stage.press('Gs');
			for (let batch = 1; batch <= 5; batch++) {
				stage.world.attempts[0]!.end(batch === 2 ? {exitCode: 1, failure: {kind: 'transient', message: 'x'}} : {});
				await stage.settle();
			}
			assert.match(await stage.frame(), /^test failed +█+▓+▒+ 4\/6 · 1 failed · 1 skipped · 0:00\n/);
		}));

	test('the header: how long the rest will take, as a range, as soon as two batches tell', () =>
		onStage(makeJob({batches: 20, rules: 0}), {}, async stage => {
			for (const durationMs of [60_000, 100_000, 120_000]) {
				assert.doesNotMatch(await stage.frame(), /min left/);
				stage.world.attempts[0]!.end({durationMs});
				await stage.settle();
				if (durationMs === 60_000) continue;
				assert.match(await stage.frame(), durationMs === 100_000 ? /· 18–30 min left\n/ : /· 17–34 min left\n/);
				stage.world.attempts[0]!.end({durationMs: 1});
				break;
			}
		}));

	test('what two running batches print, each in its pane', () =>
		onStage(makeJob({batches: 4, rules: 0, concurrency: 2}), {}, async stage => {
			stage.say(1, 'from the first\n');
			stage.say(2, 'from the second\n');
			const frame = await stage.frame();
			assert.match(frame, /┬─ ▶ batch 1 · #1 ─+ running 0:00 \S\n.*│ from the first\n/);
			assert.match(frame, /├─ ▶ batch 2 · #1 ─+ running 0:00 \S\n.*│ from the second\n/);
		}));

	test('attempt, completions and retries of a batch, and how long it still waits', () =>
		onStage(makeJob({batches: 1, rules: 4, retry: {completion_delay_seconds: 5}}), {}, async stage => {
			const endWith = async (passed: number) => {
				stage.world.attempts[0]!.end();
				await stage.settle();
				assert.match(await stage.frame(), / #\d.* checking its rules ─\n.*▶ 1 .* rules │/s);
				stage.world.checks[0]!.answer(passed);
				await stage.settle();
			};
			await endWith(3);
			assert.match(await stage.frame(), / #1 C 1\/3 ─+ completion in 0:05 ─\n.*◔ 1 {2}#1 C 1\/3 +in 0:05/s);
			assert.match(await stage.pass(2000), /in 0:03/);
			assert.match(await stage.frame(), /✓ file_exists: rule-0\n.*✗ file_exists: rule-3\n.*rule-3 does not exist/s);
			assert.match(await stage.pass(3000), /▶ 1 {2}#2 C 1\/3 +0:00/);
			await endWith(1);
			assert.match(await stage.frame(), /full retry in 0:10.*◔ 1 {2}#2 C 1\/3 R 1\/3 +in 0:10/s);
		}));

	test('a limit of the account counts down to its reset', () =>
		onStage(makeJob({batches: 2, rules: 0}), {columns: 100}, async stage => {
			stage.world.attempts[0]!.end({exitCode: 1, failure: {...limit, until: stage.world.time + 3_700_000}});
			const [, second] = (await stage.frame()).split('\n');
			assert.match(
				second!,
				/^waits until \d\d:\d\d:\d\d, 1 h 0\d left: The account has reached its limit\. · 1 at once · 1 waiting$/,
			);
			assert.match(await stage.pass(60_000), /, 1 h 0\d left.*W 1\/24/s);
		}));

	test('a batch whose time has come while the run is paused is due', () =>
		onStage(makeJob({batches: 1, rules: 0, retry: {base_delay_seconds: 5}}), {}, async stage => {
			stage.world.attempts[0]!.end({exitCode: 1, failure: {kind: 'transient', message: 'exit code 1'}});
			await stage.settle();
			await stage.press('p');
			assert.match(await stage.pass(9000), /full retry is due.*◔ 1 .*is due/s);
		}));

	test('why a batch has failed, below what it printed', () =>
		onStage(makeJob({batches: 1, rules: 0, retry: {max_retries: 0}}), {}, async stage => {
			stage.say(1, 'half of it\n');
			const message = 'exit \x1b[31mcode\x1b[0m 1:\nsee its log';
			stage.world.attempts[0]!.end({exitCode: 1, failure: {kind: 'transient', message}});
			const frame = await stage.frame();
			assert.match(frame, /│ half of it\n.*│\n.*│ exit code 1: see its log/);
			assert.match(frame, /the run is over · q leave · r retry/);
		}));

	test('output as data: no sequence acts, wide signs count twice, tabs and long lines are laid out', () =>
		onStage(makeJob({batches: 1, rules: 0}), {}, async stage => {
			stage.say(1, '\x1b[2J\x1b]0;title\x07red \x1b[31mtext\x1b[0m\n日本語 🎉\n\tindented\n');
			stage.say(1, `${'long '.repeat(20)}\n${'x'.repeat(100)}\n`);
			const rows = (await stage.frame()).split('\n').map(row => row.slice(35));
			assert.deepEqual(rows.slice(3, 10), [
				'red text',
				'日本語 🎉',
				'    indented',
				'long long long long long long long long long',
				'long long long long long long long long long',
				'long long',
				'x'.repeat(45),
			]);
		}));

	test('a name with control characters, or one that is too long, spoils nothing', () => {
		const name = `日本語\x1b[2J\n${'name '.repeat(30)}`;
		return onStage({...makeJob({batches: 2, rules: 0}), name}, {}, async stage => {
			const [first] = (await stage.frame()).split('\n');
			assert.match(first!, /^日本語 name .*… running +0\/2 · 0:00$/);
			assert.ok(stringWidth(first!) <= 80);
		});
	});
});

describe('windows', () => {
	const job = makeJob({batches: 120, rules: 0, concurrency: 3});
	const sizes: Size[] = [
		{columns: 200, rows: 50},
		{columns: 120, rows: 30},
		{columns: 80, rows: 24},
		{columns: 60, rows: 20},
		{columns: 40, rows: 12},
		{columns: 20, rows: 6},
		{columns: 10, rows: 3},
		{columns: 2, rows: 1},
		{columns: 1, rows: 1},
	];

	/** Scrolled back; a search while it is typed, longer than the window is wide, and what it finds or does not. */
	const reading = ['k', 'g', '/', '日本', '\r', 'n', '/', '本語 '.repeat(40), '\x1b[D', '\r', 'f'];
	const filtering = ['/', '1-3', '\r', 'n', '/', 'x'.repeat(99), '\r'];

	for (const size of sizes) {
		test(`at ${size.columns}×${size.rows} every screen fills the window and nothing sticks out`, () =>
			onStage(job, size, async stage => {
				stage.say(1, `${'日本語 🎉 '.repeat(50)}\nline\n\ttab\n`);
				stage.say(2, `${'x'.repeat(500)}\n`);
				for (const input of [
					'',
					'q',
					'n',
					'?',
					'G',
					'?',
					keys.enter,
					'x',
					'n',
					...reading,
					keys.enter,
					...filtering,
					':',
					're',
					keys.tab,
					keys.enter,
					keys.tab,
					'G',
					'w',
				]) {
					const rows = (input === '' ? await stage.frame() : await stage.press(input)).split('\n');
					assert.equal(rows.length, size.rows, `after ${JSON.stringify(input)}`);
					for (const row of rows) assert.ok(stringWidth(row) <= Math.max(2, size.columns), row);
				}
			}));
	}

	test('the window may change at any time', () =>
		onStage(job, {columns: 200, rows: 50}, async stage => {
			for (const size of [...sizes, ...sizes.toReversed()]) {
				stage.resize(size);
				assert.equal((await stage.frame()).split('\n').length, size.rows);
			}
		}));

	test('the keys of the moment are shown as whole words, quit and help among them', () =>
		onStage(job, {columns: 40, rows: 12}, async stage => {
			assert.match(await stage.frame(), /\nq quit · p pause · r retry · \? help$/);
		}));
});

test('a frame over 10,000 batches costs about as much as one over 10', async () => {
	const costOf = async (batches: number) => {
		const costs: number[] = [];
		await onStage(makeJob({batches, rules: 0, concurrency: 2}), {columns: 120, rows: 40}, async stage => {
			for (let count = 0; count < 30; count++) {
				const before = process.cpuUsage();
				await stage.press(count % 2 === 0 ? 'G' : 'g');
				const {user, system} = process.cpuUsage(before);
				costs.push(user + system);
			}
		});
		return costs.sort((a, b) => a - b)[10]!;
	};
	const [few, many] = [await costOf(60), await costOf(10_000)];
	assert.ok(many < few * 3, `${few} µs with 60 batches, ${many} µs with 10,000`);
});
