import assert from 'node:assert/strict';
import {copyFileSync, existsSync, readdirSync, readFileSync, renameSync, writeFileSync} from 'node:fs';
import {join} from 'node:path';
import {DatabaseSync} from 'node:sqlite';
import {type TestContext, test} from 'node:test';
import type {KeptAs} from '../../source/store/kept-as.js';
import {openSaved} from '../../source/store/open-saved.js';
import {readFacts} from '../../source/store/read-facts.js';
import {openStateFolder, type StatePaths} from '../../source/store/state-folder.js';
import {factSchema, facts, schemas} from './facts.js';
import {failureOf, ok, scratch} from './scratch.js';

const openAs = async (paths: StatePaths, kept: KeptAs) => ok(await openSaved(paths, schemas, kept));

/** A job of five facts with a checkpoint at the fifth. */
async function keptIn(t: TestContext, kept: KeptAs): Promise<StatePaths> {
	const {paths} = ok(await openStateFolder(scratch(t), 'job-1'));
	const {journal, checkpoint} = await openAs(paths, kept);
	await journal.append(facts(1, 5));
	await checkpoint.save({seq: 5, offset: journal.offset, state: {count: 5}});
	await journal.close();
	return paths;
}

/** What SQLite keeps beside a database that was only read may stay. */
const filesIn = ({root}: StatePaths) =>
	readdirSync(root).filter(name => !['attempts', 'snapshots'].includes(name) && !/-(wal|shm)$/.test(name));
const seqs = (events: {seq: number}[]) => events.map(({seq}) => seq);

test('state is carried over to the other way of keeping it and back, with every fact, and the old one is kept', async t => {
	const paths = await keptIn(t, 'json');
	const first = await openAs(paths, 'sqlite');
	assert.deepEqual([first.state, seqs(first.events)], [undefined, [1, 2, 3, 4, 5]]);
	const old = join(paths.root, 'journal.before-1.jsonl');
	assert.deepEqual(first.change, {to: 'sqlite', facts: 5, keptAs: old});
	await first.journal.append(facts(6, 7));
	await first.journal.close();
	assert.deepEqual(filesIn(paths).sort(), ['journal.before-1.jsonl', 'state.db']);

	const second = await openAs(paths, 'json');
	assert.deepEqual(seqs(second.events), [1, 2, 3, 4, 5, 6, 7]);
	assert.equal(second.change?.keptAs, join(paths.root, 'state.before-1.db'));
	await second.journal.append(facts(8, 8));
	await second.journal.close();
	assert.deepEqual(filesIn(paths).sort(), ['journal.before-1.jsonl', 'journal.jsonl', 'state.before-1.db']);
	const third = await openAs(paths, 'sqlite');
	assert.deepEqual([third.journal.seq, third.change?.keptAs], [8, join(paths.root, 'journal.before-2.jsonl')]);
	await third.journal.close();
	const again = await openAs(paths, 'sqlite');
	assert.equal(again.change, undefined);
	await again.journal.close();
});

test('a change that a crash has cut off is gone on with, and two states that differ are refused', async t => {
	for (const [from, to] of [
		['json', 'sqlite'],
		['sqlite', 'json'],
	] as const) {
		const paths = await keptIn(t, from);
		const changed = await openAs(paths, to);
		await changed.journal.close();
		// As it is when the new one is there, and the old one not yet moved.
		renameSync(changed.change?.keptAs ?? '', from === 'json' ? paths.journal : paths.stateDb);
		const both = ok(await readFacts(paths, factSchema));
		assert.deepEqual(seqs(both.events), [1, 2, 3, 4, 5]);
		const resumed = await openAs(paths, to);
		assert.deepEqual([resumed.change?.to, resumed.journal.seq], [to, 5]);
		await resumed.journal.append(facts(6, 6));
		await resumed.journal.close();

		copyFileSync(resumed.change?.keptAs ?? '', from === 'json' ? paths.journal : paths.stateDb);
		const before = filesIn(paths);
		const failure = failureOf(await openSaved(paths, schemas, to));
		assert.equal(failure.kind, 'state-twice');
		assert.match(failure.message, /two states .* Nothing was changed\. Move the one away/);
		assert.deepEqual(filesIn(paths), before);
	}
});

test('damaged state is not carried over', async t => {
	const paths = await keptIn(t, 'json');
	const damaged = readFileSync(paths.journal, 'utf8').replace('"seq":2,', '"seq":3,');
	writeFileSync(paths.journal, damaged);
	assert.equal(failureOf(await openSaved(paths, schemas, 'sqlite')).kind, 'journal-damaged');
	assert.deepEqual([readFileSync(paths.journal, 'utf8'), existsSync(paths.stateDb)], [damaged, false]);
});

test('a checkpoint in a database that cannot be used costs time and no facts, and is told', async t => {
	const paths = await keptIn(t, 'sqlite');
	const db = new DatabaseSync(paths.stateDb);
	db.exec(`UPDATE checkpoint SET text = replace(text, '"count":5', '"count":6')`);
	db.close();
	const {journal, state, events, setAside} = await openAs(paths, 'sqlite');
	assert.deepEqual([state, seqs(events)], [undefined, [1, 2, 3, 4, 5]]);
	assert.equal(setAside.length, 1);
	assert.match(setAside[0]?.problem ?? '', /its checkpoint: it was changed after it was written/);
	assert.match(readFileSync(setAside[0]?.keptAs ?? '', 'utf8'), /"count":6/);
	await journal.close();
});

test('a file that is no database, and a database that is none of ours, are damage', async t => {
	const paths = await keptIn(t, 'sqlite');
	writeFileSync(paths.stateDb, 'rubbish '.repeat(100));
	const foreign = failureOf(await openSaved(paths, schemas, 'sqlite'));
	assert.match(foreign.message, /damaged at fact 1 of .*state\.db: it is not a database\. Nothing was changed/);
	const db = new DatabaseSync(`${paths.stateDb}-2`);
	db.exec('CREATE TABLE notes (text)');
	db.close();
	renameSync(`${paths.stateDb}-2`, paths.stateDb);
	assert.match(failureOf(await readFacts(paths, factSchema)).message, /it is not the state of a job/);
});
