import type {Clock} from '../engine/clock.js';
import type {KnownJob, SkippedEntry} from '../store/registry.js';
import {type Frame, frameOf} from './frame.js';
import type {Jobs} from './jobs.js';
import {jobRow} from './rows.js';
import type {JobRow} from './shapes.js';

/** How often is looked while somebody listens: while a program runs one of the jobs, and else. Milliseconds. */
const liveMs = 1500;
const quietMs = 5000;
/** Jobs that are read at the same time. */
const atOnce = 8;

export type Listed = {rows: JobRow[]; skipped: SkippedEntry[]};

/** All jobs as they stand: live ones first, then what was touched last. A job is read again only when it has changed. */
export type Board = {
	look(): Promise<Listed>;
	/** Hears all of them, then those that change. Returns the way to stop. */
	listen(listener: (frame: Frame) => void): () => void;
	close(): void;
};

type Known = {signature: string; row: JobRow; readAt: number};

/** `onBug` hears why a look has failed; the next one may go well. */
export function createBoard(jobs: Jobs, clock: Clock, onBug: (error: unknown) => void): Board {
	const known = new Map<string, Known>();
	const listeners = new Set<{hear(frame: Frame): void; hasBegun: boolean}>();
	let looking: Promise<Listed> | undefined;
	let callOff: (() => void) | undefined;
	let isFollowing = false;

	function look(): Promise<Listed> {
		looking ??= lookAtDisk().finally(() => {
			looking = undefined;
		});
		return looking;
	}

	async function lookAtDisk(): Promise<Listed> {
		const {jobs: found, skipped} = await jobs.list();
		for (let at = 0; at < found.length; at += atOnce) await Promise.all(found.slice(at, at + atOnce).map(read));
		const ids = new Set(found.map(({id}) => id));
		for (const id of known.keys()) {
			if (ids.has(id)) continue;
			known.delete(id);
			tell(frameOf('gone', {id}));
		}
		return {rows: rows(), skipped};
	}

	async function read(job: KnownJob): Promise<void> {
		const signature = job.missing ? 'missing' : await jobs.signature(job);
		if (known.get(job.id)?.signature === signature) return;
		const standing = job.missing ? {problem: 'its state is gone'} : await jobs.standing(job);
		const {id, file, workspace} = job;
		const row = jobRow(job, 'problem' in standing ? standing : {id, file, workspace, ...standing});
		known.set(id, {signature, row, readAt: clock.now()});
		tell(frameOf('job', row));
	}

	const rows = () => [...known.values()].map(atThisMoment).sort((a, b) => order(b) - order(a));

	/** A run that is under way has grown older since it was read. */
	function atThisMoment({row, readAt}: Known): JobRow {
		const {summary, owner} = row;
		if (!summary || !owner) return row;
		return {...row, summary: {...summary, elapsedMs: summary.elapsedMs + clock.now() - readAt}};
	}

	function tell(frame: Frame): void {
		for (const listener of [...listeners]) if (listener.hasBegun) listener.hear(frame);
	}

	function follow(): void {
		if (isFollowing) return;
		isFollowing = true;
		look()
			.then(({rows}) => {
				for (const listener of [...listeners]) {
					if (listener.hasBegun) continue;
					listener.hasBegun = true;
					listener.hear(frameOf('jobs', {jobs: rows}));
				}
			})
			.catch(onBug)
			.finally(() => {
				isFollowing = false;
				if (listeners.size === 0) return;
				const isLate = [...listeners].some(({hasBegun}) => !hasBegun);
				const isLive = [...known.values()].some(({row}) => row.owner);
				callOff = clock.timer(isLate ? 0 : isLive ? liveMs : quietMs, follow);
			});
	}

	return {
		look,
		listen(hear) {
			const listener = {hear, hasBegun: false};
			listeners.add(listener);
			callOff?.();
			follow();
			return () => {
				listeners.delete(listener);
				if (listeners.size === 0) callOff?.();
			};
		},
		close() {
			listeners.clear();
			callOff?.();
		},
	};
}

const order = ({owner, updatedAt}: JobRow) => (owner ? Number.MAX_SAFE_INTEGER / 2 + updatedAt : updatedAt);
