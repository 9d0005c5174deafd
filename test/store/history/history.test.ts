import assert from 'node:assert/strict';
import {existsSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync} from 'node:fs';
import {dirname, join} from 'node:path';
import {DatabaseSync} from 'node:sqlite';
import {type TestContext, test} from 'node:test';
import type {Event} from '../../../source/core/event.js';
import {reduce} from '../../../source/core/reduce.js';
import type {RunAnswer} from '../../../source/store/history/answers.js';
import {type History, openHistory} from '../../../source/store/history/history.js';
import {createRecorder} from '../../../source/store/history/recorder.js';
import {setStateAside} from '../../../source/store/state-folder.js';
import {makeJob} from '../../support/job.js';
import {verdicts} from '../../support/world.js';
import {fill, ok, readOnlyFolder, smallDisk} from '../scratch.js';
import {makeFacts, User} from './journals.js';
import {checkBatches, emptyHistory, rowsIn, tellIn} from './tables.js';

async function openFor(t: TestContext, {registry}: User): Promise<History> {
	const history = await openHistory(registry);
	assert.ok(!('kind' in history), JSON.stringify(history));
	t.after(() => history.close());
	return history;
}

const rowsOf = ({file}: {file: string}) => {
	const db = new DatabaseSync(file);
	const rows = rowsIn(db);
	db.close();
	return rows;
};

const inShort = (runs: RunAnswer[]) =>
	runs.map(({job, state, completed, total}) => `${job} ${state} ${completed}/${total}`);

test('the history is one private file, and takes up what the journals of all jobs tell, once', async t => {
	const user = new User(t);
	await user.job('one', await makeFacts(2));
	await user.job('two', await makeFacts(3, {time: 5_000_000}), 'sqlite');
	const history = await openFor(t, user);
	const first = await history.catchUp();
	assert.deepEqual([first.runs, first.problems], [2, []]);
	assert.ok(first.facts > 50);
	assert.deepEqual(inShort(history.runs()), ['two completed 3/3', 'one completed 2/2']);
	assert.deepEqual(await history.catchUp(), {facts: 0, runs: 2, problems: []});
	for (const name of readdirSync(dirname(user.file)).filter(name => name.startsWith('history.db')))
		assert.equal(statSync(join(dirname(user.file), name)).mode & 0o777, 0o600, name);
	const db = new DatabaseSync(user.file);
	assert.equal(db.prepare('PRAGMA journal_mode').get()?.journal_mode, 'wal');
	assert.equal(
		db
			.prepare(
				`SELECT count(*) AS loose FROM pragma_table_list WHERE schema = 'main' AND NOT strict AND name NOT LIKE 'sqlite%'`,
			)
			.get()?.loose,
		0,
	);
	db.close();
});

test('what a run has told while it went is what a rebuild tells, also after a fresh start', async t => {
	const user = new User(t);
	const [before, now] = [await makeFacts(2), await makeFacts(3, {time: 9_000_000})];
	const {job, paths} = await user.job('one', before);
	const tellLive = async (facts: typeof now) => {
		const due: (() => void)[] = [];
		const timer = (_: number, callback: () => void) => {
			due.push(callback);
			return () => {};
		};
		const recorder = createRecorder({file: user.file, job, paths, known: {events: []}, timer});
		for (let at = 0; at < facts.length; at += 5) {
			recorder.note(facts.slice(at, at + 5));
			due.shift()?.();
		}
		assert.equal(await recorder.finish(), undefined);
	};
	await tellLive(before);
	ok(await setStateAside(job.workspace, job.id, 1_700_000_000_000));
	await user.job('one', now);
	await tellLive(now);
	const live = rowsOf(user);
	assert.equal(live.runs?.length, 2);
	const history = await openFor(t, user);
	assert.equal((await history.catchUp()).facts, 0, 'nothing is left to tell');
	const rebuilt = await history.rebuild();
	assert.deepEqual(rebuilt, {runs: 2, facts: before.length + now.length, kept: 0, problems: []});
	assert.deepEqual(rowsOf(user), live);
	rmSync(user.file);
	const anew = await openFor(t, user);
	await anew.catchUp();
	assert.deepEqual(rowsOf(user), live, 'and so does a history that was deleted');
});

test('nothing is opened before facts have been gathered for a while, and then only what is new is told', async t => {
	const user = new User(t);
	const facts = await makeFacts(2);
	const {job, paths} = await user.job('one', facts);
	let ring = () => {};
	const waits: number[] = [];
	const timer = (ms: number, callback: () => void) => {
		waits.push(ms);
		ring = callback;
		return () => {};
	};
	const recorder = createRecorder({file: user.file, job, paths, known: {events: facts.slice(0, 9)}, timer});
	assert.deepEqual(waits, []);
	recorder.note(facts.slice(9, 12));
	recorder.note(facts.slice(12, 14));
	assert.deepEqual([waits.length, existsSync(user.file)], [1, false]);
	ring();
	recorder.note(facts.slice(14));
	assert.equal(await recorder.finish(), undefined);
	assert.equal(rowsOf(user).events?.length, facts.length);
});

test('a program that died before it told all is made up for by the next one of the job, or by who asks', async t => {
	const user = new User(t);
	const facts = await makeFacts(3);
	const {job, paths} = await user.job('one', facts.slice(0, 30));
	const timer = () => () => {};
	const dying = createRecorder({file: user.file, job, paths, known: {events: []}, timer});
	dying.note(facts.slice(0, 10));
	await dying.finish();
	// 11 to 30 were never told; the next one begins at a checkpoint behind them.
	const state = facts.slice(1, 30).reduce(reduce, reduce(undefined, facts[0]!));
	await user.job('one', facts);
	const next = createRecorder({file: user.file, job, paths, known: {state, events: []}, timer});
	next.note(facts.slice(30));
	assert.equal(await next.finish(), undefined);
	const made = rowsOf(user);
	const history = await openFor(t, user);
	await history.rebuild();
	assert.deepEqual(rowsOf(user), made);
	assert.equal(made.events?.length, facts.length);
});

test('a journal that was cut back and went another way is told anew', async t => {
	const user = new User(t);
	const facts = await makeFacts(3);
	const {paths} = await user.job('one', facts);
	const history = await openFor(t, user);
	await history.catchUp();
	const lines = readFileSync(paths.journal, 'utf8').split('\n');
	for (const kept of [20, 30]) {
		const rest = lines.slice(0, kept + 1);
		const later = JSON.stringify({...JSON.parse(lines[kept + 1] ?? ''), at: 77_000_000});
		writeFileSync(paths.journal, `${[...rest, later].join('\n')}\n`);
		assert.equal((await history.catchUp()).facts, kept + 1);
		assert.equal(rowsOf(user).events?.length, kept + 1);
		assert.equal(history.runs()[0]?.lastAt, 77_000_000);
	}
});

test('a run whose journal was cut back tells the history anew at its end, not the facts that are no more', async t => {
	const user = new User(t);
	const facts = await makeFacts(3);
	const {job, paths} = await user.job('one', facts);
	const history = await openFor(t, user);
	await history.catchUp();
	const state = facts.slice(1, 20).reduce(reduce, reduce(undefined, facts[0]!));
	const later = facts.slice(20, 26).map(event => ({...event, at: event.at + 90_000}));
	const lines = readFileSync(paths.journal, 'utf8').split('\n').slice(0, 21);
	writeFileSync(paths.journal, `${[...lines, ...later.map(event => JSON.stringify(event))].join('\n')}\n`);
	const recorder = createRecorder({file: user.file, job, paths, known: {state, events: []}, timer: () => () => {}});
	recorder.note(later);
	assert.equal(await recorder.finish(), undefined);
	const told = rowsOf(user);
	assert.equal(told.events?.length, 26);
	await history.rebuild();
	assert.deepEqual(rowsOf(user), told);
});

test('a choice of other batches ends the wait of one that was not chosen', () => {
	const job = makeJob({batches: 3});
	const failure = {kind: 'timeout' as const, message: 'too slow'};
	const facts = [
		{type: 'run-started', job, sets: [], template: '', batches: [1, 2, 3].map(n => ({first: n, last: n}))},
		{type: 'attempt-started', batch: 1, attempt: 1, mode: 'normal'},
		{type: 'attempt-ended', batch: 1, attempt: 1, outcome: {durationMs: 1, aborted: false, failure}},
		{type: 'validated', batch: 1, attempt: 1, verdicts: verdicts(2, 0)},
		{type: 'retry-scheduled', batch: 1, retries: 1, until: 9000, delayMs: 9000, jitter: 1, failure},
		{type: 'run-reopened', selection: [[2, 3]]},
	].map((fact, index) => ({seq: index + 1, at: index + 1, ...fact}) as Event);
	const db = emptyHistory();
	tellIn(db, facts, 1, {look: run => checkBatches(db, run)});
	assert.equal(db.prepare('SELECT status FROM batches').get()?.status, 'pending');
	db.close();
});

test('runs whose journals are gone stay as they were told, and journals that cannot be read are named', async t => {
	const user = new User(t);
	const one = await user.job('one', await makeFacts(1));
	const two = await user.job('two', await makeFacts(2, {time: 2_000_000}));
	const history = await openFor(t, user);
	await history.catchUp();
	rmSync(one.paths.root, {recursive: true});
	writeFileSync(two.paths.journal, 'rubbish\n');
	const {runs, kept, problems} = await history.rebuild();
	assert.deepEqual([runs, kept, history.runs().length], [0, 2, 2]);
	assert.match(problems.join(), /journal is damaged at .*two.*journal\.jsonl:1/);
});

test('a file of a newer program is refused with a sentence, and left as it is', async t => {
	const user = new User(t);
	await openFor(t, user);
	const db = new DatabaseSync(user.file);
	db.exec('PRAGMA user_version = 99');
	db.close();
	const before = readFileSync(user.file);
	const refused = await openHistory(user.registry);
	assert.ok('kind' in refused && refused.kind === 'history-newer');
	assert.match(refused.message, /newer Mozart, and this one leaves it alone: update Mozart\.$/);
	assert.deepEqual(readFileSync(user.file), before);
});

test('a damaged file is set aside, and all that journals tell is told anew, wherever the damage is', async t => {
	const user = new User(t);
	await user.job('one', await makeFacts(4));
	const first = await openHistory(user.registry);
	assert.ok(!('kind' in first));
	await first.catchUp();
	const whole = rowsOf(user);
	first.close();
	const hands: (() => void)[] = [
		() => writeFileSync(user.file, 'rubbish '.repeat(1000)),
		() => writeFileSync(user.file, readFileSync(user.file).subarray(0, 50)),
		// All pages but the first.
		() =>
			writeFileSync(user.file, Buffer.concat([readFileSync(user.file).subarray(0, 4096), Buffer.alloc(200_000, 'x')])),
	];
	for (const [index, hand] of hands.entries()) {
		hand();
		const history = await openHistory(user.registry);
		assert.ok(!('kind' in history));
		await history.catchUp();
		assert.match(history.notes.join(), /^The history was damaged: it is built anew, and the damaged file is kept/);
		history.close();
		assert.deepEqual(rowsOf(user), whole);
		const kept = readdirSync(dirname(user.file)).filter(name => /^history\.damaged-\d\.db$/.test(name));
		assert.equal(kept.length, index + 1);
	}
});

test('a run whose history cannot be told goes on, and says it in one sentence at its end', async t => {
	const facts = await makeFacts(2);
	const timer = () => () => {};
	const tellTo = async (user: User, file: string) => {
		const {job, paths} = await user.job('one', facts);
		const recorder = createRecorder({file, job, paths, known: {events: []}, timer});
		recorder.note(facts);
		return recorder.finish();
	};
	const user = new User(t);
	mkdirSync(join(user.folder, 'a-folder'));
	const folder = await tellTo(user, join(user.folder, 'a-folder'));
	assert.match(folder ?? '', /^The history cannot be kept in \S+ \(EISDIR\); nothing else depends on it/);
	writeFileSync(join(user.folder, 'a-file'), '');
	assert.match((await tellTo(user, join(user.folder, 'a-file', 'history.db'))) ?? '', /\(ENOTDIR\)/);
	const readOnly = readOnlyFolder(t);
	if (readOnly) assert.match((await tellTo(user, join(readOnly, 'history.db'))) ?? '', /\((EROFS|EACCES)\)/);
	const newer = new DatabaseSync(user.file);
	newer.exec('PRAGMA user_version = 99');
	newer.close();
	assert.match((await tellTo(user, user.file)) ?? '', /newer Mozart/);
	const disk = smallDisk(t, '128k');
	if (!disk) return;
	fill(disk);
	assert.match((await tellTo(user, join(disk, 'history.db'))) ?? '', /\(ENOSPC\)/);
});

test('a full disk or a lock in the middle costs the history facts, which are told later', async t => {
	const user = new User(t);
	const facts = await makeFacts(2);
	const {job, paths} = await user.job('one', facts);
	let ring = () => {};
	const timer = (_: number, callback: () => void) => {
		ring = callback;
		return () => {};
	};
	const recorder = createRecorder({file: user.file, job, paths, known: {events: []}, timer});
	const history = await openFor(t, user);
	const other = new DatabaseSync(user.file);
	other.exec('BEGIN IMMEDIATE');
	recorder.note(facts.slice(0, 10));
	ring();
	recorder.note(facts.slice(10));
	const problem = await recorder.finish();
	assert.match(
		problem ?? '',
		/^The history \(\S+\) is held by another program: what it does not know yet is added later/,
	);
	other.close();
	assert.equal((await history.catchUp()).facts, facts.length);
});

test('where no history can be kept, what is asked is told from the journals', async t => {
	const user = new User(t);
	await user.job('one', await makeFacts(2));
	mkdirSync(user.file);
	const history = await openFor(t, user);
	await history.catchUp();
	assert.deepEqual(inShort(history.runs()), ['one completed 2/2']);
	assert.match(history.notes.join(), /cannot be kept in .* told from the journals that are there\.$/);
});

test('many who tell at once lose nothing and tell nothing twice', async t => {
	const user = new User(t);
	const facts = await makeFacts(6);
	const timer = (_: number, callback: () => void) => {
		setImmediate(callback);
		return () => {};
	};
	const jobs = await Promise.all(['one', 'two', 'three'].map(id => user.job(id, facts)));
	const history = await openFor(t, user);
	const done = jobs.flatMap(({job, paths}) =>
		// Two tell of each job, as if one had been taken for dead.
		[3, 7].map(async pieces => {
			const recorder = createRecorder({file: user.file, job, paths, known: {events: []}, timer});
			for (let at = 0; at < facts.length; at += pieces) {
				recorder.note(facts.slice(at, at + pieces));
				await new Promise(resolve => setImmediate(resolve));
			}
			return recorder.finish();
		}),
	);
	await history.catchUp();
	assert.deepEqual(await Promise.all(done), [undefined, undefined, undefined, undefined, undefined, undefined]);
	const rows = rowsOf(user);
	await history.rebuild();
	assert.deepEqual(rowsOf(user), rows);
	assert.equal(rows.events?.length, 3 * facts.length);
});
