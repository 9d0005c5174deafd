import {createReadStream} from 'node:fs';
import {stat} from 'node:fs/promises';
import {batchAt} from '../core/batch-table.js';
import {type Event, eventSchema} from '../core/event.js';
import {reduce} from '../core/reduce.js';
import type {Run} from '../core/run.js';
import type {Signal} from '../engine/engine.js';
import {eventLines} from '../headless/event-line.js';
import {lockOwner} from '../store/lock-owner.js';
import {readFacts} from '../store/read-facts.js';
import {type Context, type Ending, sayProblem} from './context.js';
import {type Located, locate, readRun} from './locate.js';
import {openReadables, streamNames} from './output-log.js';

/** How often a followed log is looked at, ms. */
const followMs = 500;

export type LogFlags = {
	follow: boolean;
	attempt?: string;
	raw: boolean;
	write(text: string | Uint8Array): Promise<void>;
};

/** `mozart logs JOB [BATCH]`: what happened, or everything that a batch's CLI printed. */
export async function logs(ref: string, batch: string | undefined, flags: LogFlags, context: Context): Promise<Ending> {
	const located = await locate(ref, context);
	if ('kind' in located) return sayProblem(located, context);
	if (batch === undefined) return jobLog(located, flags, context);
	const run = await readRun(located.paths);
	if ('kind' in run) return sayProblem(run, context);
	const number = Number(batch);
	if (!Number.isInteger(number) || number < 1 || number > run.total) {
		return sayProblem({kind: 'usage', message: `There is no batch ${batch}: the job has ${run.total}.`}, context);
	}
	const attempt = flags.attempt === undefined ? batchAt(run, number).attempt : Number(flags.attempt);
	if (!(Number.isInteger(attempt) && attempt >= 1 && attempt <= batchAt(run, number).attempt)) {
		const message =
			flags.attempt === undefined
				? `Batch ${number} has not been run yet.`
				: `Batch ${number} has no attempt ${flags.attempt}: there were ${batchAt(run, number).attempt}.`;
		return sayProblem({kind: 'usage', message}, context);
	}
	return batchLog(located, run, {number, attempt}, flags, context);
}

async function jobLog(located: Located, {follow}: LogFlags, context: Context): Promise<Ending> {
	const known = await readRun(located.paths);
	if ('kind' in known) return sayProblem(known, context);
	let run: Run | undefined;
	let printed = 0;
	for (;;) {
		const alive = await lockOwner(located.paths.root);
		const read = await readFacts<Event>(located.paths, eventSchema);
		if ('failure' in read) return sayProblem({kind: 'state', message: read.failure.message}, context);
		for (const event of read.events) {
			if (event.seq <= printed) continue;
			run = reduce(run, event);
			printed = event.seq;
			if (context.json) context.out(JSON.stringify(event));
			else for (const line of eventLines(event, run)) context.out(line);
		}
		if (!follow || !alive) return 'done';
		await new Promise<void>(resolve => context.clock.timer(followMs, resolve));
	}
}

async function batchLog(
	located: Located,
	run: Run,
	{number: batch, attempt}: {number: number; attempt: number},
	flags: LogFlags,
	{json}: Context,
): Promise<Ending> {
	const {paths} = located;
	const readables = await openReadables(paths, run, batchAt(run, batch), attempt);
	const streams = [paths.stdoutLog(batch, attempt), paths.stderrLog(batch, attempt)].map((file, index) => ({
		file,
		offset: 0,
		readable: readables[index]!,
		decoder: new TextDecoder(),
		lines: createJsonLines({batch, attempt, stream: streamNames[index]!}),
	}));
	const say = async ({lines}: (typeof streams)[number], text: string) => {
		const said = json ? lines.push(text) : text;
		if (said !== '') await flags.write(said);
	};
	const readOn = async (stream: (typeof streams)[number]) => {
		const size = await stat(stream.file).then(
			found => found.size,
			() => 0,
		);
		if (size <= stream.offset) return;
		const chunks = createReadStream(stream.file, {start: stream.offset, end: size - 1});
		for await (const chunk of chunks as AsyncIterable<Buffer>) {
			// What a CLI printed is data: on a terminal its control sequences must not act.
			if (flags.raw && !json) {
				await flags.write(chunk);
				continue;
			}
			const text = stream.decoder.decode(chunk, {stream: true});
			await say(stream, flags.raw ? text : stream.readable.push(text));
		}
		stream.offset = size;
	};
	for (;;) {
		const going = flags.follow && (await isRunning(located, batch, attempt));
		for (const stream of streams) {
			await readOn(stream);
			if (going) continue;
			if (!flags.raw) await say(stream, stream.readable.end());
			if (json) await flags.write(stream.lines.end());
		}
		if (!going) return 'done';
		await new Promise<void>(resolve => setTimeout(resolve, followMs));
	}
}

/** Characters of a line that are held while its end does not come: a bound, not a length that lines have. */
const longestLine = 1024 * 1024;

/** Text that comes in pieces as JSON, an object a line of it: what live output is to other programs, too. */
function createJsonLines(origin: Pick<Signal, 'batch' | 'attempt' | 'stream'>) {
	let rest = '';
	const encode = (text: string) => `${JSON.stringify({type: 'output', ...origin, text} satisfies Signal)}\n`;
	const end = () => {
		const last = rest;
		rest = '';
		return last === '' ? '' : encode(last);
	};
	return {
		push(text: string): string {
			const lines = (rest + text).split('\n');
			rest = lines.pop() ?? '';
			return lines.map(encode).join('') + (rest.length > longestLine ? end() : '');
		},
		end,
	};
}

async function isRunning({paths}: Located, number: number, attempt: number): Promise<boolean> {
	if (!(await lockOwner(paths.root))) return false;
	const run = await readRun(paths);
	if ('kind' in run) return false;
	const batch = batchAt(run, number);
	return batch.attempt === attempt && (batch.status === 'running' || batch.status === 'stopping');
}
