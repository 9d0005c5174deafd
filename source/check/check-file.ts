import {realpath} from 'node:fs/promises';
import {dirname, resolve} from 'node:path';
import type {Finding} from '../config/finding.js';
import {type Loaded, loadJob} from '../config/load.js';
import {profilesFolder} from '../config/profile-files.js';
import type {Job} from '../config/schema.js';
import {checkJob} from './check.js';

/** A job file as far as it can be known without running anything. */
export type CheckedJob = {
	job: Job;
	loaded: Loaded;
	file: string;
	folder: string;
	workspace: string;
	warnings: Finding[];
};

/** A job file with errors: it cannot be opened. `source` is its text. */
export type JobFileProblem = {kind: 'job-file'; findings: Finding[]; source: string};

/** Apart from `open-run.ts`, so that to look at a job file does not load what runs it. */
export async function checkFile(
	file: string,
	sets: readonly string[],
	env: Readonly<Record<string, string | undefined>>,
): Promise<CheckedJob | JobFileProblem> {
	const loaded = await loadJob(file, {sets, profiles: profilesFolder(env)});
	const findings = await checkJob(loaded);
	if (!loaded.job || findings.some(finding => finding.severity === 'error')) {
		return {kind: 'job-file', findings, source: loaded.source};
	}
	const folder = dirname(loaded.file);
	const written = resolve(folder, loaded.job.workspace);
	const workspace = await realpath(written).catch(() => written);
	return {job: loaded.job, loaded, file: loaded.file, folder, workspace, warnings: findings};
}
