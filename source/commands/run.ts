import {resolve} from 'node:path';
import {eventLines} from '../headless/event-line.js';
import {summaryLines} from '../headless/summary-lines.js';
import {type Complete, type OpenOptions, type OpenRun, openRun} from '../open-run.js';
import {parentOf} from '../process/parent.js';
import {loadScreen} from '../ui/load-screen.js';
import {endWhenStuck} from './alone.js';
import {type Context, type Ending, sayFindings, sayProblem} from './context.js';
import {abandoned, endingOf, lastWords} from './ending.js';
import {isFile, locate} from './locate.js';
import {deferred, followOnScreen, type ScreenFlags, wantsScreen} from './screen.js';
import {type Heed, heedSignals} from './signals.js';

export type RunFlags = {
	set: string[];
	workspace?: string;
	maxParallel?: string;
	startBatch?: string;
	batches?: string;
	fresh?: boolean;
	force?: boolean;
	/** In a process of its own, without a terminal. */
	detach?: boolean;
} & ScreenFlags;

/** `mozart run` and `mozart resume`: on a screen where there is a terminal, else plain lines or one event a line. */
export async function run(
	ref: string,
	flags: RunFlags,
	intent: 'run' | 'resume',
	context: Context,
	parent = parentOf(context.env),
): Promise<Ending> {
	if (flags.detach) return (await import('./detach.js')).detach(ref, flags, intent, context);
	const options = await openOptions(ref, flags, intent, context);
	if ('kind' in options) return sayProblem(options, context);
	const onScreen = wantsScreen(context, flags) ? deferred(context) : undefined;
	// While the run is opened, which waits for the disk now and then.
	if (onScreen) void loadScreen();
	const heed = heedSignals(onScreen ?? context);
	try {
		const opened = await openRun(options);
		if ('kind' in opened) {
			const ending = sayProblem(opened, context);
			if (opened.kind === 'locked') context.err(`Watch it: mozart attach ${ref}`);
			return ending;
		}
		if (!('engine' in opened)) return sayComplete(opened, context);
		sayOpening(opened, context);
		return await (onScreen ? followOnScreen(opened, heed, onScreen, flags, parent) : follow(opened, heed, context));
	} finally {
		heed.release();
		onScreen?.flush();
	}
}

/** Flags and a job reference as options for `openRun`. A file is opened with this call's `--set`, a known job also with its own. */
export async function openOptions(
	ref: string,
	flags: RunFlags,
	intent: OpenOptions['intent'],
	context: Context,
): Promise<
	OpenOptions | {kind: 'usage'; message: string} | Extract<Awaited<ReturnType<typeof locate>>, {kind: string}>
> {
	const {clock, env, cwd} = context;
	const selection = selectionOf(flags);
	if (typeof selection === 'string') return {kind: 'usage', message: selection};
	const path = resolve(cwd, ref);
	const asFile = intent === 'run' && (/\.ya?ml$/i.test(ref) || (await isFile(path)));
	const found = asFile ? {file: path, sets: []} : await locate(ref, context);
	if ('kind' in found) return found;
	const sets = [...found.sets, ...flags.set];
	if (flags.workspace !== undefined) sets.push(`workspace=${JSON.stringify(resolve(cwd, flags.workspace))}`);
	if (flags.maxParallel !== undefined) sets.push(`parallel.max_concurrent=${flags.maxParallel}`);
	return {
		...{file: asFile ? ref : found.file, sets, intent, clock, env},
		...(selection && {selection}),
		fresh: flags.fresh ?? false,
		force: flags.force ?? false,
	};
}

/** `--batches 3-7,9` and `--start-batch 4` as closed ranges; a text when they cannot be read. */
function selectionOf({batches, startBatch}: RunFlags): [number, number][] | undefined | string {
	if (batches !== undefined && startBatch !== undefined) return 'give either --batches or --start-batch, not both';
	if (startBatch !== undefined) {
		const first = wholeNumber(startBatch);
		return first ? [[first, Number.MAX_SAFE_INTEGER]] : `--start-batch takes a batch number, not “${startBatch}”`;
	}
	if (batches === undefined) return undefined;
	const ranges = batches.split(',').map((part): [number, number] | undefined => {
		const [from = '', to = from, ...rest] = part.trim().split('-');
		const [first, last] = [wholeNumber(from), to === '' ? Number.MAX_SAFE_INTEGER : wholeNumber(to)];
		return first && last && first <= last && rest.length === 0 ? [first, last] : undefined;
	});
	return ranges.every(range => range !== undefined)
		? ranges
		: `--batches takes numbers and ranges such as 3-7,9 (or 12- for all from 12 on), not “${batches}”`;
}

const wholeNumber = (text: string) => (/^[1-9]\d{0,8}$/.test(text) ? Number(text) : undefined);

export function sayOpening({id, name, workspace, notes, warnings, source}: OpenRun, context: Context): void {
	sayFindings(warnings, source, context);
	for (const note of notes) context.err(note);
	if (!context.json) context.out(`${name} (${id}), results in ${workspace}`);
}

/** There is nothing to do for a job that is complete already. */
export function sayComplete({id, run, notes}: Complete, context: Context): Ending {
	for (const note of notes) context.err(note);
	if (context.json) context.out(JSON.stringify({type: 'complete', id, total: run.total}));
	else for (const line of summaryLines(run, {id, now: context.clock.now()})) context.out(line);
	return 'done';
}

/** Prints what happens until the run is over. */
export async function follow(opened: OpenRun, heed: Heed, context: Context): Promise<Ending> {
	const {engine, id, notifier} = opened;
	engine.subscribe((events, run) => {
		for (const event of events) {
			if (context.json) context.out(JSON.stringify(event));
			else for (const line of eventLines(event, run)) context.out(line);
		}
	});
	notifier?.onProblem(line => context.err(line));
	notifier?.setTerminal(context.ring);
	endWhenStuck(opened);
	heed.steer(engine);
	engine.start();
	try {
		const run = await engine.ended;
		for (const problem of await opened.close()) context.err(problem);
		const now = context.clock.now();
		if (!context.json) for (const line of summaryLines(run, {id, now})) context.out(line);
		await lastWords(opened, heed, context);
		return endingOf(run);
	} catch (error) {
		return abandoned(error, opened, context, heed);
	}
}
