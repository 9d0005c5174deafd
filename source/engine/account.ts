import {batchAt} from '../core/batch-table.js';
import {limitOf, limitsOf} from '../core/cli-limits.js';
import type {Event, Fact} from '../core/event.js';
import {probeMs} from '../core/limit.js';
import type {Run} from '../core/run.js';
import {type AccountNews, newsVersion, readNews, writeNews} from '../store/account-file.js';
import type {Clock} from './clock.js';
import type {Ports} from './engine.js';

type News = Extract<Fact, {type: 'limit-shared' | 'limit-lifted'}>;

/** How often it is looked whether another job has told something, ms. */
const lookMs = 500;
/** The job that met the limit goes first; another one only when nothing was heard of it for so long, ms, */
const afterMs = 5000;
/** and a part drawn of this, so that of several others one goes first and is heard by the rest. */
const apartMs = 15_000;

/** Where the jobs of an account tell each other of it. */
export type AccountPlace = {name: string; file: string};

/** The accounts that a job shares with the other jobs of this user on this machine. */
export type Accounts = Required<Pick<Ports, 'listen'>> & {
	/** Tells the others what this job has met, sends ahead, or found. To be called with facts that are on disk. */
	tell(events: readonly Event[], run: Run): void;
	/** Resolves when what was to be told is on disk. */
	told(): Promise<void>;
	/** What other jobs have told last, as far as it concerns this one. */
	news(): Promise<News[]>;
};

export function createAccounts({
	now,
	jobId,
	clock,
	onProblem,
}: {
	/** The account of each of the job's CLIs as it is now: a job that changes can change them. */
	now(): readonly AccountPlace[];
	jobId: string;
	clock: Clock;
	/** The others could not be told, or heard. */
	onProblem(error: unknown): void;
}): Accounts {
	/** Of CLIs that share an account the first speaks for it: the others may have limits of their own models. */
	const places = () =>
		now().flatMap((place, backend, all) =>
			all.findIndex(({file}) => file === place.file) === backend ? [{...place, backend}] : [],
		);

	let writing = Promise.resolve();
	const write = (backend: number, news: Pick<AccountNews, 'state' | 'until' | 'at' | 'kind' | 'message'>) => {
		const place = places().find(one => one.backend === backend);
		if (!place) return;
		const {file, name} = place;
		writing = writing.then(() => writeNews(file, {format: 1, account: name, job: jobId, ...news})).catch(onProblem);
	};

	const newsOf = (told: AccountNews, which: number): News | undefined => {
		if (told.job === jobId) return undefined;
		const {kind, message, job} = told;
		const backend = which > 0 ? {backend: which} : {};
		if (told.state === 'lifted') return {type: 'limit-lifted', job, toldAt: told.at, ...backend};
		const since = told.state === 'probing' ? told.at + probeMs : told.until;
		const until = Math.round(since + afterMs + apartMs * clock.random());
		return until > clock.now() ? {type: 'limit-shared', until, kind, message, job, ...backend} : undefined;
	};

	const newsIn = async ({file, backend}: ReturnType<typeof places>[number]): Promise<News[]> => {
		try {
			const told = await readNews(file);
			const found = told && newsOf(told, backend);
			return found ? [found] : [];
		} catch (error) {
			onProblem(error);
			return [];
		}
	};

	return {
		tell(events, run) {
			for (const event of events) {
				const {at} = event;
				if (event.type === 'limit-seen') {
					const backend = batchAt(run, event.batch).backend ?? 0;
					const {kind, message} = event.failure;
					const until = limitOf(run, backend)?.until ?? event.closes ?? event.until;
					write(backend, {state: 'limited', until, at, kind, message});
				}
				if (event.type === 'batch-moved' && event.failure) {
					const {kind, message} = event.failure;
					const left = run.closed?.find(one => one.since === at && one.message === message);
					if (left) write(left.backend, {state: 'limited', until: left.until, at, kind, message});
				}
				if (event.type === 'attempt-started') {
					const {batch, attempt} = event;
					const sent = limitsOf(run).find(({limit: {probe}}) => probe?.batch === batch && probe.attempt === attempt);
					if (sent) write(sent.backend, {...sent.limit, state: 'probing', at});
				}
				if (event.type === 'limit-lifted' && event.job === undefined)
					write(event.backend ?? 0, {state: 'lifted', until: at, at, kind: 'rate_limit', message: ''});
			}
		},
		told: () => writing,
		news: async () => (await Promise.all(places().map(newsIn))).flat(),
		listen(heard) {
			let isOver = false;
			const seen = new Map<string, string | undefined>();
			const look = async () => {
				for (const place of places()) {
					const version = await newsVersion(place.file);
					if (seen.has(place.file) && seen.get(place.file) === version) continue;
					seen.set(place.file, version);
					for (const found of await newsIn(place)) if (!isOver) heard(found);
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
