import {existsSync, watch} from 'node:fs';
import {allBatches, batchAt} from '../core/batch-table.js';
import type {State} from '../core/digest.js';
import {backendAt, backendName} from '../core/fallback.js';
import type {Batch, Run} from '../core/run.js';
import {type Summary, summarize, untilLastFact} from '../core/summary.js';
import {costWords} from '../core/usage.js';
import {closedLines, countWords, effortWords, failedLines, nextLines, stateWords} from '../headless/summary-lines.js';
import {durationWords, timeOfDay} from '../headless/words.js';
import type {Problem} from '../open-run.js';
import {growing} from '../store/kept-as.js';
import {lockOwner, type Owner} from '../store/lock-owner.js';
import {type Context, type Ending, sayProblem} from './context.js';
import {type Located, locate, readRun} from './locate.js';

export type Standing = {run: Run; state: State; owner?: Owner; summary: Summary};

/** How a job stands: a run that no living program holds was interrupted, whatever its last fact says. */
export async function standingOf({paths}: Located, now: number): Promise<Standing | Problem> {
	// Asked first, and once more after: a run that ends, or begins, between the two looks was not interrupted.
	const before = await lockOwner(paths.root);
	const run = await readRun(paths);
	if ('kind' in run) return run;
	const owner = before ?? (await lockOwner(paths.root));
	const summary = summarize(run, now);
	if (owner) return {run, state: summary.state, summary, owner};
	if (run.phase === 'ended') return {run, state: summary.state, summary};
	return {run, state: 'interrupted', summary: {...summary, elapsedMs: untilLastFact(run)}};
}

/** `mozart status [JOB]`: how a job stands; with `verbose` a line a batch, with `watch` again and again until it is over. */
export async function status(
	ref: string | undefined,
	{verbose, watch: again}: {verbose: boolean; watch: boolean},
	context: Context,
): Promise<Ending> {
	const located = await locate(ref, context);
	if ('kind' in located) return sayProblem(located, context);
	for (let said = ''; ; ) {
		const now = context.clock.now();
		const standing = await standingOf(located, now);
		if ('kind' in standing) return sayProblem(standing, context);
		const {run, state, owner} = standing;
		const news = `${run.seq} ${state} ${owner?.pid}`;
		if (news !== said) {
			if (context.json) context.out(JSON.stringify(statusData(located, standing)));
			else for (const line of statusLines(located, standing, {verbose, now})) context.out(line);
		}
		if (!again || !owner) return 'done';
		if (news !== said && !context.json) context.out('');
		said = news;
		await changed(located, context);
	}
}

/** A journal that grows is told by the system; looked at every two seconds all the same, in case it is not. */
async function changed({paths}: Located, {clock}: Context): Promise<void> {
	const {promise, resolve} = Promise.withResolvers<void>();
	const callOff = clock.timer(2000, resolve);
	const stops = growing(paths)
		.filter(existsSync)
		.map(file => watchFile(file, resolve));
	await promise;
	for (const stop of stops) stop();
	callOff();
	// One turn writes several lines: what comes within a moment is one change.
	await new Promise<void>(done => clock.timer(200, done));
}

/** Calls back when the file changes, and at once when it cannot be watched because it is gone. */
function watchFile(file: string, callback: () => void): () => void {
	try {
		const watcher = watch(file, callback).on('error', callback);
		return () => watcher.close();
	} catch {
		callback();
		return () => {};
	}
}

function statusLines(
	{id, file, workspace}: Located,
	{run, state, owner, summary}: Standing,
	{verbose, now}: {verbose: boolean; now: number},
): string[] {
	const by = owner ? `, process ${owner.pid}${owner.since ? ` since ${timeOfDay(owner.since)}` : ''}` : '';
	const said =
		state === 'interrupted' ? 'interrupted (its program ended without saying so)' : stateWords({...summary, state});
	const lines = [
		`${run.job.name} (${id}): ${said}${by}`,
		`  ${countWords(summary)}`,
		`  ${effortWords(summary)}`,
		...closedLines(summary),
		`  job file ${file}`,
		`  results  ${workspace}`,
	];
	const batchLine = (batch: Batch) => {
		const elsewhere = batch.backend ? `, with ${backendName(backendAt(run.job, batch.backend))}` : '';
		const words = !owner && batch.status === 'running' ? 'cut off' : batchWords(batch, now);
		return `  batch ${batch.number}: ${words}${elsewhere}`;
	};
	if (owner && !verbose) for (const number of run.live) lines.push(batchLine(batchAt(run, number)));
	lines.push(...failedLines(run));
	if (verbose) for (const batch of allBatches(run)) lines.push(batchLine(batch));
	if (!owner) lines.push(...nextLines({...summary, state}, id));
	return lines;
}

export function batchWords(batch: Batch, now: number): string {
	const tries = batch.attempt > 1 ? `, ${batch.attempt} attempts` : '';
	const cost = batch.usage?.costUsd === undefined ? '' : `, ${costWords(batch.usage.costUsd)}`;
	const took = `${batch.tookMs > 0 ? `, ${durationWords(batch.tookMs)}` : ''}${cost}`;
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

function statusData({id, file, workspace}: Located, {run, state, owner, summary}: Standing) {
	return {
		...{id, name: run.job.name, file, workspace},
		...summary,
		state,
		...(owner && {owner}),
		batches: [...allBatches(run)].map(({baseline: _, ...batch}) => batch),
	};
}
