import {stat} from 'node:fs/promises';
import {resolve} from 'node:path';
import {eventSchema} from '../core/event.js';
import {reduce} from '../core/reduce.js';
import {type Run, runSchema} from '../core/run.js';
import type {Problem} from '../open-run.js';
import {readSaved} from '../store/open-saved.js';
import {findJob, listJobs, registryFolder} from '../store/registry.js';
import {type StatePaths, statePaths} from '../store/state-folder.js';
import type {Context} from './context.js';

/** A job that JOB on the command line names. */
export type Located = {id: string; file: string; workspace: string; sets: string[]; paths: StatePaths};

/**
 * Finds a job by its id, its whole name, a unique prefix of its id, or its file's path; without `ref`, the one job there
 * is. A file that no run has noted yet is read to learn its workspace.
 */
export async function locate(ref: string | undefined, {env, cwd}: Context): Promise<Located | Problem> {
	const folder = registryFolder(env);
	if (ref === undefined) {
		const {jobs} = await listJobs(folder);
		const [job, another] = jobs;
		if (!job) return {kind: 'usage', message: 'No job has been run yet. Start one: mozart run FILE'};
		if (another) return {kind: 'usage', message: 'Which job? `mozart list` shows them all.'};
		return located(job);
	}
	const found = await findJob(folder, ref, cwd);
	if ('job' in found) return located(found.job);
	if (found.error === 'unknown' && (await isFile(resolve(cwd, ref)))) {
		// Not needed for a job that is known: both load much.
		const {checkFile} = await import('../check/check-file.js');
		const {jobId} = await import('../store/job-id.js');
		const checked = await checkFile(resolve(cwd, ref), [], env);
		if ('kind' in checked) return checked;
		const {file, workspace, job} = checked;
		return located({id: jobId(file, workspace, job.name), file, workspace, sets: []});
	}
	return {kind: 'usage', message: found.message};
}

const located = ({id, file, workspace, sets}: Omit<Located, 'paths'>): Located => ({
	...{id, file, workspace, sets},
	paths: statePaths(workspace, id),
});

export const isFile = (path: string): Promise<boolean> =>
	stat(path).then(
		found => found.isFile(),
		() => false,
	);

/** The state of a job as its journal tells it now, without a lock; another program may be writing it. */
export async function readRun(paths: StatePaths): Promise<Run | Problem> {
	const saved = await readSaved(paths, {event: eventSchema, state: runSchema});
	if ('failure' in saved) {
		const {failure} = saved;
		if (failure.kind !== 'journal-missing' || (await isFile(paths.checkpoint)))
			return {kind: 'state', message: failure.message};
		return {kind: 'usage', message: 'This job has not been run yet, or its state was deleted.'};
	}
	let run: Run | undefined = saved.state;
	for (const event of saved.events) run = reduce(run, event);
	return run ?? {kind: 'usage', message: 'This job has not been run yet.'};
}
