import {resolve} from 'node:path';
import {isIdle} from '../core/plan.js';
import type {Run} from '../core/run.js';
import type {Engine} from '../engine/engine.js';
import {eventLines} from '../headless/event-line.js';
import {summaryLines} from '../headless/summary-lines.js';
import {type OpenOptions, type OpenRun, openRun} from '../open-run.js';
import {killAllNow} from '../process/run.js';
import {StoreError} from '../store/store-failure.js';
import {type Context, type Ending, sayFindings, sayProblem} from './context.js';
import {isFile, locate} from './locate.js';

export type RunFlags = {
	set: string[];
	workspace?: string;
	maxParallel?: string;
	startBatch?: string;
	batches?: string;
	fresh?: boolean;
	force?: boolean;
};

/** `mozart run` and `mozart resume` without a screen: plain lines, or one event a line. */
export async function run(ref: string, flags: RunFlags, intent: 'run' | 'resume', context: Context): Promise<Ending> {
	const options = await openOptions(ref, flags, intent, context);
	if ('kind' in options) return sayProblem(options, context);
	const opened = await openRun(options);
	if ('kind' in opened) return sayProblem(opened, context);
	if (!('engine' in opened)) {
		for (const note of opened.notes) context.err(note);
		if (context.json) context.out(JSON.stringify({type: 'complete', id: opened.id, total: opened.run.total}));
		else for (const line of summaryLines(opened.run, {id: opened.id, now: context.clock.now()})) context.out(line);
		return 'done';
	}
	sayOpening(opened, context);
	return follow(opened, context);
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

/** Prints what happens until the run is over; the first Ctrl-C or TERM stops it in order, the second at once. */
export async function follow(opened: OpenRun, context: Context): Promise<Ending> {
	const {engine, id} = opened;
	let printed: Run | undefined;
	engine.subscribe((events, run) => {
		printed = run;
		for (const event of events) {
			if (context.json) context.out(JSON.stringify(event));
			else for (const line of eventLines(event, run)) context.out(line);
		}
		// Nobody is there to say "go on": what a person must mend ends this program, and the work stays pending.
		if (run.phase === 'paused' && isIdle(run)) void engine.send({type: 'stop', mode: 'drain'});
	});
	const release = stopOnSignals(engine, context);
	engine.start();
	try {
		const run = await engine.ended;
		for (const problem of await opened.close()) context.err(problem);
		const now = context.clock.now();
		if (!context.json) for (const line of summaryLines(run, {id, now})) context.out(line);
		return endingOf(run);
	} catch (error) {
		for (const problem of await opened.close()) context.err(problem);
		if (!(error instanceof StoreError)) throw error;
		context.err(`The run was stopped: ${error.message}`);
		if (printed) context.err(`When that is mended, go on with: mozart resume ${id}`);
		return 'unfinished';
	} finally {
		release();
	}
}

function endingOf(run: Run): Ending {
	switch (run.result) {
		case 'completed':
			return 'done';
		case 'failed':
			return 'failed';
		default:
			return 'unfinished';
	}
}

/** How long the second Ctrl-C waits for the facts of the killed attempts to reach the disk, ms. */
const lastWords = 1000;

function stopOnSignals(engine: Engine, context: Context): () => void {
	let asked = 0;
	const onSignal = () => {
		asked++;
		if (asked === 1) {
			context.err('Stopping: what runs is ended and goes back to the queue. Once more to stop at once.');
			void engine.send({type: 'stop', mode: 'now'}).catch(() => {});
			return;
		}
		killAllNow();
		context.clock.timer(lastWords, () => process.exit(3));
	};
	// A closed terminal must not end the work; what is printed from then on is lost, the log files are not.
	const onHangUp = () => {};
	process.on('SIGINT', onSignal).on('SIGTERM', onSignal).on('SIGHUP', onHangUp);
	return () => {
		process.off('SIGINT', onSignal).off('SIGTERM', onSignal).off('SIGHUP', onHangUp);
	};
}
