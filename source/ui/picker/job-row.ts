import type {Summary} from '../../core/summary.js';

/** How a job stands, as the list of jobs says it. */
export type JobState = Summary['state'] | 'interrupted' | 'missing' | 'unreadable' | 'looking';

/** One job of this user. `looking`: only its name is known so far. */
export type JobRow = {
	id: string;
	name: string;
	/** The folder of its job file. */
	folder: string;
	state: JobState;
	/** The host of the program that runs it; undefined where none does. */
	owner?: {host: string; isHere: boolean} | undefined;
	counts?: {completed: number; failed: number; skipped: number; total: number; left: number} | undefined;
	/** `5 min`, `2 h ago`. */
	age: string;
	/** Why it cannot be read. */
	problem?: string | undefined;
};

/** The jobs as they are now. Tells when something that is shown has changed, and else keeps quiet. */
export type JobBoard = {
	subscribe(listener: () => void): () => void;
	/** Undefined until the first look. The same array until something has changed. */
	rows(): readonly JobRow[] | undefined;
};

/** What is to be done with a job, once the list is gone. */
export type Opening = {how: 'attach' | 'resume' | 'run' | 'look'; id: string};

/** What Enter leads to: a way to open it, a question about paid work, or the reason why it cannot be opened. */
export type OnEnter = {open: Opening} | {ask: Opening; text: string} | {say: string};

const batches = (number: number, words: string) => `${number} ${number === 1 ? 'batch' : 'batches'} ${words}`;

export function onEnter({id, state, owner, counts, problem}: JobRow): OnEnter {
	if (state === 'looking') return {say: 'a moment: it is being looked at'};
	if (owner) {
		if (owner.isHere) return {open: {how: 'attach', id}};
		return {say: `it runs on ${owner.host}, and can be attached to only there`};
	}
	if (state === 'missing')
		return {say: 'its state is gone, or on a disk that is not there: mozart run FILE begins anew'};
	if (state === 'unreadable' || !counts) return {say: `it cannot be read: ${problem ?? 'unknown'}`};
	if (counts.left === 0) return {open: {how: 'look', id}};
	if (state === 'failed') {
		const {failed} = counts;
		const text = `${batches(failed, failed === 1 ? 'has' : 'have')} failed. Run what failed and what is left? It may cost.`;
		return {ask: {how: 'run', id}, text};
	}
	return {
		ask: {how: 'resume', id},
		text: `${batches(counts.left, counts.left === 1 ? 'is' : 'are')} left. Go on? It may cost.`,
	};
}

/** `now`, `5 min`, `3 h`, `2 d`: rough, so that it seldom changes. */
export function ageWords(ms: number): string {
	const minutes = Math.floor(ms / 60_000);
	if (minutes < 1) return 'now';
	if (minutes < 60) return `${minutes} min`;
	const hours = Math.floor(minutes / 60);
	return hours < 48 ? `${hours} h` : `${Math.floor(hours / 24)} d`;
}
