import type {Clock} from '../engine/clock.js';
import type {KnownJob} from '../store/registry.js';
import {createFollower, type Follower} from './follower.js';
import type {Jobs} from './jobs.js';

/** Jobs that nobody listens to any more and that are remembered all the same, so that the next look costs little. */
const mostIdle = 8;

/** One follower a job, however many look at it. */
export type Followers = {
	of(job: KnownJob): Follower;
	close(): void;
};

export function createFollowers(jobs: Jobs, clock: Clock, onBug: (error: unknown) => void): Followers {
	/** The one that was asked for last comes last. */
	const followers = new Map<string, Follower>();

	return {
		of(job) {
			const key = `${job.id} ${job.workspace}`;
			const follower = followers.get(key) ?? createFollower(job, jobs, clock, onBug);
			followers.delete(key);
			followers.set(key, follower);
			const idle = [...followers].filter(([, {isIdle}]) => isIdle);
			for (const [old, forgotten] of idle.slice(0, -mostIdle)) {
				forgotten.close();
				followers.delete(old);
			}
			return follower;
		},
		close() {
			for (const follower of followers.values()) follower.close();
			followers.clear();
		},
	};
}
