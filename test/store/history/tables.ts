import assert from 'node:assert/strict';
import {DatabaseSync} from 'node:sqlite';
import {allBatches} from '../../../source/core/batch-table.js';
import type {Event} from '../../../source/core/event.js';
import {reduce} from '../../../source/core/reduce.js';
import type {Run} from '../../../source/core/run.js';
import {summarize} from '../../../source/core/summary.js';
import {historyKind} from '../../../source/store/history/open-history-db.js';
import {type ToldJob, tell} from '../../../source/store/history/tell.js';
import {migrate} from '../../../source/store/sqlite/database.js';

export const aJob: ToldJob = {id: 'test-0a1b2c3d', file: '/jobs/test.yaml', workspace: '/jobs/workspace'};

/** A history in memory. */
export function emptyHistory(): DatabaseSync {
	const db = new DatabaseSync(':memory:');
	assert.ok(migrate(db, historyKind));
	return db;
}

/** Tells facts, so many at a time, as a run does it; `look` sees the run after each time. */
export function tellIn(
	db: DatabaseSync,
	journal: readonly Event[],
	pieces: number,
	{job = aJob, look}: {job?: ToldJob; look?: (run: Run) => void} = {},
): void {
	let run: Run | undefined;
	for (let at = 0; at < journal.length; at += pieces) {
		const told = tell(db, {job, from: run, events: journal.slice(at, at + pieces)});
		assert.equal(told.telling, 'told');
		({run} = told);
		if (run) look?.(run);
	}
}

/** Every batch that something has happened to stands in the history as it stands in the run. */
export function checkBatches(db: DatabaseSync, run: Run): void {
	const begun = [...allBatches(run)].filter(({attempt, status}) => attempt > 0 || status !== 'pending');
	assert.deepEqual(
		db
			.prepare('SELECT batch, first, last, status, attempts, retries, waits FROM batches ORDER BY batch')
			.all()
			.map(row => Object.values(row)),
		begun.map(({number, first, last, status, attempt, retries, waits}) => [
			...[number, first, last, status, attempt, retries, waits],
		]),
	);
}

/** All rows of all tables, each run by its name and not by its number. */
export function rowsIn(db: DatabaseSync): Record<string, string[]> {
	const tables = ['jobs', 'runs', 'batches', 'attempts', 'verdicts', 'usage', 'events'];
	const names = new Map(
		db
			.prepare('SELECT * FROM runs')
			.all()
			.map(row => [row.run, `${row.job} ${row.started_at}`]),
	);
	const named = (row: object) => JSON.stringify({...row, ...('run' in row && {run: names.get(row.run as number)})});
	return Object.fromEntries(tables.map(table => [table, db.prepare(`SELECT * FROM ${table}`).all().map(named).sort()]));
}

const one = (db: DatabaseSync, sql: string) => ({...db.prepare(sql).get()});

/** What must be so of the history of one run, whatever has happened in it. */
export function checkHistory(journal: readonly Event[], pieces: number): void {
	const [whole, bits, twice] = [emptyHistory(), emptyHistory(), emptyHistory()];
	tellIn(whole, journal, journal.length);
	tellIn(bits, journal, pieces, {look: run => checkBatches(bits, run)});
	const rows = rowsIn(whole);
	assert.deepEqual(rowsIn(bits), rows, `told ${pieces} at a time it is the same`);
	tellIn(twice, journal.slice(0, Math.ceil(journal.length / 2)), pieces);
	tellIn(twice, journal, pieces);
	tellIn(twice, journal.slice(0, Math.ceil(journal.length / 3)), pieces);
	assert.deepEqual(rowsIn(twice), rows, 'what was told already changes nothing');

	let run: Run | undefined;
	for (const event of journal) run = reduce(run, event);
	assert.ok(run);
	const {state, completed, failed, skipped, attempts, retries, completions, waits} = summarize(run, run.at);
	const {tokensIn, tokensOut, costUsd = null, untold} = summarize(run, run.at);
	assert.deepEqual(
		one(
			whole,
			`SELECT seq, state, completed, failed, skipped, attempts, retries, completions, waits,
			tokens_in, tokens_out, cost_usd, untold FROM runs`,
		),
		{
			...{seq: journal.length, state, completed, failed, skipped, attempts, retries, completions, waits},
			...{tokens_in: tokensIn, tokens_out: tokensOut, cost_usd: costUsd, untold},
		},
	);
	const begun = [...allBatches(run)].filter(({attempt, status}) => attempt > 0 || status !== 'pending');
	assert.deepEqual(one(whole, 'SELECT count(*) AS attempts, coalesce(sum(took_ms), 0) AS took FROM attempts'), {
		attempts,
		took: run.totals.tookMs,
	});
	const sums = `SELECT coalesce(sum(input_tokens + cache_read_tokens + cache_write_tokens), 0) AS tokensIn,
		coalesce(sum(output_tokens), 0) AS tokensOut, sum(cost_usd) AS costUsd FROM usage`;
	assert.deepEqual(one(whole, sums), {tokensIn, tokensOut, costUsd});
	for (const {number, verdicts} of begun) {
		if (!verdicts || verdicts.length === 0) continue;
		const sql = `SELECT passed FROM verdicts WHERE batch = ${number} AND attempt =
			(SELECT max(attempt) FROM verdicts WHERE batch = ${number}) ORDER BY rule`;
		const told = whole.prepare(sql).all();
		assert.deepEqual(
			told.map(({passed}) => passed === 1),
			verdicts.map(({passed}) => passed),
			`the last word on batch ${number}`,
		);
	}
	assert.equal(one(whole, 'SELECT count(*) AS events FROM events').events, journal.length);
	assert.deepEqual(whole.prepare('PRAGMA foreign_key_check').all(), []);
	for (const db of [whole, bits, twice]) db.close();
}
