import {existsSync, readFileSync} from 'node:fs';
import path from 'node:path';
import {DatabaseSync} from 'node:sqlite';
import type {Event} from '../../source/core/event.js';
import {eventSchema} from '../../source/core/event.js';
import {reduce} from '../../source/core/reduce.js';
import type {Run} from '../../source/core/run.js';
import type {Desk} from './program.js';

export type JobOptions = {
	name?: string;
	/** A shell script that does a batch: `$1` is its number, `$2` the workspace; it runs in the folder of the job file. */
	script?: string;
	/** In place of a script. */
	command?: string[];
	batches?: number;
	concurrency?: number;
	/** Default: `out/<batch>` must exist. */
	rules?: object[];
	timeout?: number;
	/** Anything else, over what stands there. */
	more?: object;
};

/** What the script of a batch must do so that its rule passes. */
export const done = 'mkdir -p "$2/out"; echo done > "$2/out/$1"';

export const resultRule = {type: 'file_exists', path: 'out/{batch_num}'};

/** A job with no waits, as the text of a job file (JSON is YAML). */
export function jobText({
	name = 'work',
	script = done,
	command = ['sh', '-c', script, 'sh', '{batch_num}', '{workspace}'],
	batches = 1,
	concurrency = 1,
	rules = [resultRule],
	timeout = 1000,
	more = {},
}: JobOptions = {}): string {
	const job = {
		name,
		backend: {type: 'command', command, timeout_seconds: timeout},
		batch: {size: 1, total_items: batches},
		prompt: {template: 'Do batch {{ batch_num }} of {{ total_batches }}.'},
		validations: rules,
		retry: {max_retries: 0, max_completion_attempts: 0, base_delay_seconds: 0.001, jitter: false},
		parallel: {max_concurrent: concurrency},
		pause_between_batches_seconds: 0,
		...more,
	};
	return `${JSON.stringify(job, null, 2)}\n`;
}

/** Writes a job file into the desk. */
export const writeJob = (desk: Desk, options: JobOptions = {}, file = 'work.yaml'): string =>
	desk.write(file, jobText(options));

/** The folder of a job's state; the job is the only one in its workspace. */
export function stateOf(desk: Desk, id: string, workspace = 'workspace'): string {
	return desk.at(workspace, '.mozart', id);
}

/** The facts on disk, however they are kept. */
export function readFacts(folder: string): Event[] {
	return factTexts(folder).map(text => eventSchema.parse(JSON.parse(text)));
}

function factTexts(folder: string): string[] {
	const journal = path.join(folder, 'journal.jsonl');
	if (existsSync(journal)) return readFileSync(journal, 'utf8').split('\n').slice(1).filter(Boolean);
	const db = new DatabaseSync(path.join(folder, 'state.db'), {readOnly: true});
	const rows = db.prepare('SELECT fact FROM facts ORDER BY seq').all();
	db.close();
	return rows.map(({fact}) => String(fact));
}

/** The state that the journal alone tells. */
export function replay(facts: readonly Event[]): Run {
	let run: Run | undefined;
	for (const fact of facts) run = reduce(run, fact);
	if (!run) throw new Error('the journal is empty');
	return run;
}

/** The lines of a file that children append to; none before the first. */
export function linesOf(file: string): string[] {
	return existsSync(file) ? readFileSync(file, 'utf8').split('\n').filter(Boolean) : [];
}
