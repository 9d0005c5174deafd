import {writeFileSync} from 'node:fs';
import {resolve} from 'node:path';
import type {ResetReader} from '../backends/reset-reader.js';
import {folderOf} from '../config/backend-schema.js';
import {backendAt} from '../core/fallback.js';
import type {Outcome} from '../core/run.js';
import {completionPrompt, continuationPrompt} from '../prompts/completion.js';
import {placeholderValues, templateVariables} from '../prompts/variables.js';
import {diskFailure} from '../store/disk-failure.js';
import type {StatePaths} from '../store/state-folder.js';
import {StoreError} from '../store/store-failure.js';
import {takeBaseline} from '../validation/baseline.js';
import {checkRules} from '../validation/rules.js';
import type {Ports, Task} from './engine.js';
import {createFixedHead} from './fixed-head.js';
import {limitInReply, withLimitPatterns} from './limit-patterns.js';
import type {Tools} from './tools.js';

/** What every attempt of a run shares. Paths are absolute. */
export type Workshop = {
	jobId: string;
	/** The folder of the job file. */
	folder: string;
	workspace: string;
	paths: StatePaths;
	tools: Pick<Tools, 'of'>;
	readReset: ResetReader;
	/** A new random id for a CLI's session. */
	uuid(): string;
};

/** What an attempt's processes carry in their environment; `${jobId}:` is the prefix of all of a job's. */
export const markerOf = (jobId: string, batch: number, attempt: number) => `${jobId}:${batch}#${attempt}`;

/** How an attempt is made: note the watched files, render, run the CLI; and how its rules are checked. */
export function createAttempts(workshop: Workshop): Pick<Ports, 'perform' | 'validate'> {
	const {jobId, workspace, paths, tools} = workshop;
	const folders = {workspace, jobFolder: workshop.folder};

	const perform: Ports['perform'] = async (task, {signal, report, output}) => {
		const {batch, attempt} = task;
		if (signal.aborted) return notBegun;
		const {job} = task.run;
		const settings = backendAt(job, batch.backend);
		const {backend, env, mask} = tools.of(task.run, batch.backend);
		const clean = <T>(value: T): T => mask?.data(value) ?? value;
		const placeholders = placeholdersOf(task);
		if (!batch.baseline && job.validations.some(rule => rule.type === 'file_modified')) {
			const {snapshots} = paths;
			const baseline = await takeBaseline(job.validations, {workspace, placeholders, snapshots, mask}).catch(
				unwritable(snapshots),
			);
			await report({type: 'attempt-prepared', batch: batch.number, attempt, baseline});
		}
		const prompt = promptOf(task);
		if ('failure' in prompt) return {durationMs: 0, aborted: false, notStarted: true, failure: clean(prompt.failure)};
		const promptFile = paths.promptFile(batch.number, attempt);
		// Small and at once: asynchronously it would take three trips through the thread pool.
		const keep = (text: string) => {
			try {
				writeFileSync(promptFile, backend.readsPromptFile ? text : clean(text), {mode: 0o600});
			} catch (error) {
				unwritable(promptFile)(error as NodeJS.ErrnoException);
			}
		};
		const before = backend.keepsSessions && task.mode === 'completion' ? batch.session : undefined;
		const session = before && {...before, prompt: continuationPrompt(completionOf(task))};
		keep(session ? session.prompt : prompt.text);
		const {spawned, said, ...raw} = await backend.run({
			mode: task.mode,
			prompt: prompt.text,
			promptFile,
			...(backend.cachesPrompts && task.mode !== 'completion' && {fixedHead: fixedHead(task.run, prompt.text)}),
			cwd: resolve(workshop.folder, folderOf(settings)),
			placeholders,
			env,
			mask,
			marker: markerOf(jobId, batch.number, attempt),
			logs: {stdout: paths.stdoutLog(batch.number, attempt), stderr: paths.stderrLog(batch.number, attempt)},
			timeoutMs: settings.timeout_seconds * 1000,
			signal,
			...(session && {session}),
			newSession: async (told = workshop.uuid()) => {
				const sessionId = told;
				await report({type: 'attempt-prepared', batch: batch.number, attempt, sessionId});
				return sessionId;
			},
			keepPrompt: keep,
			// Read only where rules could judge a cut-off attempt. Not waited for: the process is there already, and a failing
			// append ends the run by itself.
			onSpawn: pid => {
				if (job.validations.length === 0) return;
				const process = pid === undefined ? {} : {pid};
				void report({type: 'attempt-spawned', batch: batch.number, attempt, ...process}).catch(() => {});
			},
			// Advice, not needed for the attempt: nobody waits for it.
			onUtilization: ({utilization, window, resetsAt: until}) => {
				const warning = {utilization, window, ...(until === undefined ? {} : {until})};
				// What is warned of is the account of the job's own backend.
				if (!batch.backend) void report({type: 'limit-warned', ...warning}).catch(() => {});
			},
			onOutput: ({stream, text}) => output({type: 'output', batch: batch.number, attempt, stream, text}),
		});
		const outcome = clean(spawned || raw.aborted ? raw : {...raw, notStarted: true});
		const {failure} = outcome;
		if (outcome.aborted) return outcome;
		const {readReset} = workshop;
		const patterns = job.rate_limit.detection_patterns;
		const judged = failure
			? await withLimitPatterns(failure, patterns, {said, readReset})
			: await limitInReply(said, patterns, {readReset});
		return judged ? {...outcome, failure: judged} : outcome;
	};

	const validate: Ports['validate'] = async (task, signal) => {
		const {batch, attempt} = task;
		const rules = task.run.job.validations;
		if (rules.length === 0) return {verdicts: []};
		const {env, mask} = tools.of(task.run);
		const placeholders = placeholdersOf(task);
		const verdicts = await checkRules(rules, {
			workspace,
			placeholders,
			baseline: batch.baseline ?? [],
			env,
			mask,
			marker: markerOf(jobId, batch.number, attempt),
			signal,
		});
		if (signal.aborted) return undefined;
		if (!rules.some(rule => rule.type === 'file_modified')) return {verdicts};
		const {snapshots} = paths;
		// For those who look later; a run does not fail for want of it.
		const after = await takeBaseline(rules, {workspace, placeholders, snapshots, mask}).catch(() => []);
		return {verdicts, after};
	};

	const rendered = (run: Task['run'], batch: Task['batch']) =>
		tools.of(run).template.render(templateVariables(run.job, batchOf({run, batch}), folders));
	const fixedHead = createFixedHead((run, batch) => {
		const prompt = rendered(run, batch);
		return 'text' in prompt ? prompt.text : undefined;
	});

	const placeholdersOf = (task: Task) => placeholderValues(task.run.job, batchOf(task), folders);

	function promptOf(task: Task): {text: string} | {failure: NonNullable<Outcome['failure']>} {
		const prompt = rendered(task.run, task.batch);
		if ('error' in prompt) {
			const {message, line} = prompt.error;
			return {failure: {kind: 'config', message: `the prompt template cannot be rendered (line ${line}): ${message}`}};
		}
		if (task.mode !== 'completion') return prompt;
		return {text: completionPrompt({...completionOf(task), original: prompt.text})};
	}

	return {perform, validate};
}

const completionOf = ({run, batch}: Task) => ({
	verdicts: batch.verdicts ?? [],
	batchNumber: batch.number,
	attemptNumber: batch.completions,
	maxCompletions: run.job.retry.max_completion_attempts,
});

const notBegun: Outcome = {
	durationMs: 0,
	aborted: true,
	failure: {kind: 'interrupted', message: 'stopped before it began'},
};

/** A batch as templates and placeholders see it: its numbers and the names of its items. */
export function batchOf({run, batch}: Pick<Task, 'run' | 'batch'>) {
	const {number, first, last} = batch;
	const items = run.items?.slice(first - 1, last);
	return {number, first, last, total: run.total, ...(items ? {items} : {})};
}

/** State that cannot be written ends the run, loudly: no attempt can do anything about it. */
const unwritable =
	(path: string) =>
	(error: NodeJS.ErrnoException): never => {
		throw new StoreError(diskFailure(error, error.path ?? path), {cause: error});
	};
