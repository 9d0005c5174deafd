import {allBatches, batchAt} from '../core/batch-table.js';
import {eventSchema} from '../core/event.js';
import {isIdle} from '../core/plan.js';
import {passedCount} from '../core/verdict.js';
import {summaryLines} from '../headless/summary-lines.js';
import {counted} from '../headless/words.js';
import {openRun} from '../open-run.js';
import {acquireLock} from '../store/lock.js';
import {repairJournal} from '../store/repair-journal.js';
import {type Context, type Ending, sayProblem} from './context.js';
import {locate} from './locate.js';
import {openOptions, sayOpening} from './run.js';

/**
 * `mozart recover JOB`: checks the rules of every batch that was begun and is not done, and completes those that pass.
 * Runs nothing. With `repair`, a damaged journal is mended first.
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
	const opened = await openRun(options);
	if ('kind' in opened) return sayProblem(opened, context);
	if (!('engine' in opened)) {
		context.out(`${opened.id}: every batch is completed already.`);
		return 'done';
	}
	sayOpening(opened, context);
	const {engine, id} = opened;
	const said = (line: string, data: object) => context.out(context.json ? JSON.stringify(data) : line);
	try {
		await new Promise<void>((resolve, reject) => {
			engine.ended.catch(reject);
			const unsubscribe = engine.subscribe((_, run) => {
				if (run.phase !== 'paused' || !isIdle(run)) return;
				unsubscribe();
				resolve();
			});
			engine.start();
		});
		const begun = [...allBatches(engine.getSnapshot())].filter(
			batch => batch.attempt > 0 && batch.status !== 'completed' && batch.status !== 'skipped',
		);
		for (const {number} of begun) {
			const refused = await recheck(number);
			const batch = batchAt(engine.getSnapshot(), number);
			const rules = engine.getSnapshot().job.validations.length;
			const passed = batch.status === 'completed' ? batch.passed : passedCount(batch.verdicts ?? []);
			const judged = refused ?? `${passed} of ${counted(rules, 'rule')} pass`;
			said(`batch ${number}: ${batch.status}, ${judged}`, {
				type: 'rechecked',
				batch: number,
				status: batch.status,
				passed,
				rules,
				...(refused && {refused}),
			});
		}
		await engine.send({type: 'stop', mode: 'drain'});
		const run = await engine.ended;
		if (!context.json) for (const line of summaryLines(run, {id, now: context.clock.now()})) context.out(line);
		return run.result === 'completed' ? 'done' : run.result === 'failed' ? 'failed' : 'unfinished';
	} finally {
		for (const problem of await opened.close()) context.err(problem);
	}

	/** Resolves when the recheck is over, with the reason when it was refused. */
	async function recheck(number: number): Promise<string | undefined> {
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
}

async function mend(ref: string, force: boolean, context: Context): Promise<Ending> {
	const located = await locate(ref, context);
	if ('kind' in located) return sayProblem(located, context);
	const {paths} = located;
	const lock = await acquireLock(paths.root, {now: context.clock.now(), force});
	if ('heldBy' in lock) return sayProblem({kind: 'locked', message: lock.message}, context);
	if ('failure' in lock) return sayProblem({kind: 'state', message: lock.failure.message}, context);
	const repaired = await repairJournal(paths.journal, {schema: eventSchema, checkpoint: paths.checkpoint});
	await lock.release();
	if ('failure' in repaired) return sayProblem({kind: 'state', message: repaired.failure.message}, context);
	context.err(repaired.message);
	return 'done';
}
