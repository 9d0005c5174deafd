import {allBatches, batchAt} from '../core/batch-table.js';
import {eventSchema} from '../core/event.js';
import {isIdle} from '../core/plan.js';
import type {Run} from '../core/run.js';
import {passedCount} from '../core/verdict.js';
import type {Engine} from '../engine/engine.js';
import {summaryLines} from '../headless/summary-lines.js';
import {rulesPass} from '../headless/words.js';
import {type OpenRun, openRun} from '../open-run.js';
import {acquireLock} from '../store/lock.js';
import {repairSaved} from '../store/repair-saved.js';
import {type Context, type Ending, sayProblem} from './context.js';
import {abandoned, endingOf} from './ending.js';
import {locate} from './locate.js';
import {openOptions, sayOpening} from './run.js';
import {heedSignals} from './signals.js';

/**
 * `mozart recover JOB`: checks the rules of every batch that was begun and is not done, and completes those that pass.
 * Runs nothing. With `repair`, damaged state is mended first.
 */
export async function recover(
	ref: string,
	{repair, force}: {repair: boolean; force: boolean},
	context: Context,
): Promise<Ending> {
	if (repair) {
		const ending = await mend(ref, force, context);
		if (ending !== 'done') return ending;
	}
	const options = await openOptions(ref, {set: [], force}, 'recheck', context);
	if ('kind' in options) return sayProblem(options, context);
	const heed = heedSignals(context);
	try {
		const opened = await openRun(options);
		if ('kind' in opened) return sayProblem(opened, context);
		if ('engine' in opened) return await recheckAll(opened, context);
		const {id, run} = opened;
		const line = `${id}: every batch is completed already.`;
		context.out(context.json ? JSON.stringify({type: 'complete', id, total: run.total}) : line);
		return 'done';
	} finally {
		heed.release();
	}
}

async function recheckAll(opened: OpenRun, context: Context): Promise<Ending> {
	const {engine, id} = opened;
	sayOpening(opened, context);
	const begun = [...allBatches(engine.getSnapshot())].filter(
		batch => batch.attempt > 0 && batch.status !== 'completed' && batch.status !== 'skipped',
	);
	try {
		await pausedAndIdle(engine);
		for (const {number} of begun) {
			const settled = batchAt(engine.getSnapshot(), number).status === 'completed';
			const refused = settled ? undefined : await recheck(engine, number);
			sayRechecked(engine.getSnapshot(), number, refused, context);
		}
		await engine.send({type: 'stop', mode: 'drain'});
		const run = await engine.ended;
		for (const problem of await opened.close()) context.err(problem);
		if (!context.json) for (const line of summaryLines(run, {id, now: context.clock.now()})) context.out(line);
		return endingOf(run);
	} catch (error) {
		return abandoned(error, opened, context);
	}
}

/** Starts the engine, which was opened to pause at once, and resolves when what was left to judge is judged. */
export async function pausedAndIdle(engine: Engine): Promise<void> {
	const idle = Promise.withResolvers<void>();
	engine.ended.catch(idle.reject);
	const unsubscribe = engine.subscribe((_, run) => {
		if (run.phase === 'paused' && isIdle(run)) idle.resolve();
	});
	engine.start();
	await idle.promise;
	unsubscribe();
}

/** Resolves when the recheck is over, with the reason when it was refused. */
async function recheck(engine: Engine, number: number): Promise<string | undefined> {
	const over = Promise.withResolvers<void>();
	engine.ended.catch(over.reject);
	const unsubscribe = engine.subscribe((_, run) => {
		if (batchAt(run, number).status !== 'rechecking') over.resolve();
	});
	const refused = await engine.send({type: 'recheck', batch: number});
	if (refused === undefined && batchAt(engine.getSnapshot(), number).status === 'rechecking') await over.promise;
	unsubscribe();
	return refused;
}

function sayRechecked(run: Run, number: number, refused: string | undefined, context: Context): void {
	const batch = batchAt(run, number);
	const {status} = batch;
	const rules = run.job.validations.length;
	const passed = status === 'completed' ? batch.passed : passedCount(batch.verdicts ?? []);
	const data = {type: 'rechecked', batch: number, status, passed, rules, ...(refused && {refused})};
	const judged = refused ?? rulesPass(passed, rules);
	context.out(context.json ? JSON.stringify(data) : `batch ${number}: ${status}, ${judged}`);
}

async function mend(ref: string, force: boolean, context: Context): Promise<Ending> {
	const located = await locate(ref, context);
	if ('kind' in located) return sayProblem(located, context);
	const {paths} = located;
	const lock = await acquireLock(paths.root, {now: context.clock.now(), force});
	if ('heldBy' in lock) return sayProblem({kind: 'locked', message: lock.message}, context);
	if ('failure' in lock) return sayProblem({kind: 'state', message: lock.failure.message}, context);
	const repaired = await repairSaved(paths, eventSchema);
	await lock.release();
	if ('failure' in repaired) return sayProblem({kind: 'state', message: repaired.failure.message}, context);
	context.err(repaired.message);
	return 'done';
}
