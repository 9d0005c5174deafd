import assert from 'node:assert/strict';
import {existsSync, readdirSync, readFileSync, rmSync, writeFileSync} from 'node:fs';
import {join} from 'node:path';
import {type TestContext, test} from 'node:test';
import {openJournal} from '../../source/store/journal.js';
import {repairJournal} from '../../source/store/repair-journal.js';
import {facts, factSchema as schema} from './facts.js';
import {failureOf, ok, scratch} from './scratch.js';

const header = '{"format":1,"kind":"mozart-journal"}\n';
const row = facts(1, 6).map(one => `${JSON.stringify(one)}\n`);
const checkpointAt = (seq: number) => JSON.stringify({format: 1, seq, offset: 1, state: {}});

const repair = (t: TestContext, text: string) => {
	const folder = scratch(t);
	const [file, checkpoint] = [join(folder, 'journal.jsonl'), join(folder, 'checkpoint.json')];
	writeFileSync(file, text);
	return {folder, file, checkpoint, run: async () => repairJournal(file, {schema, checkpoint})};
};

test('a repair keeps everything before the damage, keeps the damaged file, and tells what it drops', async t => {
	const damaged = `${header + row[0] + row[1]}rubbish\n${row[3]}${row[4]!.slice(0, 20)}`;
	const {folder, file, checkpoint, run} = repair(t, damaged);
	writeFileSync(checkpoint, checkpointAt(4));
	writeFileSync(`${checkpoint}.bak`, checkpointAt(1));
	const done = ok(await run());
	assert.equal(done.kept, 2);
	const problem = `it is not JSON (Unexpected token 'r', "rubbish" is not valid JSON)`;
	assert.deepEqual(done.dropped, {fromLine: 4, lines: 3, bytes: 8 + row[3]!.length + 20, problem});
	assert.match(
		done.message,
		/^Facts 1 to 2 are kept; dropped: 3 lines \(\d+ bytes\) from line 4 on \(it is not JSON .*kept as .*journal\.damaged-1\.jsonl/,
	);
	assert.equal(readFileSync(file, 'utf8'), header + row[0] + row[1]);
	assert.equal(readFileSync(join(folder, 'journal.damaged-1.jsonl'), 'utf8'), damaged);
	assert.deepEqual(
		done.keptAs.map(path => path.slice(folder.length + 1)),
		['journal.damaged-1.jsonl', 'checkpoint.damaged-1.json', 'checkpoint.json.damaged-1.bak'],
	);
	const {journal, events} = ok(await openJournal(file, {schema}));
	assert.equal(events.length, 2);
	await journal.append(facts(3, 3));
	await journal.close();
});

test('a second repair overwrites nothing of the first', async t => {
	const {folder, file, run} = repair(t, `${header}one\n`);
	ok(await run());
	writeFileSync(file, `${header}two\n`);
	ok(await run());
	assert.deepEqual(readdirSync(folder).sort(), ['journal.damaged-1.jsonl', 'journal.damaged-2.jsonl', 'journal.jsonl']);
	assert.equal(readFileSync(join(folder, 'journal.damaged-1.jsonl'), 'utf8'), `${header}one\n`);
});

test('a lost first line costs no facts', async t => {
	for (const first of ['', '{"form\n', '\0\0\0\n']) {
		const {file, run} = repair(t, first + row.join(''));
		const done = ok(await run());
		assert.equal(done.kept, 6, JSON.stringify(first));
		assert.equal(readFileSync(file, 'utf8'), header + row.join(''));
	}
});

test('a whole journal, or one with only a torn end, needs no repair', async t => {
	for (const torn of ['', row[2]!.slice(0, 9)]) {
		const {file, run} = repair(t, header + row[0] + row[1] + torn);
		const done = ok(await run());
		assert.equal(done.dropped, undefined);
		assert.match(done.message, /^Nothing to repair: .* holds 2 facts/);
		assert.equal(readFileSync(file, 'utf8'), header + row[0] + row[1] + torn);
	}
});

test('a checkpoint that knows more than a whole journal goes aside', async t => {
	const {checkpoint, run} = repair(t, header + row[0]);
	writeFileSync(checkpoint, checkpointAt(5));
	const done = ok(await run());
	assert.match(done.message, /goes back to fact 1, and the checkpoint is kept as .*checkpoint\.damaged-1\.json/);
	assert.equal(existsSync(checkpoint), false);
});

test('a newer or missing journal is left alone', async t => {
	const {file, run} = repair(t, '{"format":7,"kind":"mozart-journal"}\n');
	assert.equal(failureOf(await run()).kind, 'journal-newer');
	rmSync(file);
	assert.equal(failureOf(await run()).kind, 'journal-missing');
});
