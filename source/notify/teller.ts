import {randomUUID} from 'node:crypto';
import {isDeepStrictEqual} from 'node:util';
import {errorWords} from '../config/error-words.js';
import type {Notification, Topic} from '../config/notifications.js';
import {digestOf} from '../core/digest.js';
import type {Event} from '../core/event.js';
import type {Run} from '../core/run.js';
import {createWay} from './create-way.js';
import {hide} from './delivery.js';
import type {Surroundings} from './desktop.js';
import {compose, type Note, type Words} from './message.js';
import type {Teller} from './notifier.js';
import {createOutbox, type Time} from './outbox.js';
import {isEnd, isRoutine, topicsOf} from './topics.js';
import {namedSecrets} from './variables.js';

type Options = Surroundings & {
	job: {id: string; name: string};
	time: Time;
	words: Words;
	/** A message was given up; one line. */
	giveUp(line: string): void;
};

/** One of those whom the job names. */
type Receiver = {
	wanted: readonly Topic[];
	put(note: Note, isLast: boolean): void;
	finish(signal: AbortSignal): Promise<void>;
};

/** What the end waits longer than one try of the slowest receiver may take, ms: another one may be near. */
const graceMs = 2000;

/** Tells everybody whom the run's job names at the time, each of what they want to know. */
export function createTeller({job, time, words, giveUp, ...surroundings}: Options): Teller {
	const context = {...surroundings, now: () => time.now()};
	let latest: Run | undefined;
	let notifications: readonly Notification[] = [];
	let receivers: Receiver[] = [];
	/** Those whom the job named before it was changed, and that have messages left. */
	const former = new Set<Promise<void>>();
	const stop = new AbortController();
	/** A limit was told of and is not over: that other jobs go on meeting it is no news. */
	let isLimited = false;

	const digest = (run: Run) => digestOf(run, {id: job.id, now: time.now()});

	function receiverOf(notification: Notification, index: number): Receiver {
		let ends = false;
		const outbox = createOutbox({
			...createWay(notification, context),
			time,
			compose(gathered) {
				const end = ends && latest ? digest(latest) : undefined;
				ends = false;
				return compose(gathered, {id: randomUUID(), job, digest: end, words});
			},
			onProblem(problem, partly) {
				// What one receiver answers may quote what belongs to another.
				const line = `${partly ? 'Not everybody' : 'Nobody'} was told by ${notification.type} (notifications.${index}): ${problem}.`;
				giveUp(hide(line, namedSecrets(notifications, surroundings.env)));
			},
		});
		return {
			wanted: notification.on_events,
			put(note, isLast) {
				ends ||= isLast;
				outbox.put(note, {urgent: !note.topics.every(isRoutine), last: isLast});
			},
			finish: outbox.finish,
		};
	}

	function follow(run: Run): void {
		latest = run;
		if (run.job.notifications === notifications) return;
		const isSame = isDeepStrictEqual(run.job.notifications, notifications);
		notifications = run.job.notifications;
		if (isSame) return;
		for (const {finish} of receivers) {
			const finished: Promise<void> = finish(stop.signal).then(() => void former.delete(finished));
			former.add(finished);
		}
		receivers = notifications.map(receiverOf);
	}

	function tellOne(event: Event, run: Run): void {
		if (event.type === 'limit-lifted' || event.type === 'limit-ended') isLimited = false;
		const topics = topicsOf(event, run);
		if (topics.length === 0) return;
		if (event.type === 'limit-shared' && isLimited) return;
		isLimited ||= topics.includes('limit_hit');
		const isLast = isEnd(event);
		const batch = 'batch' in event ? event.batch : undefined;
		const note = {
			...{seq: event.seq, at: event.at, ...(batch !== undefined && {batch})},
			text: isLast ? words.headline(digest(run)) : (textOf(event, run, words) ?? event.type),
		};
		put(topics, note, isLast);
	}

	function put(topics: readonly Topic[], note: Omit<Note, 'topics'>, isLast: boolean): void {
		for (const {wanted, put} of receivers) {
			const mine = topics.filter(topic => wanted.includes(topic));
			if (mine.length > 0) put({...note, topics: mine}, isLast);
		}
	}

	return {
		tell(events, run) {
			try {
				follow(run);
				for (const event of events) tellOne(event, run);
			} catch (error) {
				// The engine waits for nobody here, and must not end for a message.
				giveUp(`Nobody was told of something: ${errorWords(error)}.`);
			}
		},
		tellTrouble(reason) {
			const text = `the run was stopped: ${reason}`;
			put(['attention', 'job_failed'], {seq: latest?.seq ?? 0, at: time.now(), text}, false);
		},
		async finish(limitMs, signal) {
			const oneTry = Math.max(
				0,
				...notifications.map(({config}) => ('timeout_seconds' in config ? config.timeout_seconds : 0)),
			);
			const timer = setTimeout(() => stop.abort(), Math.min(limitMs, oneTry * 1000 + graceMs));
			signal?.addEventListener('abort', () => stop.abort(), {once: true});
			await Promise.all([...receivers.map(({finish}) => finish(stop.signal)), ...former]);
			clearTimeout(timer);
		},
	};
}

function textOf(event: Event, run: Run, words: Words): string | undefined {
	// Several batches can come back for the one reason that the job is paused for.
	const isPause = event.type === 'paused' || event.type === 'batch-returned';
	return isPause && run.reason ? `paused: ${run.reason}` : words.say(event, run);
}
