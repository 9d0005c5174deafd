import assert from 'node:assert/strict';
import {
	appendFileSync,
	existsSync,
	mkdirSync,
	readdirSync,
	readFileSync,
	renameSync,
	rmSync,
	statSync,
	truncateSync,
	writeFileSync,
} from 'node:fs';
import {join} from 'node:path';
import {test} from 'node:test';
import fc from 'fast-check';
import {openJournal} from '../../source/store/journal.js';
import {readJournal} from '../../source/store/read-journal.js';
import {fact, factSchema, facts} from './facts.js';
import {failureOf, fill, ok, readOnlyFolder, scratch, smallDisk, storeError} from './scratch.js';

const schema = factSchema;
const header = '{"format":1,"kind":"mozart-journal"}\n';
const lines = (from: number, to: number) =>
	facts(from, to)
		.map(one => `${JSON.stringify(one)}\n`)
		.join('');

const opened = async (file: string, options: object = {}) => ok(await openJournal(file, {schema, ...options}));

test('a journal gives back the facts that were appended, with private files', async t => {
	const file = join(scratch(t), 'state', 'journal.jsonl');
	const {journal, events} = await opened(file);
	assert.deepEqual(events, []);
	await journal.append(facts(1, 3));
	await journal.append([]);
	await Promise.all([journal.append([fact(4)]), journal.append(facts(5, 6))]);
	assert.equal(journal.seq, 6);
	assert.equal(journal.offset, statSync(file).size);
	await journal.close();
	assert.equal(readFileSync(file, 'utf8'), header + lines(1, 6));
	assert.equal(statSync(file).mode & 0o777, 0o600);
	assert.equal(statSync(join(file, '..')).mode & 0o777, 0o700);
	const again = await opened(file);
	assert.deepEqual(again.events, facts(1, 6));
	assert.equal(again.torn, undefined);
	await again.journal.close();
	await assert.rejects(again.journal.append([fact(7)]), /closed journal/);
});

test('facts whose numbers do not follow, or that could not be read again, are a bug and write nothing', async t => {
	const file = join(scratch(t), 'journal.jsonl');
	const {journal} = await opened(file);
	await assert.rejects(journal.append([fact(2)]), /fact 2 cannot follow fact 0/);
	await assert.rejects(journal.append([fact(1), fact(3)]), /fact 3 cannot follow fact 1/);
	await assert.rejects(journal.append([fact(1), {...fact(2), at: Number.NaN}]), /expected number/);
	await journal.append([fact(1)]);
	await journal.close();
	assert.equal(readFileSync(file, 'utf8'), header + lines(1, 1));
});

test('a journal cut at any byte of its last facts loses only the fact that was cut, says so, and goes on', async t => {
	const folder = scratch(t);
	const file = join(folder, 'journal.jsonl');
	const texts = fc.array(fc.string({unit: 'binary', maxLength: 12}), {minLength: 3, maxLength: 5});
	await fc.assert(
		fc.asyncProperty(texts, async words => {
			const rows = words.map((word, i) => Buffer.from(`${JSON.stringify(fact(i + 1, word))}\n`));
			const whole = Buffer.concat([Buffer.from(header), ...rows]);
			const ends = rows.map((_, i) => Buffer.concat([Buffer.from(header), ...rows.slice(0, i + 1)]).length);
			for (let cut = ends.at(-3)!; cut < whole.length; cut++) {
				writeFileSync(file, whole.subarray(0, cut));
				const kept = ends.filter(end => end <= cut).length;
				const shown = ok(await readJournal(file, {schema}));
				assert.equal(shown.events.length, kept);
				assert.equal(statSync(file).size, cut, 'a reader changes nothing');
				const {journal, events, torn} = await opened(file, {
					from: {seq: kept - 1 || 1, offset: ends[kept - 2] ?? ends[0]},
				});
				assert.equal(torn?.bytes ?? 0, cut - ends[kept - 1]!);
				assert.equal(events.at(-1)?.seq ?? 1, kept);
				assert.equal(statSync(file).size, ends[kept - 1]);
				await journal.append([fact(kept + 1, words[kept])]);
				await journal.close();
				assert.equal(readFileSync(file, 'utf8'), whole.subarray(0, ends[kept]).toString());
			}
		}),
		{numRuns: 2},
	);
});

test('a journal is read from a checkpoint on, when the fact before that place is the right one', async t => {
	const file = join(scratch(t), 'journal.jsonl');
	const long = 'x'.repeat(100_000);
	const all = [...facts(1, 3), fact(4, long), ...facts(5, 6)];
	writeFileSync(file, header + all.map(one => `${JSON.stringify(one)}\n`).join(''));
	let offset = header.length;
	for (const [i, one] of all.entries()) {
		offset += JSON.stringify(one).length + 1;
		const read = ok(await readJournal(file, {schema, from: {seq: i + 1, offset}}));
		assert.deepEqual(read.events, all.slice(i + 1));
		assert.equal(read.whole, false);
		for (const wrong of [
			{seq: i + 1, offset: offset - 1},
			{seq: i || 2, offset},
			{seq: i + 1, offset: offset + 1},
		]) {
			const whole = ok(await readJournal(file, {schema, from: wrong}));
			assert.deepEqual([whole.whole, whole.events.length], [true, 6], JSON.stringify(wrong));
		}
	}
	assert.equal(ok(await readJournal(file, {schema, from: {seq: 0, offset: 0}})).events.length, 6);
});

test('a journal that ends before its checkpoint is refused', async t => {
	const file = join(scratch(t), 'job-1', 'journal.jsonl');
	const {journal} = await opened(file);
	await journal.append(facts(1, 9));
	await journal.close();
	const from = {seq: 9, offset: journal.offset};
	truncateSync(file, (header + lines(1, 7)).length);
	const failure = failureOf(await openJournal(file, {schema, from}));
	assert.equal(failure.kind, 'journal-behind');
	assert.match(failure.message, /ends at fact 7, .* at fact 9: .*mozart recover job-1 --repair/);
	rmSync(file);
	assert.equal(failureOf(await openJournal(file, {schema, from})).kind, 'journal-missing');
	assert.equal(failureOf(await openJournal(file, {schema, mustExist: true})).kind, 'journal-missing');
	assert.equal(existsSync(file), false);
});

const good = lines(1, 4).split(/(?<=\n)/);
const damages: [string, string, number, RegExp][] = [
	['an unreadable line in the middle', `${header + good[0]}{"seq":2,"a\n${good[2]}`, 3, /not JSON/],
	['an unreadable last line with its newline', `${header + good[0]}{"seq":2\n`, 3, /not JSON/],
	['an empty line', `${header + good[0]}\n${good[1]}`, 3, /not JSON/],
	['a missing fact', header + good[0] + good[2], 3, /fact 3, where fact 2 must stand/],
	['a fact written twice', header + good[0] + good[1] + good[1], 4, /fact 2, where fact 3 must stand/],
	['facts in the wrong order', header + good[1] + good[0], 2, /fact 2, where fact 1 must stand/],
	['a fact of unknown type', header + good[0]!.replace('started', 'burnt'), 2, /not a fact this Mozart knows \(type: /],
	['a lost block in the middle', header + good[0] + '\0'.repeat(512) + good[1]!.slice(9), 3, /512 NUL bytes/],
	['a lost block at the end', header + good[0] + '\0'.repeat(512), 3, /512 NUL bytes/],
	['an empty file', '', 1, /the file is empty/],
	['half a first line', header.slice(0, 9), 1, /first line, .* cut off/],
	['a lost first line', lines(1, 3), 1, /does not tell the format/],
	['another kind of file', header.replace('journal', 'diary') + good[0], 1, /does not tell the format/],
];
for (const [name, text, line, problem] of damages) {
	test(`${name} is refused with file, line and the command that repairs it`, async t => {
		const file = join(scratch(t), 'hello-1a2b', 'journal.jsonl');
		mkdirSync(join(file, '..'));
		writeFileSync(file, text);
		for (const failure of [
			failureOf(await openJournal(file, {schema})),
			failureOf(await readJournal(file, {schema})),
		]) {
			assert.ok(failure.kind === 'journal-damaged');
			assert.equal(failure.line, line);
			assert.match(failure.problem, problem);
			assert.ok(failure.message.includes(`${file}:${line}: `), failure.message);
			assert.match(failure.message, /mozart recover hello-1a2b --repair$/);
		}
		assert.equal(readFileSync(file, 'utf8'), text, 'nothing was changed');
	});
}

test('bytes that are not UTF-8 are damage, but a character cut by a crash is only a torn line', async t => {
	const file = join(scratch(t), 'journal.jsonl');
	const row = Buffer.from(`${JSON.stringify(fact(1, 'é'))}\n`);
	const at = row.indexOf(0xc3);
	writeFileSync(file, Buffer.concat([Buffer.from(header), row.subarray(0, at + 1)]));
	assert.equal(ok(await readJournal(file, {schema})).torn?.bytes, at + 1);
	row[at + 1] = 0x41;
	writeFileSync(file, Buffer.concat([Buffer.from(header), row]));
	const failure = failureOf(await readJournal(file, {schema}));
	assert.match(failure.message, /:2: it is not UTF-8 text/);
});

test('a journal of a newer format is refused by name', async t => {
	const file = join(scratch(t), 'journal.jsonl');
	writeFileSync(file, `{"format":2,"kind":"mozart-journal","codec":"zstd"}\n(binary)`);
	const failure = failureOf(await openJournal(file, {schema}));
	assert.equal(failure.kind, 'journal-newer');
	assert.match(failure.message, /newer Mozart \(journal format 2, this one knows 1\): update Mozart/);
});

test('a deleted, moved or replaced journal is noticed at the next append, and no more is taken', async t => {
	const ways: ((file: string) => void)[] = [
		file => rmSync(file),
		file => rmSync(join(file, '..'), {recursive: true}),
		file => renameSync(join(file, '..'), join(file, '..', '..', 'elsewhere')),
		file => {
			rmSync(file);
			writeFileSync(file, header + lines(1, 2));
		},
	];
	for (const way of ways) {
		const file = join(scratch(t), 'state', 'journal.jsonl');
		const {journal} = await opened(file);
		await journal.append([fact(1)]);
		way(file);
		await assert.rejects(journal.append([fact(2)]), storeError('journal-vanished', /deleted or moved .*git clean/));
		await assert.rejects(journal.append([fact(3)]), storeError('journal-vanished', /deleted or moved/));
		assert.equal(journal.seq, 1);
		await journal.close();
	}
});

test('a journal that something else writes into is noticed', async t => {
	const file = join(scratch(t), 'journal.jsonl');
	const {journal} = await opened(file);
	await journal.append([fact(1)]);
	appendFileSync(file, 'hello');
	await assert.rejects(journal.append([fact(2)]), storeError('journal-altered', /Something else changed/));
	await journal.close();
});

test('a full disk ends the appends with a sentence and leaves a journal that opens again', async t => {
	const disk = smallDisk(t);
	if (!disk) return;
	const file = join(disk, 'journal.jsonl');
	const {journal} = await opened(file);
	const sizes = [900, 7000, 30];
	let seq = 0;
	const failure = await (async () => {
		for (;;) {
			await journal.append([fact(seq + 1, 'x'.repeat(sizes[seq % 3]!)), fact(seq + 2)]);
			seq += 2;
		}
	})().catch(error => error);
	assert.ok(
		storeError('disk', /No space is left .*journal\.jsonl: free some, then run the same command again/)(failure),
	);
	assert.ok(seq > 6);
	await assert.rejects(journal.append([fact(seq + 3)]), storeError('disk', /No space is left/));
	await journal.close();
	assert.equal(statSync(file).size, journal.offset, 'the partial row was cut back');
	const again = await opened(file);
	assert.deepEqual([again.events.length, again.torn], [seq, undefined]);
	await again.journal.close();
});

test('a journal cannot be created on a full disk, below a file or in a read-only folder, and each says why', async t => {
	const folder = scratch(t);
	writeFileSync(join(folder, 'file'), '');
	const below = failureOf(await openJournal(join(folder, 'file', 'journal.jsonl'), {schema}));
	assert.match(below.message, /A folder is needed at /);
	const readOnly = readOnlyFolder(t);
	if (readOnly) {
		const failure = failureOf(await openJournal(join(readOnly, 'journal.jsonl'), {schema}));
		assert.match(failure.message, /journal\.jsonl( is on a read-only disk|: change its owner)/);
	}
	const disk = smallDisk(t);
	if (!disk) return;
	fill(disk);
	assert.match(failureOf(await openJournal(join(disk, 'journal.jsonl'), {schema})).message, /No space is left/);
	assert.deepEqual(
		readdirSync(disk).filter(name => !name.startsWith('filler')),
		[],
		'nothing half done stays',
	);
});
