import {homedir, hostname} from 'node:os';
import {dirname} from 'node:path';
import {isDeepStrictEqual} from 'node:util';
import {stateSignature} from '../store/kept-as.js';
import {lockOwner} from '../store/lock-owner.js';
import {type KnownJob, listJobs, registryFolder} from '../store/registry.js';
import {statePaths} from '../store/state-folder.js';
import {ageWords, type JobBoard, type JobRow} from '../ui/picker/job-row.js';
import type {Context} from './context.js';
import {type Standing, standingOf} from './status.js';
import {troubleOf} from './trouble.js';

/** How often is looked: while a program runs one of the jobs, and else. Milliseconds. */
const liveMs = 1500;
const quietMs = 5000;
/** Jobs that are read at the same time. */
const atOnce = 8;

type Known = {signature: string; found: Standing | {problem: string}};

/**
 * Looks at this user's jobs again and again, without their locks. A job is read anew only when its journal or its owner
 * is another one, so that a long list costs little.
 */
export function createJobBoard({env, clock}: Pick<Context, 'env' | 'clock'>): JobBoard & {stop(): void} {
	const listeners = new Set<() => void>();
	const known = new Map<string, Known>();
	let rows: readonly JobRow[] | undefined;
	let callOff: (() => void) | undefined;
	let isOver = false;

	async function look(): Promise<void> {
		const {jobs} = await listJobs(registryFolder(env));
		// Names first: to read many jobs takes a while.
		if (!rows) show(jobs);
		for (let at = 0; at < jobs.length && !isOver; at += atOnce)
			await Promise.all(jobs.slice(at, at + atOnce).map(read));
		show(jobs);
	}

	async function read(job: KnownJob): Promise<void> {
		if (job.missing) return;
		const paths = statePaths(job.workspace, job.id);
		const [owner, facts] = await Promise.all([lockOwner(paths.root), stateSignature(paths)]);
		const signature = [owner?.pid, owner?.startTime, facts].join();
		if (known.get(job.id)?.signature === signature) return;
		const found = await standingOf({...job, paths}, clock.now());
		known.set(job.id, {signature, found: 'kind' in found ? troubleOf(found) : found});
	}

	function show(jobs: readonly KnownJob[]): void {
		if (isOver) return;
		const next = jobs.map(job => ({job, row: rowOf(job)})).sort((a, b) => order(b) - order(a));
		const shown = next.map(({row}) => row);
		if (rows && isDeepStrictEqual(rows, shown)) return;
		rows = shown;
		for (const listener of [...listeners]) listener();
	}

	/** What is live comes first, then what was touched last. */
	function order({job, row}: {job: KnownJob; row: JobRow}): number {
		const found = known.get(job.id)?.found;
		const run = found && 'run' in found ? found.run : undefined;
		return row.owner ? Number.MAX_SAFE_INTEGER / 2 + (run?.openedAt ?? 0) : (run?.at ?? job.updatedAt);
	}

	function rowOf({id, name, file, missing, updatedAt}: KnownJob): JobRow {
		const now = clock.now();
		const folder = homely(dirname(file));
		const found = known.get(id)?.found;
		const ago = (at: number) => {
			const words = ageWords(now - at);
			return words === 'now' ? words : `${words} ago`;
		};
		const base = {id, name, folder, age: ago(updatedAt)};
		if (missing) return {...base, state: 'missing'};
		if (!found) return {...base, state: 'looking'};
		if ('problem' in found) return {...base, state: 'unreadable', problem: found.problem};
		const {run, state, owner, summary} = found;
		const {completed, failed, skipped, total, left} = summary;
		return {
			...{id, folder, state, name: run.job.name},
			counts: {completed, failed, skipped, total, left},
			age: owner ? ageWords(now - run.openedAt) : ago(run.at),
			...(owner && {owner: {host: owner.host, isHere: owner.host === hostname()}}),
		};
	}

	/** A folder below the person's own is named from there. */
	function homely(folder: string): string {
		const home = env.HOME ?? homedir();
		return folder === home || folder.startsWith(`${home}/`) ? `~${folder.slice(home.length)}` : folder;
	}

	function lookAgain(): void {
		look()
			// A look that fails is like one that finds nothing new: the next one may go well.
			.catch(() => {})
			.finally(() => {
				const isLive = rows?.some(({owner}) => owner) ?? false;
				if (!isOver) callOff = clock.timer(isLive ? liveMs : quietMs, lookAgain);
			});
	}
	lookAgain();

	return {
		subscribe(listener) {
			listeners.add(listener);
			return () => void listeners.delete(listener);
		},
		rows: () => rows,
		stop() {
			isOver = true;
			callOff?.();
		},
	};
}
