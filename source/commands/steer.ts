import {errorWords} from '../config/error-words.js';
import type {RemoteEngine} from '../control/client.js';
import {allBatches, batchAt} from '../core/batch-table.js';
import type {Command} from '../core/command.js';
import type {Run} from '../core/run.js';
import type {Engine} from '../engine/engine.js';
import {type Context, type Ending, sayProblem} from './context.js';
import {type Located, locate} from './locate.js';
import {reach} from './reach.js';

/** What a person or a script asks of a job. Batches as they were written on the command line. */
export type Wish =
	| {type: 'pause'; now: boolean}
	| {type: 'resume'}
	| {type: 'skip'; batch: string}
	| {type: 'retry'; batch?: string}
	| {type: 'cancel'; batch?: string};

/** How long a cancelled run's program has to be done with the job, ms. */
const partingMs = 2000;

/**
 * `mozart pause|skip|retry|cancel JOB`: tells the program that runs the job. A job that nobody runs is opened for a moment
 * to record it. Comes back when it is on disk; `cancel` when the run is over.
 */
export async function steer(ref: string, wish: Wish, context: Context): Promise<Ending> {
	const located = await locate(ref, context);
	if ('kind' in located) return sayProblem(located, context);
	const engine = await reach(located);
	if (engine && 'kind' in engine) return sayProblem(engine, context);
	if (engine) return steerLive(engine, located, wish, context);
	// Loads much more: a script that steers what runs need not wait for it.
	return (await import('./steer-stopped.js')).steerStopped(located, wish, context);
}

/** For a job that another program runs now. */
export async function steerLive(
	engine: RemoteEngine,
	{id}: Pick<Located, 'id'>,
	wish: Wish,
	context: Context,
): Promise<Ending> {
	engine.start();
	try {
		const ending = await obey(engine, id, wish, context);
		if (ending !== 'done' || wish.type !== 'cancel' || wish.batch !== undefined) return ending;
		await engine.ended;
		const {promise: late, resolve} = Promise.withResolvers<void>();
		const callOff = context.clock.timer(partingMs, resolve);
		await Promise.race([engine.closed, late]);
		callOff();
		return ending;
	} catch (error) {
		return sayProblem({kind: 'state', message: errorWords(error)}, context);
	} finally {
		engine.disconnect();
	}
}

/** What a run is told, as follows from how it stands; or why it cannot be. */
export type Ask = (run: Run) => Command[] | string;

/** Asks for what is wished, and says how that went. */
const obey = async (engine: Engine, id: string, wish: Wish, context: Context): Promise<Ending> =>
	say(id, wish, await sendAll(engine, run => commandsOf(wish, run)), context);

/** Undefined once all of it is recorded, else the first reason why something was refused. */
export async function sendAll(engine: Engine, ask: Ask): Promise<string | undefined> {
	const commands = ask(engine.getSnapshot());
	if (typeof commands === 'string') return commands;
	for (const command of commands) {
		const refused = await engine.send(command);
		if (refused !== undefined) return refused;
	}
	return undefined;
}

/** What the run is told, or why it cannot be. A command that ends an attempt names the one that was seen. */
export function commandsOf(wish: Wish, run: Run): Command[] | string {
	if (wish.type === 'pause') return [{type: 'pause', mode: wish.now ? 'now' : 'drain'}];
	if (wish.type === 'resume') return [{type: 'resume'}];
	if (wish.batch === undefined)
		return wish.type === 'cancel' ? [{type: 'stop', mode: 'now', cancel: true}] : again(run);
	const batch = Number(wish.batch);
	if (!Number.isInteger(batch) || batch < 1 || batch > run.total)
		return `there is no batch ${wish.batch}: the job has ${run.total}`;
	if (wish.type === 'retry') return [{type: 'retry', batch}];
	const {attempt} = batchAt(run, batch);
	return [{type: wish.type === 'cancel' ? 'hold' : 'skip', batch, attempt}];
}

/** Everything that waits for a person. */
function again(run: Run): Command[] | string {
	const stuck = [...allBatches(run)].filter(({status}) => status === 'failed' || status === 'held');
	return stuck.length === 0
		? 'no batch has failed or is held'
		: stuck.map(({number}): Command => ({type: 'retry', batch: number}));
}

export function say(id: string, wish: Wish, refused: string | undefined, context: Context): Ending {
	const {type: command, ...more} = wish;
	if (context.json) {
		const data = {type: 'answer', id, command, ...more, ...(refused !== undefined && {refused})};
		context.out(JSON.stringify(data));
	}
	if (refused !== undefined) context.err(`${id}: refused: ${refused}`);
	else if (!context.json) context.out(`${id}: ${words(wish)}`);
	return refused === undefined ? 'done' : 'usage';
}

function words(wish: Wish): string {
	switch (wish.type) {
		case 'pause':
			return wish.now
				? 'paused: what ran goes back to the queue'
				: 'pausing: nothing new starts, and what runs is finished';
		case 'resume':
			return 'going on';
		case 'skip':
			return `batch ${wish.batch} is skipped`;
		case 'retry':
			return wish.batch === undefined
				? 'what failed or was held is queued again'
				: `batch ${wish.batch} is queued again`;
		case 'cancel':
			return wish.batch === undefined ? 'cancelled' : `batch ${wish.batch} is held until it is retried`;
	}
}
