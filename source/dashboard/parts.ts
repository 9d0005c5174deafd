import type {Clock} from '../engine/clock.js';
import type {KnownJob} from '../store/registry.js';
import {type Refusal, refuse} from './api/refusal.js';
import type {Board} from './board.js';
import type {Follower} from './follower.js';
import type {Followers} from './followers.js';
import type {Jobs} from './jobs.js';
import type {Streams} from './streams.js';
import type {SeenJob} from './views.js';

/** What pages and API are made from. */
export type Parts = {
	jobs: Jobs;
	followers: Followers;
	board: Board;
	streams: Streams;
	clock: Clock;
	/** Hears of what should never happen. */
	onBug(error: unknown): void;
};

/** A job that is asked for by its id, as it stands; or why it cannot be shown. */
export async function seenJob(
	{jobs, followers}: Pick<Parts, 'jobs' | 'followers'>,
	id: string,
): Promise<{known: KnownJob; follower: Follower; job: SeenJob} | Refusal> {
	const known = await jobs.find(id);
	if (!known) return refuse('not-found', 'There is no such job.');
	if (known.missing)
		return refuse('not-found', 'The state of this job is gone: deleted, or on a disk that is not here now.');
	const follower = followers.of(known);
	const job = await follower.look();
	return 'problem' in job ? refuse('trouble', job.problem) : {known, follower, job};
}
