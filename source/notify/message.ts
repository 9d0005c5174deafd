import type {Topic} from '../config/notifications.js';
import type {Digest} from '../core/digest.js';
import type {Event} from '../core/event.js';
import type {Run} from '../core/run.js';

/** How things are said, by whoever knows the words: they are the same on every face. */
export type Words = {
	/** A fact in a few words, without its time; nothing for facts that only matter to machines. */
	say(event: Event, run: Run): string | undefined;
	/** How it stands in one line, and the whole digest in several. */
	headline(digest: Digest): string;
	lines(digest: Digest): string[];
};

/** One thing to tell. `topics` are those the receiver asked for. */
export type Note = {topics: readonly Topic[]; seq: number; at: number; batch?: number; text: string};

/** What a receiver is told in one go. */
export type Message = {
	/** The same for every try to deliver it, and that of no other message, so that a receiver can take each once. */
	id: string;
	job: {id: string; name: string};
	/** Ms since the epoch. */
	at: number;
	level: 'good' | 'info' | 'attention' | 'bad';
	title: string;
	topics: Topic[];
	notes: Note[];
	/** Further notes that are only counted. */
	more: number;
	/** What is read below the title. */
	lines: string[];
	/** When the run is over. */
	digest?: Digest;
	/** Sent by hand, to see whether it arrives. */
	test?: boolean;
};

/** Notes that are told one by one in a message; a bound, for bursts. */
export const mostNotes = 10;

/** What has happened since the last message, at most so much of it that it can be read. */
export type Gathered = {notes: Note[]; more: number; counts: Map<Topic, number>};

export const gathered = (): Gathered => ({notes: [], more: 0, counts: new Map()});

/** Adds a note. A limit that several batches meet, and a pause with one reason, are one note. */
export function gather(into: Gathered, note: Note): void {
	for (const topic of note.topics) into.counts.set(topic, (into.counts.get(topic) ?? 0) + 1);
	const same = into.notes.findIndex(
		({text, topics}) => text === note.text || (topics.includes('limit_hit') && note.topics.includes('limit_hit')),
	);
	if (same >= 0) {
		into.notes[same] = note;
		return;
	}
	into.notes.push(note);
	if (into.notes.length <= mostNotes) return;
	// The last one of the least weight: what wants a person is never lost among what only goes on.
	const least = Math.min(...into.notes.map(weightOf));
	into.notes.splice(
		into.notes.findLastIndex(one => weightOf(one) === least),
		1,
	);
	into.more++;
}

const weightOf = ({topics}: Note): number => {
	if (topics.every(topic => topic === 'batch_start' || topic === 'batch_complete')) return 0;
	return topics.includes('batch_failed') ? 1 : 2;
};

/** The message for what was gathered; with a digest it is about the end of the run. */
export function compose(
	{notes, more, counts}: Gathered,
	{id, job, digest, words}: {id: string; job: Message['job']; digest?: Digest | undefined; words: Words},
): Message {
	const topics = [...counts.keys()];
	const last = notes.reduce((latest, note) => (note.seq > latest.seq ? note : latest));
	const title = digest ? words.headline(digest) : `${job.name}: ${titleOf(notes, counts)}`;
	const listed = notes.map(({text}) => text).filter(text => title !== `${job.name}: ${text}` && text !== title);
	const events = more > 0 ? [...listed, `and ${more} more`] : listed;
	const [, ...rest] = digest ? words.lines(digest) : [];
	return {
		...{id, job},
		at: last.at,
		level: levelOf(topics),
		title,
		topics,
		notes,
		more,
		lines: [...rest, ...(rest.length > 0 && events.length > 0 ? [''] : []), ...events],
		...(digest && {digest}),
	};
}

/** Most important first. */
const order: readonly (readonly [Topic, (count: number) => string])[] = [
	['batch_failed', count => `${count} ${count === 1 ? 'batch has' : 'batches have'} failed`],
	['batch_complete', count => `${count} ${count === 1 ? 'batch is' : 'batches are'} completed`],
	['batch_start', count => `${count} ${count === 1 ? 'batch has' : 'batches have'} begun`],
	['job_start', () => 'started'],
];

function titleOf(notes: readonly Note[], counts: ReadonlyMap<Topic, number>): string {
	const [first, second] = notes;
	const telling = notes.find(({topics}) =>
		topics.some(topic => topic === 'attention' || topic === 'job_paused' || topic === 'budget_warning'),
	);
	const limit = notes.find(({topics}) => topics.includes('limit_hit'));
	const alone = telling ?? limit ?? (second ? undefined : first);
	if (alone) return alone.text;
	const parts = order.flatMap(([topic, words]) => {
		const count = counts.get(topic);
		return count ? [words(count)] : [];
	});
	return parts.join(', ');
}

function levelOf(topics: readonly Topic[]): Message['level'] {
	const has = (...some: Topic[]) => some.some(topic => topics.includes(topic));
	if (has('job_failed', 'batch_failed')) return 'bad';
	if (has('attention', 'job_paused', 'limit_hit', 'budget_warning')) return 'attention';
	return has('job_complete') ? 'good' : 'info';
}

/** A message to see whether it arrives. */
export const testMessage = ({id, job, at}: Pick<Message, 'id' | 'job' | 'at'>): Message => ({
	...{id, job, at, level: 'info', topics: [], notes: [], more: 0, test: true},
	title: `${job.name}: a test message from Mozart`,
	lines: ['This is where you are told of this job.'],
});
