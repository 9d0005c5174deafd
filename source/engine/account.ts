import {batchAt} from '../core/batch-table.js';
import type {Event, Fact} from '../core/event.js';
import {probeMs} from '../core/limit.js';
import type {Run} from '../core/run.js';
import {type AccountNews, newsVersion, readNews, writeNews} from '../store/account-file.js';
import type {Clock} from './clock.js';
import type {Ports} from './engine.js';

type News = Extract<Fact, {type: 'limit-shared' | 'limit-lifted'}>;

/** How often it is looked whether another job has told something, ms. */
const lookMs = 2000;
/** The job that met the limit goes first; another one only when nothing was heard of it for so long, ms, and a part drawn. */
const afterMs = 5000;

/** The account that a job shares with the other jobs of this user on this machine. */
export type Account = Required<Pick<Ports, 'listen'>> & {
	/** Tells the others what this job has met, sends ahead, or found. To be called with facts that are on disk. */
	tell(events: readonly Event[], run: Run): void;
	/** Resolves when what was to be told is on disk. */
	told(): Promise<void>;
	/** What another job has told last, as far as it concerns this one. */
	news(): Promise<News | undefined>;
};

export function createAccount({
	now,
	jobId,
	clock,
	onProblem,
}: {
	/** The account as the job has it now, and where its jobs tell each other: a job that changes can change its account. */
	now(): {name: string; file: string};
	jobId: string;
	clock: Clock;
	/** The others could not be told, or heard. */
	onProblem(error: unknown): void;
}): Account {
	let writing = Promise.resolve();
	const write = (news: Pick<AccountNews, 'state' | 'until' | 'at' | 'kind' | 'message'>) => {
		const {file, name} = now();
		writing = writing.then(() => writeNews(file, {format: 1, account: name, job: jobId, ...news})).catch(onProblem);
	};

	const newsOf = (told: AccountNews): News | undefined => {
		if (told.job === jobId) return undefined;
		const {kind, message, job} = told;
		if (told.state === 'lifted') return {type: 'limit-lifted', job, toldAt: told.at};
		const since = told.state === 'probing' ? told.at + probeMs : told.until;
		const until = Math.round(since + afterMs * (1 + clock.random()));
		return until > clock.now() ? {type: 'limit-shared', until, kind, message, job} : undefined;
	};

	const news = async () => {
		try {
			const told = await readNews(now().file);
			return told && newsOf(told);
		} catch (error) {
			onProblem(error);
			return undefined;
		}
	};

	return {
		tell(events, run) {
			const {limit} = run;
			// The account is that of the job's own backend: what fallbacks meet is no news of it.
			const isOwn = (batch: number) => !batchAt(run, batch).backend;
			const isClosed = (at: number) => run.closed?.some(one => one.backend === 0 && one.until > at) ?? false;
			for (const event of events) {
				const {at} = event;
				if (event.type === 'limit-seen' && isOwn(event.batch)) {
					const {kind, message} = event.failure;
					write({state: 'limited', until: event.closes ?? limit?.until ?? event.until, at, kind, message});
				}
				const own = event.type === 'batch-moved' && run.closed?.find(one => one.backend === 0);
				if (own && event.until === own.until && event.failure) {
					const {kind, message} = event.failure;
					write({state: 'limited', until: own.until, at, kind, message});
				}
				if (
					event.type === 'attempt-started' &&
					limit?.probe?.attempt === event.attempt &&
					limit.probe.batch === event.batch &&
					isOwn(event.batch)
				)
					write({...limit, state: 'probing', at});
				if (event.type === 'limit-lifted' && event.job === undefined && !event.backend && !isClosed(at))
					write({state: 'lifted', until: at, at, kind: 'rate_limit', message: ''});
			}
		},
		told: () => writing,
		news,
		listen(heard) {
			let isOver = false;
			let seen: string | undefined;
			const look = async () => {
				const {file} = now();
				const version = `${file} ${await newsVersion(file)}`;
				if (version !== seen) {
					seen = version;
					const found = await news();
					if (found && !isOver) heard(found);
				}
			};
			void look();
			// The disk's own time, whatever the clock of the run is; no reason for the program to stay.
			const timer = setInterval(look, lookMs).unref();
			return () => {
				isOver = true;
				clearInterval(timer);
			};
		},
	};
}
