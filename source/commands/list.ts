import {countWords} from '../headless/summary-lines.js';
import {listJobs, registryFolder} from '../store/registry.js';
import {statePaths} from '../store/state-folder.js';
import type {Context, Ending} from './context.js';
import {standingOf} from './status.js';

/** `mozart list`: every job this user has run, the one touched last first. */
export async function list({status: wanted}: {status?: string}, context: Context): Promise<Ending> {
	const {jobs, skipped} = await listJobs(registryFolder(context.env));
	for (const {file, problem} of skipped) context.err(`${file}: ${problem}; left out`);
	const rows: {id: string; state: string; name: string; counts: string; file: string}[] = [];
	for (const job of jobs) {
		const {id, name, file} = job;
		const located = {...job, paths: statePaths(job.workspace, id)};
		const found = job.missing ? undefined : await standingOf(located, context.clock.now());
		const standing = found && !('kind' in found) ? found : undefined;
		const state = standing?.state ?? (job.missing ? 'missing' : 'unreadable');
		if (wanted !== undefined && wanted !== state) continue;
		rows.push({id, state, name, file, counts: standing ? countWords(standing.summary) : '—'});
		if (context.json)
			context.out(JSON.stringify({id, name, file, workspace: job.workspace, ...standing?.summary, state}));
	}
	if (context.json) return 'done';
	if (rows.length === 0) {
		context.out(wanted === undefined ? 'No job has been run yet. Start one: mozart run FILE' : `No job is ${wanted}.`);
		return 'done';
	}
	const width = (pick: (row: (typeof rows)[number]) => string) => Math.max(...rows.map(row => pick(row).length));
	const widths = {id: width(row => row.id), state: width(row => row.state)};
	for (const row of rows) {
		context.out(`${row.id.padEnd(widths.id)}  ${row.state.padEnd(widths.state)}  ${row.counts}  ${row.file}`);
	}
	return 'done';
}
