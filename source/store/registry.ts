import {readdir, readFile, realpath, stat} from 'node:fs/promises';
import {homedir} from 'node:os';
import {isAbsolute, join, resolve} from 'node:path';
import * as z from 'zod';
import {diskFailure, errorCode} from './disk-failure.js';
import {writeDurably} from './durable-write.js';
import {makeFolder} from './make-folder.js';
import {statePaths} from './state-folder.js';

const format = 1;
const entrySchema = z.object({
	id: z.string().regex(/^[a-z0-9-]+$/),
	name: z.string(),
	/** Real path of the job file. */
	file: z.string(),
	/** Real path. */
	workspace: z.string(),
	/** The state of the run when it was last noted; a run that crashed could not note it. */
	state: z.string(),
	/** The `--set` changes the run was started with. */
	sets: z.array(z.string()),
	/** Epoch ms. */
	updatedAt: z.number(),
});
/** One job of this user, wherever its workspace is. */
export type Entry = z.infer<typeof entrySchema>;
const fileSchema = entrySchema.extend({format: z.literal(format)});

/** `missing`: its state folder is gone, deleted or on a disk that is not there now. */
export type KnownJob = Entry & {missing: boolean};

export type FoundJob = {job: KnownJob} | {error: 'unknown' | 'ambiguous'; message: string; candidates: KnownJob[]};

/** An entry that could not be read, and why. */
export type SkippedEntry = {file: string; problem: string};

/** The folder that knows all jobs of this user. A relative XDG_STATE_HOME does not count, as its standard says. */
export const registryFolder = (env: Readonly<Record<string, string | undefined>>, home = homedir()): string => {
	const base = env.XDG_STATE_HOME;
	return join(base && isAbsolute(base) ? base : join(home, '.local', 'state'), 'mozart', 'jobs');
};

/** Notes a job, replacing what was noted before. A registry that cannot be written stops nothing: it gives a warning to show. */
export const register = async (
	folder: string,
	entry: Entry,
): Promise<{kind: 'registry-unwritable'; message: string} | undefined> => {
	try {
		await makeFolder(folder, 0o700);
		await writeDurably(join(folder, `${entry.id}.json`), `${JSON.stringify({format, ...entry})}\n`);
		return undefined;
	} catch (error) {
		const {path, code} = diskFailure(error, folder);
		const message = `This job cannot be noted in ${path} (${code}), so \`mozart list\` will not show it; name it by its file.`;
		return {kind: 'registry-unwritable', message};
	}
};

const isThere = (path: string) =>
	stat(path).then(
		() => true,
		() => false,
	);

const readEntry = async (file: string): Promise<KnownJob | SkippedEntry | undefined> => {
	try {
		const {format: _, ...entry} = fileSchema.parse(JSON.parse(await readFile(file, 'utf8')));
		return {...entry, missing: !(await isThere(statePaths(entry.workspace, entry.id).root))};
	} catch (error) {
		if (error instanceof SyntaxError) return {file, problem: 'it is not JSON'};
		if (error instanceof z.ZodError) {
			const issue = error.issues[0];
			return {file, problem: `it is not a job of this Mozart (${issue?.path.join('.')}: ${issue?.message})`};
		}
		if (errorCode(error) === 'ENOENT') return undefined;
		return {file, problem: diskFailure(error, file).message};
	}
};

/** All jobs, the one noted last first. Entries that cannot be read are skipped and told; nothing is deleted. */
export const listJobs = async (folder: string): Promise<{jobs: KnownJob[]; skipped: SkippedEntry[]}> => {
	let names: string[];
	try {
		names = (await readdir(folder)).filter(name => name.endsWith('.json'));
	} catch (error) {
		if (errorCode(error) === 'ENOENT') return {jobs: [], skipped: []};
		return {jobs: [], skipped: [{file: folder, problem: diskFailure(error, folder).message}]};
	}
	const read = await Promise.all(names.map(name => readEntry(join(folder, name))));
	const jobs = read.filter(one => one !== undefined && 'id' in one).sort((a, b) => b.updatedAt - a.updatedAt);
	return {jobs, skipped: read.filter(one => one !== undefined && 'problem' in one)};
};

const lines = (jobs: readonly KnownJob[]) => jobs.map(job => `  ${job.id}  (${job.workspace})`).join('\n');

const choose = (ref: string, jobs: KnownJob[]): FoundJob | undefined => {
	const [job, another] = jobs;
	if (!job) return undefined;
	if (!another) return {job};
	return {
		error: 'ambiguous',
		message: `“${ref}” can be ${jobs.length} jobs; give one of these ids:\n${lines(jobs)}`,
		candidates: jobs,
	};
};

/** Finds a job by its id, its whole name, the beginning of its id, or its job file (relative to `cwd`). */
export const findJob = async (folder: string, ref: string, cwd = process.cwd()): Promise<FoundJob> => {
	const {jobs} = await listJobs(folder);
	const exact = jobs.find(job => job.id === ref);
	if (exact) return {job: exact};
	if (ref !== '') {
		const begun = jobs.filter(job => job.id.startsWith(ref));
		// A whole name means the jobs of that name, and of several those that are still there.
		const named = jobs.filter(job => job.id.replace(/-[\da-f]{8}$/, '') === ref || job.name === ref);
		const meant = named.length > 0 ? named : begun;
		const there = meant.filter(job => !job.missing);
		const byPrefix = choose(ref, there.length > 0 ? there : meant);
		if (byPrefix) return byPrefix;
		const path = resolve(cwd, ref);
		const file = await realpath(path).catch(() => path);
		const byFile = choose(
			ref,
			jobs.filter(job => job.file === file),
		);
		if (byFile) return byFile;
	}
	const candidates = jobs.filter(job => ref !== '' && (job.id.includes(ref) || job.name.includes(ref))).slice(0, 5);
	const hint = candidates.length > 0 ? ` Did you mean:\n${lines(candidates)}` : ' `mozart list` shows all jobs.';
	return {error: 'unknown', message: `No job is known as “${ref}”.${hint}`, candidates};
};
