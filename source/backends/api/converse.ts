import type {Failure} from '../../core/failure.js';
import {addUsage, type Usage} from '../../core/usage.js';
import {callWords, resultWords} from '../tool-words.js';
import type {Api, Ask, ToolCall, ToolResult, Turn} from './api.js';
import {BrokenOff, Rejected} from './fault.js';
import type {ReplyLog} from './reply-log.js';
import type {Watch} from './watch.js';
import type {WorkspaceTools} from './workspace-tools.js';

/** What a conversation needs. */
export type Circumstances<Message> = {
	api: Pick<Api<Message>, 'resultMessages'>;
	/** Sends one request. */
	speak(ask: Ask<Message>): Promise<Turn<Message>>;
	tools: WorkspaceTools | undefined;
	system: string | undefined;
	maxTurns: number;
	watch: Watch;
	log: ReplyLog;
	warn: Ask<Message>['warn'];
};

/**
 * How it ended: with the last reply, or why not. `messages` can be gone on with: no call in them is without its result.
 */
export type Talk<Message> = {messages: Message[]; turns: number; usage?: Usage} & (
	| {reply: string}
	| {error: unknown}
	| {failure: Failure}
);

/** Lets the model speak and use its tools until it is done. Rejects only for a bug. */
export async function converse<Message>(
	begun: readonly Message[],
	{api, speak, tools, system, maxTurns, watch, log, warn}: Circumstances<Message>,
): Promise<Talk<Message>> {
	const messages = [...begun];
	let usage: Usage | undefined;
	let turns = 0;
	const talk = () => ({messages, turns, ...(usage ? {usage} : {})});

	for (;;) {
		let spent: Usage | undefined;
		let turn: Turn<Message>;
		try {
			watch.alive();
			turn = await speak({
				messages,
				tools: tools?.definitions ?? [],
				system,
				signal: watch.signal,
				say: text => log.piece(text),
				spent: so => {
					spent = so;
				},
				warn,
			});
		} catch (error) {
			const isBroken = error instanceof BrokenOff;
			if (!isBroken && !(error instanceof Rejected)) throw error;
			if (spent) usage = addUsage(usage, spent);
			return {...talk(), error: isBroken ? error : error.cause};
		}
		turns++;
		if (spent) usage = addUsage(usage, spent);
		const {stop, message, text} = turn;
		switch (stop.type) {
			case 'done':
				if (message) messages.push(message);
				return {...talk(), reply: text};
			case 'failed':
				return {...talk(), failure: stop.failure};
			case 'paused':
				if (message) messages.push(message);
				break;
			case 'calls': {
				watch.rest();
				const results = await resultsOf(stop.calls);
				// Calls that were cut off have no results, and without them the turn cannot be kept.
				if (!results) return {...talk(), error: watch.signal.reason};
				messages.push(...(message ? [message] : []), ...api.resultMessages(results));
				break;
			}
		}
		if (turns >= maxTurns) return {...talk(), failure: tooManyTurns(maxTurns)};
	}

	async function resultsOf(calls: readonly ToolCall[]): Promise<ToolResult[] | undefined> {
		const results: ToolResult[] = [];
		for (const {id, name, input} of calls) {
			if (watch.signal.aborted) return undefined;
			log.line(`● ${callWords({name, input: asMap(input)})}`);
			const result = await unlessAborted(tools?.call(name, input, watch.signal), watch.signal);
			if (!result) return undefined;
			const {text, isError} = result;
			log.line(`  ${isError ? '✗' : '↳'} ${resultWords({content: text, is_error: isError}, name)}`);
			results.push({id, text, isError});
		}
		return results;
	}
}

const tooManyTurns = (most: number): Failure => ({
	kind: 'transient',
	message: `The model was not done after ${most} ${most === 1 ? 'turn' : 'turns'} (backend.max_turns): a smaller batch.size needs fewer.`,
});

const asMap = (input: unknown): Record<string, unknown> =>
	typeof input === 'object' && input !== null && !Array.isArray(input) ? (input as Record<string, unknown>) : {};

/** What the promise gives; undefined as soon as the signal is aborted, however long it still takes. */
function unlessAborted<T>(promise: Promise<T> | undefined, signal: AbortSignal): Promise<T | undefined> {
	return new Promise((resolve, reject) => {
		const onAbort = () => resolve(undefined);
		if (signal.aborted) onAbort();
		else signal.addEventListener('abort', onAbort, {once: true});
		Promise.resolve(promise)
			.then(resolve, reject)
			.finally(() => signal.removeEventListener('abort', onAbort));
	});
}
