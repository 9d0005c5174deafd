import assert from 'node:assert/strict';
import test, {describe} from 'node:test';
import type {LogReader} from '../../source/store/kept-attempt.js';
import type {Evidence} from '../../source/ui/tabs/evidence.js';
import {makeJob} from '../support/job.js';
import {keys, onStage, type Stage} from './stage.js';

const job = makeJob({batches: 3, rules: 0});
const title = (frame: string) => frame.split('\n')[0] ?? '';
const texts = (frame: string) => frame.split('\n').slice(1);

function print(stage: Stage, from: number, to: number, batch = 1): void {
	for (let line = from; line <= to; line++) stage.say(batch, `line ${line}\n`);
}

/** Looked up things: a text that the test gives for each batch, and makes longer as it likes. */
function shelf(logs: Record<number, string> = {}, more: Partial<Evidence> = {}) {
	const asked: number[] = [];
	const evidence: Evidence = {
		attempts: async () => [],
		prompt: async () => undefined,
		events: async () => [],
		output(_run, {number}): LogReader {
			asked.push(number);
			let read = 0;
			return {
				async more() {
					const text = (logs[number] ?? '').slice(read);
					read += text.length;
					return {text, leftOut: read === text.length && number === 3 ? 3_400_000 : 0};
				},
			};
		},
		...more,
	};
	return {evidence, asked, logs};
}

describe('a zoomed output', () => {
	test('follows, is scrolled back by rows, by half a window and to both ends, and says where one is', () =>
		onStage(job, {rows: 11}, async stage => {
			print(stage, 1, 40);
			assert.match(title(await stage.press(keys.enter)), /^─ ▶ batch 1 · #1 ─+ running 0:00 \S$/);
			assert.deepEqual(texts(await stage.frame())[9], 'line 40');
			assert.match(title(await stage.press('k')), /batch 1 · lines 30-39 of 40 · f follow · #1 ─+ running/);
			assert.equal(texts(await stage.press(keys.up))[0], 'line 29');
			assert.equal(texts(await stage.press(keys.halfUp))[0], 'line 24');
			assert.equal(texts(await stage.press(keys.pageDown))[0], 'line 29');
			assert.equal(texts(await stage.press('j'))[0], 'line 30');
			assert.match(title(await stage.press('g')), /lines 1-10 of 40/);
			assert.equal(texts(await stage.press('k'))[0], 'line 1');
			assert.match(title(await stage.press('G')), /batch 1 · #1 ─+ running/);
			await stage.press('g');
			assert.match(title(await stage.press('f')), /batch 1 · #1 ─+ running/);
			await stage.press('kj');
			assert.match(title(await stage.frame()), /batch 1 · #1 ─+ running/, 'at the very end it follows');
		}));

	test('stands still under who reads, whatever comes in, and goes on from there', () =>
		onStage(job, {rows: 11}, async stage => {
			assert.match(
				title(await stage.press(`${keys.enter}kg`)),
				/batch 1 · #1 ─+ running/,
				'there is nothing to read yet',
			);
			print(stage, 1, 40);
			await stage.frame();
			const before = texts(await stage.press('kk'));
			print(stage, 41, 3000);
			const after = await stage.frame();
			assert.deepEqual(texts(after), before);
			assert.match(title(after), /lines 29-38 of 3000/);
			assert.equal(texts(await stage.press('jj'))[9], 'line 40');
			assert.equal(texts(await stage.press('j'))[0], 'line 2001', 'what came between is no longer at hand');
			await stage.press('f');
			assert.equal(texts(await stage.frame())[9], 'line 3000');
			const top = await stage.press('g');
			assert.equal(texts(top)[0], '… 2000 lines before this are in the log file');
			assert.equal(texts(top)[1], 'line 2001');
			assert.match(title(top), /lines 2000-2009 of 3000/);
		}));

	test('what came in meanwhile is read on from where one is', () =>
		onStage(job, {rows: 11}, async stage => {
			print(stage, 1, 20);
			await stage.frame();
			await stage.press(`${keys.enter}k`);
			print(stage, 21, 60);
			await stage.frame();
			assert.equal(texts(await stage.press('j'))[9], 'line 20');
			assert.equal(texts(await stage.press('j'))[9], 'line 21');
			assert.match(title(await stage.press('j')), /lines 13-22 of 60/);
		}));

	test('who reads is not led to the next batch; who follows is', () =>
		onStage(job, {rows: 11}, async stage => {
			print(stage, 1, 40);
			await stage.frame();
			await stage.press(`${keys.enter}k`);
			stage.world.attempts[0]!.end();
			await stage.settle();
			assert.match(title(await stage.frame()), /batch 1 · lines 30-39/);
			assert.match(title(await stage.press('f')), /batch 2/);
		}));

	test('long lines are read row by row', () =>
		onStage(job, {columns: 44, rows: 4}, async stage => {
			stage.say(1, `${Array.from({length: 60}, (_, index) => `w${index}`).join(' ')}\nend\n`);
			await stage.frame();
			await stage.press(keys.enter);
			assert.match(title(await stage.press('k')), /lines 1-1 of 2 · f follow/);
			assert.match(texts(await stage.frame())[0]!, /^w35 /);
			assert.match(texts(await stage.press('g'))[0]!, /^w0 /);
			assert.match(texts(await stage.press('j'))[0]!, /^w13 /);
		}));

	test('fills the window without borders, scrolled back too', () =>
		onStage(job, {rows: 11}, async stage => {
			print(stage, 1, 40);
			await stage.press(keys.enter);
			const frame = await stage.press('g');
			assert.deepEqual(
				texts(frame),
				Array.from({length: 10}, (_, index) => `line ${index + 1}`),
			);
		}));
});

describe('output that has not come by', () => {
	test('is read from the log: of a batch that was done before, and the end of a long one', () => {
		const {evidence, asked} = shelf({1: 'from the log\n', 3: 'its end\n'});
		return onStage(job, {evidence, rows: 12}, async stage => {
			stage.say(1, 'live\n');
			stage.world.attempts[0]!.end();
			await stage.settle();
			assert.match(await stage.press('g'), /│ live/);
			assert.deepEqual(asked, [], 'what has come by whole is at hand');
			stage.world.attempts[0]!.end();
			await stage.settle();
			assert.match(await stage.press('j'), /batch 2 · #1 ─+ completed[^\n]*\n[^\n]*│ exit code 0/);
			stage.world.attempts[0]!.end();
			await stage.settle();
			await stage.press('G');
			assert.match(await stage.frame(), /│ its end/);
			assert.match(await stage.press(keys.enter), /\n… 3\.4 MB before this are in the log file\nits end\n/);
			assert.deepEqual(asked, [2, 3]);
		});
	});
});

describe('search in a zoomed text', () => {
	const withOutput = (story: (stage: Stage) => Promise<void>) =>
		onStage(job, {rows: 11}, async stage => {
			print(stage, 1, 60);
			stage.say(1, 'Needle\n');
			print(stage, 62, 100);
			await stage.press(keys.enter);
			await story(stage);
		});

	test('finds while one types, goes on by n and back by N, begins again at the ends, and ends by esc', () =>
		withOutput(async stage => {
			assert.match(await stage.press('/'), /\n\/\s*$/);
			assert.match(
				await stage.press('nee'),
				/batch 1 · lines 58-66 of 100 · f follow · \/nee 1 of 1[\s\S]*\nNeedle\n[\s\S]*\n\/nee\s*$/,
			);
			assert.doesNotMatch(await stage.press(keys.enter), /\n\/nee/);
			assert.match(await stage.press('n'), /\nsearch began again at the top$/);
			assert.match(await stage.press('N'), /\nsearch began again at the bottom$/);
			assert.match(await stage.press('/line 9\r'), /\/line 9 2 of 11[\s\S]*\nline 90\n/);
			assert.match(await stage.press('n'), /\/line 9 3 of 11[\s\S]*\nline 91\n/);
			assert.match(await stage.press('NNN'), /\/line 9 11 of 11[\s\S]*\nline 99\n/);
			const ended = await stage.press(keys.escape);
			assert.match(title(ended), /lines 91-100 of 100 · f follow · #1 ─+ running/);
			assert.match(await stage.press(keys.escape), /^test running/);
		}));

	test('a capital letter counts, and what is not there is said; then all is as before', () =>
		withOutput(async stage => {
			assert.match(await stage.press('/Line'), /\/Line not there/);
			const frame = await stage.press(keys.enter);
			assert.match(frame, /^─ ▶ batch 1 · #1 ─+ running[\s\S]*\nline 100\n“Line” does not stand in what is shown$/);
			assert.match(await stage.press('n'), /nothing is looked for yet/);
		}));

	test('esc while one types, or an empty line, leaves all as it was', () =>
		withOutput(async stage => {
			const before = await stage.frame();
			await stage.press('/nee');
			assert.equal(await stage.press(keys.escape), before);
			await stage.press('/nee\r');
			assert.match(await stage.press('/\r'), /lines 58-67 of 100 · f follow · #1 ─+ running/);
		}));

	test('keys edit the line, a pasted text goes into it, and nothing steers meanwhile', () =>
		withOutput(async stage => {
			await stage.press('/qxdle');
			await stage.press('\x1b[D\x1b[D\x1b[D\x7f\x7f');
			await stage.press('\x1b[200~Nee\n\x1b[201~');
			assert.match(await stage.press('\x7f'), /\n\/Needle\s*$/);
			assert.match(await stage.frame(), /\/Needle 1 of 1/);
			assert.equal(stage.interrupts + stage.leaves, 0);
		}));

	test('waits for a text that is not there yet, and then says whether it stands in it', () => {
		const prompt = Array.from({length: 50}, (_, index) => `step ${index + 1}`).join('\n');
		const {evidence} = shelf({1: `${'long\n'.repeat(50)}its Needle\n`, 2: ''}, {prompt: async () => prompt});
		return onStage(job, {evidence, rows: 11}, async stage => {
			for (let batch = 1; batch <= 2; batch++) {
				stage.world.attempts[0]!.end();
				await stage.settle();
			}
			assert.match(
				await stage.press('g\r/needle\r'),
				/batch 1 · lines 44-53 of 53 · f follow · \/needle 1 of 1[\s\S]*\nits Needle\n/,
			);
			assert.match(await stage.press('\x1b\x1bg4\r/step 30\r'), /lines 28-37 of 51 · \/step 30 1 of 1 · .*\[prompt\]/);
			assert.match(await stage.press('\x1b\r'), /^test running/);
			assert.match(
				await stage.press('1j\r/nothing\r'),
				/\n“nothing” does not stand in what is shown$/,
				'a log that is empty is not waited for',
			);
		});
	});

	test('what is typed before the text is there is found as soon as it comes', () => {
		let arrive = (_text: string) => {};
		const prompt = () => new Promise<string>(resolve => (arrive = resolve));
		const {evidence} = shelf({}, {prompt});
		return onStage(job, {evidence, rows: 11}, async stage => {
			assert.match(await stage.press('4\r/step 3'), /\n\/step 3$/);
			arrive('step 1\nstep 2\nstep 3');
			assert.match(await stage.frame(), /\/step 3 1 of 1[\s\S]*\n\/step 3$/);
			await stage.press('\r\r3');
			assert.match(await stage.press('4\r/step 3\r'), / · \/step 3 … · /);
			arrive('step 1\nstep 2');
			assert.match(await stage.frame(), /\n“step 3” does not stand in what is shown$/);
		});
	});

	test('works in the other tabs too', () => {
		const prompt = Array.from({length: 50}, (_, index) => `step ${index + 1}`).join('\n');
		const {evidence} = shelf({}, {prompt: async () => prompt});
		return onStage(job, {evidence, rows: 11}, async stage => {
			await stage.press('4');
			assert.match(await stage.frame(), /─ ▶ batch 1 \[prompt\] 4\/5 · lines 1-7 of 51 /);
			await stage.press(keys.enter);
			assert.match(await stage.press('/step 30\r'), /lines 28-37 of 51 · \/step 30 1 of 1/);
			assert.match(await stage.press('G'), /lines 42-51 of 51/);
			assert.match(await stage.press('g'), /lines 1-10 of 51/);
			assert.match(await stage.press('n'), /lines 28-36 of 51[\s\S]*search began again at the top$/);
		});
	});
});

describe('the filter of the list', () => {
	const listed = (frame: string) => [...frame.matchAll(/^[› ]\S *(\d+)/gm)].map(([, number]) => Number(number));
	const many = makeJob({batches: 40, rules: 0});

	test('takes effect while it is typed, is gone through by j k n N, and is ended by esc', () =>
		onStage(many, {rows: 14}, async stage => {
			const typed = await stage.press('/3-5,20');
			assert.deepEqual(listed(typed), [3, 4, 5, 20]);
			assert.match(typed, /─ \/3-5,20 · 4 of 40 · esc all/);
			assert.match(typed, /\n\/3-5,20\s*$/);
			assert.match(await stage.press(keys.enter), /^›· *3/m);
			assert.match(await stage.press('jjj'), /^›· 20/m);
			assert.match(await stage.press('j'), /^›· 20/m);
			assert.match(await stage.press('n'), /^›· *3[\s\S]*the list began again at the top/m);
			assert.match(await stage.press('N'), /^›· 20[\s\S]*the list began again at the bottom/m);
			assert.match(await stage.press('g'), /^›· *3/m);
			assert.match(await stage.press('G'), /^›· 20/m);
			const after = await stage.press(keys.escape);
			assert.match(after, /─ batches \d+–\d+ of 40/);
			assert.match(after, /^›· 20/m);
		}));

	test('sees what changes, and keeps the selected batch in sight', () =>
		onStage(many, {rows: 14}, async stage => {
			assert.match(await stage.press('/run\r'), /1 of 40[\s\S]*^›▶ *1/m);
			stage.world.attempts[0]!.end();
			assert.deepEqual(listed(await stage.frame()), [1, 2]);
			assert.deepEqual(listed(await stage.press('j')), [2]);
		}));

	test('what nothing fits is said, and all is as before', () =>
		onStage(many, {rows: 14}, async stage => {
			await stage.press('jj');
			const before = listed(await stage.frame());
			assert.match(await stage.press('/fail'), /\/fail · 0 of 40/);
			const after = await stage.press(keys.enter);
			assert.match(after, /\nno batch fits “fail”$/);
			assert.deepEqual(listed(after), before);
			assert.match(await stage.press('n'), /no filter is set/);
			await stage.press('/7\r');
			assert.match(await stage.press('/\r'), /─ batches/);
		}));

	test('a key in a list of 10,000 costs about as much with a filter as without', async () => {
		await onStage(makeJob({batches: 10_000, rules: 0}), {columns: 120, rows: 40}, async stage => {
			const costOf = async (...inputs: string[]) => {
				const costs: number[] = [];
				for (let count = 0; count < 24; count++) {
					const before = process.cpuUsage();
					await stage.press(inputs[count % inputs.length]!);
					const {user, system} = process.cpuUsage(before);
					costs.push(user + system);
				}
				return costs.sort((a, b) => a - b)[8]!;
			};
			const plain = await costOf('j', 'G', 'k', 'g');
			await stage.press('/pending\r');
			const filtered = await costOf('j', 'G', 'k', 'g');
			assert.ok(filtered < plain * 3, `${plain} µs without, ${filtered} µs with a filter`);
		});
	});
});
