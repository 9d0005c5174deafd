import type {Profile, ProfileFailure} from '../../config/profile.js';
import type {Failure, FailureKind} from '../../core/failure.js';
import type {Exited} from '../../process/run.js';
import {howItEnded} from '../command.js';
import {lastLines, shortReply} from '../last-words.js';
import {type ResetReader, withReset} from '../reset-reader.js';
import {firstLine} from '../tool-words.js';
import {titleOf} from './command.js';
import {valuesAt} from './path.js';
import type {Seen} from './reading.js';

/** What judging needs from elsewhere: patterns can take long, and times are told in a zone. */
export type Judges = {
	/** The first place where a pattern matches, `^` and `$` at each line; undefined also for one that takes too long. */
	match(pattern: string, text: string): Promise<{match: string; index: number} | undefined>;
	readReset: ResetReader;
};

/** How much of what it says patterns look at: its first errors, or else its complaints, each cut. */
const errorsRead = 5;
const longestWords = 1_000;
const replyLines = 20;

/** Why a run failed, by the profile's rows; nothing when nothing speaks against it. */
export async function judge(
	profile: Profile,
	seen: Seen,
	exit: Exited,
	timeoutMs: number,
	judges: Judges,
): Promise<{failure?: Failure; said?: string; sessionLost?: boolean}> {
	const title = titleOf(profile);
	const raw = lastLines(seen.errors.join('\n') || exit.tails.stderr || seen.shown);
	const failing = (failure: Failure): {failure: Failure} => ({failure: {...failure, ...(raw === '' ? {} : {raw})}});
	const ended = howItEnded(exit, title, timeoutMs);
	if (exit.aborted && ended) return failing(ended);
	const failed = ended !== undefined || hasFailed(profile, seen, exit);
	const words = failed ? wordsOf(profile, seen) : wholeReply(seen);

	const said = words === '' ? {} : {said: words};
	for (const [index, row] of profile.failures.entries()) {
		const found = await fitting(row, {index, words, failed, seen, exit}, judges);
		if (!found) continue;
		const message = sentence(row.message ?? usual[row.kind](title), found.quote);
		const failure = await withTime({kind: row.kind, message}, row, found, judges);
		return {...failing(failure), ...said, sessionLost: row.session_lost || row.kind === 'prompt_too_long'};
	}
	if (ended) return {...failing(ended), ...said};
	if (!failed) return said;
	const broken = exit.exitCode === undefined || !profile.success_exit_codes.includes(exit.exitCode);
	// Of one that was cut off, what it complained of on its way is not why.
	const quote = seen.errors[0] ?? (broken || seen.failed ? seen.complaints.at(-1) : undefined) ?? '';
	const isOdd = profile.failures.length > 0 && exit.exitCode !== 0 && words !== '';
	const unknown = isOdd ? ', and this is not a failure that its profile knows' : '';
	const how = `${howItFailed(title, {...seen, quote}, exit)}${unknown}`;
	return {...failing({kind: 'transient', message: sentence(how, quote)}), ...said};
}

function hasFailed({success_exit_codes: good, output}: Profile, seen: Seen, {exitCode}: Exited): boolean {
	const cutOff = output.type !== 'text' && !seen.final && output.events.some(event => event.final);
	return exitCode === undefined || !good.includes(exitCode) || seen.errors.length > 0 || seen.failed || cutOff;
}

function howItFailed(
	title: string,
	{failed, quote}: Pick<Seen, 'failed'> & {quote: string},
	{exitCode}: Exited,
): string {
	if (exitCode === 0 && (failed || quote !== '')) return `${title} said that it failed`;
	if (exitCode === 0) return `${title} ended without a result, as when it is interrupted from outside`;
	return `${title} failed with exit code ${exitCode}${quote === '' ? ' and without a word' : ''}`;
}

/** What the CLI said in its own name: its errors, or else what stood beside its events. */
function wordsOf({output}: Profile, {errors, complaints, reply}: Seen): string {
	if (errors.length > 0) return shortened(errors.slice(0, errorsRead));
	return shortened(output.type === 'text' ? [...complaints, ...reply.split('\n').slice(-replyLines)] : complaints);
}

const shortened = (lines: readonly string[]) => lines.map(line => line.slice(0, longestWords)).join('\n');

const wholeReply = ({reply}: Seen) => shortReply(reply);

type Evidence = {index: number; words: string; failed: boolean; seen: Seen; exit: Exited};
type Found = {quote: string; event: unknown};

/** What is found for a row of which all that it names fits. */
async function fitting(
	row: ProfileFailure,
	{index, words, failed, seen, exit}: Evidence,
	{match}: Judges,
): Promise<Found | undefined> {
	if (row.says === undefined && !row.event && !row.exit_codes) return undefined;
	if (row.event && !seen.signals.has(index)) return undefined;
	if (row.exit_codes && (exit.exitCode === undefined || !row.exit_codes.includes(exit.exitCode))) return undefined;
	const event = seen.signals.get(index);
	if (row.says === undefined) return {quote: seen.errors[0] ?? seen.complaints.at(-1) ?? '', event};
	const found = words === '' ? undefined : await match(row.says, words);
	if (!found || (!failed && found.match.length !== words.length)) return undefined;
	const start = words.lastIndexOf('\n', found.index) + 1;
	return {quote: words.slice(start).split('\n', 1)[0] ?? '', event};
}

/** A limit with the time at which it lifts, where the row says where that is told. */
async function withTime(
	failure: Failure,
	{reset, reset_path: path, brief}: ProfileFailure,
	{quote, event}: Found,
	{readReset}: Judges,
): Promise<Failure> {
	if (failure.kind !== 'rate_limit') return failure;
	const [told] = path === undefined ? [] : valuesAt(event, path);
	// What is too small for milliseconds of our days is seconds.
	const until = typeof told === 'number' ? (told < 1e11 ? told * 1000 : told) : undefined;
	const words = [...(typeof told === 'string' ? [`resets ${told}`] : []), ...(reset ? [quote] : [])];
	return withReset(
		{...failure, ...(until === undefined ? {} : {until}), ...(brief ? {brief} : {})},
		words.join('\n'),
		readReset,
	);
}

/** One sentence, with the CLI's own words in it. */
const sentence = (message: string, quote: string): string =>
	`${message.trim().replace(/\.$/, '')}${quote === '' ? '' : ` ("${firstLine(quote)}")`}.`;

/** What to say where a row says nothing of its own. */
const usual: Record<ProfileFailure['kind'] & FailureKind, (title: string) => string> = {
	rate_limit: title => `The limit of the account of ${title} is reached`,
	overloaded: title =>
		`The service behind ${title} has too much to do just now: the job waits a little and tries again`,
	network: title => `${title} cannot reach its service: check the network and the proxy`,
	timeout: title => `The service behind ${title} was silent for too long`,
	transient: title => `${title} failed`,
	auth: title => `${title} is not logged in, or its key is not valid: log in, then resume`,
	billing: title => `The account of ${title} has no credit left: add some, then resume`,
	budget: title => `${title} has spent the most it may: raise its limit, then resume`,
	config: title => `${title} cannot be started like this: correct the backend in the job file, then resume`,
	prompt_too_long: () =>
		'The prompt is too long for the model: make batch.size smaller, shorten the template, or let it name files instead of holding their text',
	refused: () =>
		'The model declined this prompt as against its rules: reword the template, or give these items another model',
};
