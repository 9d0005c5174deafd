import type {DatabaseSync, StatementSync} from 'node:sqlite';
import type {Event} from '../../core/event.js';
import {reduce} from '../../core/reduce.js';
import type {Run} from '../../core/run.js';
import {transaction} from '../sqlite/database.js';
import {type RowOf, rowsOf, runRow} from './rows.js';

/** A job as the registry knows it: an id is the same for ever for one file and workspace. */
export type ToldJob = {id: string; file: string; workspace: string};

/** One run of a job with facts of it: `from` is the run before the first of them, undefined before `run-started`. */
export type Tale = {job: ToldJob; from: Run | undefined; events: readonly Event[]};

/**
 * `told`: the history has taken it up. `behind`: it does not know what was before `from`. `other`: it was told something
 * else of this run, which a repair of the journal has dropped since. In both cases it has to be told from the beginning.
 */
export type Telling = 'told' | 'behind' | 'other';

/** Tells the history facts, all of them or none; what it knows already changes nothing. Throws SQLite's errors. */
export function tell(db: DatabaseSync, tale: Tale): {telling: Telling; run: Run | undefined} {
	const {job, from, events} = tale;
	if (events.length === 0) return {telling: 'told', run: from};
	return transaction(db, () => {
		const write = prepareWrites(db);
		const known = knownRun(db, job.id, from?.startedAt ?? events[0]!.at);
		const seq = known?.seq ?? 0;
		if (seq < (from?.seq ?? 0)) return {telling: 'behind', run: from};
		if (known && !isSame(db, known, tale)) return {telling: 'other', run: from};
		let run = from;
		let id = known?.run;
		for (const event of events) {
			run = reduce(run, event);
			if (event.seq <= seq) continue;
			id ??= addRun(db, job, run);
			for (const one of rowsOf(event, run)) write(one, id);
		}
		if (run && id !== undefined && run.seq > seq)
			write({do: 'change', table: 'runs', key: {}, values: runRow(run)}, id);
		return {telling: 'told', run};
	});
}

/** Forgets all that was told of a run. */
export function forget(db: DatabaseSync, job: string, startedAt: number): void {
	db.prepare('DELETE FROM runs WHERE job = ? AND started_at = ?').run(job, Math.round(startedAt));
}

/** How far a run was told. */
export function knownRun(db: DatabaseSync, job: string, startedAt: number): {run: number; seq: number} | undefined {
	const row = db.prepare('SELECT run, seq FROM runs WHERE job = ? AND started_at = ?').get(job, Math.round(startedAt));
	return row && {run: Number(row.run), seq: Number(row.seq)};
}

/** Whether the history and the tale agree in the last fact that both know. */
function isSame(db: DatabaseSync, {run, seq}: {run: number; seq: number}, {from, events}: Tale): boolean {
	const shared = events.findLast(event => event.seq <= seq) ?? from;
	return !shared || isTold(db, run, shared);
}

/** Whether the history was told this very fact: another one of its number would have been recorded at another time. */
export function isTold(db: DatabaseSync, run: number, {seq, at}: Pick<Event, 'seq' | 'at'>): boolean {
	return db.prepare('SELECT at FROM events WHERE run = ? AND seq = ?').get(run, seq)?.at === Math.round(at);
}

function addRun(db: DatabaseSync, {id, file, workspace}: ToldJob, run: Run): number {
	db.prepare('INSERT OR IGNORE INTO jobs VALUES (?, ?, ?)').run(id, file, workspace);
	const row: RowOf = {job: id, started_at: Math.round(run.startedAt), ...runRow(run)};
	const names = Object.keys(row);
	const sql = `INSERT INTO runs (${names.join()}) VALUES (${names.map(() => '?').join()})`;
	return Number(db.prepare(sql).run(...Object.values(row)).lastInsertRowid);
}

type AnyWrite = {do: 'set' | 'change' | 'drop'; table: string; key: RowOf; values?: RowOf};

/** The way to write rows of a run; what is written again and again is prepared once. */
function prepareWrites(db: DatabaseSync): (write: AnyWrite, run: number) => void {
	const prepared = new Map<string, StatementSync>();
	return ({do: what, table, key, values = {}}, run) => {
		const [keys, names] = [['run', ...Object.keys(key)], Object.keys(values)];
		const shape = `${what} ${table} ${keys.join()} ${names.join()}`;
		const statement = prepared.get(shape) ?? db.prepare(sqlOf(what, table, keys, names));
		prepared.set(shape, statement);
		const named = [run, ...Object.values(key)];
		statement.run(...(what === 'change' ? [...Object.values(values), ...named] : [...named, ...Object.values(values)]));
	};
}

function sqlOf(what: AnyWrite['do'], table: string, keys: readonly string[], names: readonly string[]): string {
	const where = keys.map(name => `${name} = ?`).join(' AND ');
	switch (what) {
		case 'drop':
			return `DELETE FROM ${table} WHERE ${where}`;
		case 'change':
			return `UPDATE ${table} SET ${names.map(name => `${name} = ?`).join()} WHERE ${where}`;
		case 'set': {
			const all = [...keys, ...names];
			const changed = names.map(name => `${name} = excluded.${name}`).join();
			return `INSERT INTO ${table} (${all.join()}) VALUES (${all.map(() => '?').join()}) ON CONFLICT DO UPDATE SET ${changed}`;
		}
	}
}
