import {stat} from 'node:fs/promises';
import type {ApiBackend} from '../../config/backend-schema.js';
import type {Failure} from '../../core/failure.js';
import {addUsage, type Usage} from '../../core/usage.js';
import type {BackendRequest, BackendResult, Utilization} from '../backend.js';
import type {ResetReader} from '../reset-reader.js';
import type {Api} from './api.js';
import {converse, type Talk} from './converse.js';
import {failureOf, faultOf} from './fault.js';
import {keepConversation, readConversation, sessionOf, writeWhole} from './kept-conversation.js';
import {outputFile, unfitOutput} from './output-file.js';
import {openReplyLog, type ReplyLog} from './reply-log.js';
import {systemText} from './system-text.js';
import {reasonOf} from './tools/beneath.js';
import type {RegexFinder} from './tools/search-files.js';
import {createWatch, type Watch} from './watch.js';
import {watchedFetch} from './watched-fetch.js';
import {createWorkspaceTools} from './workspace-tools.js';

/** What an attempt needs from elsewhere. */
export type Around = {readReset: ResetReader; now(): number; findMatches?: RegexFinder};

/** What of a backend's settings is about the conversation, whichever API it is. */
export type Settings = Pick<
	ApiBackend,
	'type' | 'output' | 'tools' | 'max_turns' | 'idle_timeout_seconds' | 'timeout_seconds'
>;

/**
 * One attempt by an API: a conversation, the reply of which becomes a file where the job says so. A completion goes on
 * with what was said in the attempt before; where that cannot be, the whole prompt begins a new one, still in this attempt.
 */
export async function runApiAttempt<Message>(
	api: Api<Message>,
	settings: Settings,
	{request, key, around}: {request: BackendRequest; key: string | undefined; around: Around},
): Promise<BackendResult> {
	const startedAt = performance.now();
	if (request.signal.aborted) return notStarted;
	const {workspace = ''} = request.placeholders;
	const output = settings.output && outputFile(settings.output.file, request.placeholders);
	if (output && 'problem' in output) return notSent({kind: 'config', message: output.problem});
	const unfit = output && (await unfitOutput(output.file, workspace));
	if (unfit !== undefined) return notSent({kind: 'config', message: unfit});

	const tools = settings.tools ? createWorkspaceTools(workspace, around.findMatches) : undefined;
	const watch = createWatch({
		signal: request.signal,
		timeoutMs: request.timeoutMs,
		idleMs: settings.idle_timeout_seconds * 1000,
	});
	const log = openReplyLog(request);
	try {
		const speak = await api.connect({key, fetch: watchedFetch(watch.alive, api.send)});
		const warn = onlyNews(warning => request.onUtilization?.(warning));
		const system = systemText({workspace, isKept: output !== undefined, hasTools: tools !== undefined});
		const circumstances = {api, speak, tools, system, maxTurns: settings.max_turns, watch, log, warn};
		const fresh = [api.userMessage(request.prompt, request.fixedHead)];
		const kept = await sessionBefore(api, request, settings.type);
		if (request.signal.aborted) return notStarted;
		// From here on there may be files, and there will be costs.
		request.onSpawn();
		if (request.session && !kept) goesAnew(request, log);
		let talk = await converse(kept ?? fresh, circumstances);
		let failure = await whyFailed(talk, {api, settings, watch, around});
		let usage = talk.usage;
		if (kept && failure && isLost(talk, failure) && !watch.signal.aborted) {
			goesAnew(request, log);
			talk = await converse(fresh, circumstances);
			failure = await whyFailed(talk, {api, settings, watch, around});
			usage = together(usage, talk.usage);
		}
		if (!failure && 'reply' in talk && output) failure = await writeReply(output.file, talk.reply, workspace);
		if (failure?.kind !== 'interrupted') await keep(talk, {request, settings, log});
		if (failure) log.complain(failure.message);
		const logProblem = await log.finish();
		if (logProblem !== undefined) request.onOutput({stream: 'stderr', text: `\n${logProblem}\n`});
		const note = logProblem === undefined ? '' : ` ${logProblem}`;
		return {
			spawned: true,
			durationMs: performance.now() - startedAt,
			aborted: failure?.kind === 'interrupted',
			...(failure ? {failure: {...failure, message: `${failure.message}${note}`}} : {}),
			...(failure?.raw === undefined ? {} : {said: failure.raw}),
			...(usage ? {usage} : {}),
		};
	} finally {
		watch.stop();
		await log.finish();
	}
}

/** The conversation that a completion goes on with, and what is asked next in it. */
async function sessionBefore<Message>(
	api: Api<Message>,
	{session, promptFile}: BackendRequest,
	type: string,
): Promise<Message[] | undefined> {
	if (!session) return undefined;
	const {messageSchema} = api;
	const before = await readConversation(promptFile, session.id, {api: type, messageSchema});
	return before && [...before, api.userMessage(session.prompt)];
}

function goesAnew(request: BackendRequest, log: ReplyLog): void {
	log.line('… the conversation cannot go on: the whole prompt begins a new one');
	request.keepPrompt(request.prompt);
}

type Judging<Message> = {api: Api<Message>; settings: Settings; watch: Watch; around: Around};

/** Why a conversation did not end well; undefined when nothing speaks against it. */
async function whyFailed<Message>(
	talk: Talk<Message>,
	{api: {title, failures}, settings, watch, around}: Judging<Message>,
): Promise<Failure | undefined> {
	if ('reply' in talk) return undefined;
	switch (watch.ending()) {
		case 'aborted':
			return {kind: 'interrupted', message: 'Stopped before it had finished.'};
		case 'timeout': {
			const limit = `${settings.timeout_seconds} s (backend.timeout_seconds)`;
			return {kind: 'timeout', message: `${title} was not done after ${limit}.`};
		}
		case 'silence': {
			const limit = `${settings.idle_timeout_seconds} s (backend.idle_timeout_seconds)`;
			return {kind: 'timeout', message: `${title} was silent for ${limit}.`};
		}
		case undefined:
	}
	if ('failure' in talk) return talk.failure;
	return failureOf(faultOf(talk.error), {title, rows: failures, ...around});
}

/** Whether it is what was said before that the API does not take, so that the whole prompt may do. */
const isLost = <Message>(talk: Talk<Message>, failure: Failure): boolean =>
	failure.kind === 'prompt_too_long' || ('error' in talk && talk.turns === 0 && faultOf(talk.error).status === 400);

async function writeReply(file: string, reply: string, workspace: string): Promise<Failure | undefined> {
	if (reply.trim() === '')
		return {kind: 'transient', message: 'The model ended without a reply, so there is nothing to write.'};
	const unfit = await unfitOutput(file, workspace);
	if (unfit !== undefined) return {kind: 'config', message: unfit};
	try {
		const before = await stat(file).catch(() => undefined);
		const mode = before?.isFile() ? before.mode & 0o777 : undefined;
		await writeWhole(file, reply.endsWith('\n') ? reply : `${reply}\n`, {mode});
		return undefined;
	} catch (error) {
		const reason = reasonOf(error);
		return {kind: 'config', message: `The reply could not be written to ${file} (backend.output.file): ${reason}.`};
	}
}

/** Keeps what was said, where the model has said anything: a completion may go on with it. */
async function keep<Message>(
	{messages, turns}: Talk<Message>,
	{request, settings, log}: {request: BackendRequest; settings: Settings; log: ReplyLog},
): Promise<void> {
	if (turns === 0) return;
	const {promptFile, mask} = request;
	try {
		await keepConversation(promptFile, {api: settings.type, messages, mask});
	} catch (error) {
		log.complain(`The conversation could not be kept: ${reasonOf(error)}.`);
		return;
	}
	await request.newSession(sessionOf(promptFile));
}

/** The same window at the same height is no news. */
function onlyNews(warn: (warning: Utilization) => void): (warning: Utilization) => void {
	const told = new Map<string, number>();
	return warning => {
		if ((told.get(warning.window) ?? 0) >= warning.utilization) return;
		told.set(warning.window, warning.utilization);
		warn(warning);
	};
}

const together = (first: Usage | undefined, second: Usage | undefined): Usage | undefined =>
	second ? addUsage(first, second) : first;

const notStarted: BackendResult = {
	spawned: false,
	durationMs: 0,
	aborted: true,
	failure: {kind: 'interrupted', message: 'Stopped before it had begun.'},
};

export const notSent = (failure: Failure): BackendResult => ({spawned: false, durationMs: 0, aborted: false, failure});
