import {watch} from 'node:fs';
import {allBatches} from '../core/batch-table.js';
import type {Batch, Run} from '../core/run.js';
import {type Summary, summarize} from '../core/summary.js';
import {countWords, effortWords, failedLines, stateWords} from '../headless/summary-lines.js';
import {durationWords, timeOfDay} from '../headless/words.js';
import {lockOwner, type Owner} from '../store/lock-owner.js';
import {type Context, type Ending, sayProblem} from './context.js';
import {type Located, locate, readRun} from './locate.js';

export type Standing = {state: Summary['state'] | 'interrupted'; owner?: Owner; summary: Summary};

/** How a job stands: a run that no living program holds was interrupted, whatever its last fact says. */
export async function standingOf({paths}: Located, run: Run, now: number): Promise<Standing> {
	const summary = summarize(run, now);
	const owner = await lockOwner(paths.root);
	const state = owner || run.phase === 'ended' ? summary.state : 'interrupted';
	return {state, summary, ...(owner && {owner})};
}

/** `mozart status [JOB]`: how a job stands; with `verbose` a line a batch, with `watch` again and again until it is over. */
export async function status(
	ref: string | undefined,
	{verbose, watch: again}: {verbose: boolean; watch: boolean},
	context: Context,
): Promise<Ending> {
	const located = await locate(ref, context);
	if ('kind' in located) return sayProblem(located, context);
	for (;;) {
		const run = await readRun(located.paths);
		if ('kind' in run) return sayProblem(run, context);
		const now = context.clock.now();
		const standing = await standingOf(located, run, now);
		if (context.json) context.out(JSON.stringify(statusData(located, run, standing)));
		else for (const line of statusLines(located, run, standing, {verbose, now})) context.out(line);
		if (!again || !standing.owner) return 'done';
		if (!context.json) context.out('');
		await changed(located, context);
	}
}

/** A journal that grows is told by the system; looked at every two seconds all the same, in case it is not. */
async function changed({paths}: Located, {clock}: Context): Promise<void> {
	const {promise, resolve} = Promise.withResolvers<void>();
	const callOff = clock.timer(2000, resolve);
	const watcher = watch(paths.journal, () => resolve()).on('error', () => resolve());
	await promise;
	watcher.close();
	callOff();
	// One turn writes several lines: what comes within a moment is one change.
	await new Promise<void>(done => clock.timer(200, done));
}

function statusLines(
	{id, file, workspace}: Located,
	run: Run,
	{state, owner, summary}: Standing,
	{verbose, now}: {verbose: boolean; now: number},
): string[] {
	const by = owner ? `, process ${owner.pid}${owner.since ? ` since ${timeOfDay(owner.since)}` : ''}` : '';
	const said =
		state === 'interrupted' ? 'interrupted (its program ended without saying so)' : stateWords({...summary, state});
	const lines = [
		`${run.job.name} (${id}): ${said}${by}`,
		`  ${countWords(summary)}`,
		`  ${effortWords(summary)}`,
		`  job file ${file}`,
		`  results  ${workspace}`,
	];
	for (const number of run.live) {
		const batch = [...allBatches(run)][number - 1];
		if (batch && owner) lines.push(`  batch ${number}: ${batchWords(batch, now)}`);
	}
	lines.push(...failedLines(run));
	if (verbose) for (const batch of allBatches(run)) lines.push(`  batch ${batch.number}: ${batchWords(batch, now)}`);
	if (!owner && summary.left > 0 && state !== 'failed') lines.push(`Go on: mozart resume ${id}`);
	if (!owner && state === 'failed') lines.push(`Look: mozart logs ${id} BATCH    Again: mozart run ${id}`);
	return lines;
}

export function batchWords(batch: Batch, now: number): string {
	const tries = batch.attempt > 1 ? `, ${batch.attempt} attempts` : '';
	const took = batch.tookMs > 0 ? `, ${durationWords(batch.tookMs)}` : '';
	switch (batch.status) {
		case 'running':
			return `running, attempt ${batch.attempt} for ${durationWords(now - batch.startedAt)}`;
		case 'waiting':
			return `waiting ${durationWords(Math.max(0, batch.until - now))} for its next attempt (${batch.next})`;
		case 'failed':
			return `failed${tries}${took}: ${batch.failure.message}`;
		default:
			return `${batch.status}${tries}${took}`;
	}
}

function statusData({id, file, workspace}: Located, run: Run, {state, owner, summary}: Standing) {
	return {
		...{id, name: run.job.name, file, workspace},
		...summary,
		state,
		...(owner && {owner}),
		batches: [...allBatches(run)].map(({verdicts, baseline: _, ...batch}) => ({
			...batch,
			...(verdicts && {verdicts}),
		})),
	};
}
