import type * as z from 'zod';
import type {Failure} from '../../core/failure.js';
import type {Usage} from '../../core/usage.js';
import type {Utilization} from '../backend.js';
import type {FaultRow} from './fault.js';
import type {Fetch} from './watched-fetch.js';
import type {ToolDefinition} from './workspace-tools.js';

/** A tool that the model wants to be used, and what came of it. */
export type ToolCall = {id: string; name: string; input: unknown};
export type ToolResult = {id: string; text: string; isError: boolean};

/** How a turn has ended. `paused`: the model wants to go on by itself. `failed`: it said something, but not what was asked for. */
export type Stop =
	| {type: 'done'}
	| {type: 'calls'; calls: ToolCall[]}
	| {type: 'paused'}
	| {type: 'failed'; failure: Failure};

/** What the model said in one turn: as the API wants it back, if it was anything, as text, and how it ended. */
export type Turn<Message> = {message?: Message; text: string; stop: Stop};

/** One request. */
export type Ask<Message> = {
	messages: readonly Message[];
	tools: readonly ToolDefinition[];
	system: string | undefined;
	signal: AbortSignal;
	/** The next piece of what the model says. */
	say(text: string): void;
	/** What this turn has used so far; the last word counts, also of a turn that fails. */
	spent(usage: Usage): void;
	/** How much of the account's quota is used, as often as the API tells. */
	warn(utilization: Utilization): void;
};

/** What an attempt speaks with. `fetch` counts signs of life and follows no redirects. */
export type Access = {key: string | undefined; fetch: Fetch};

/**
 * What is special about an API; what all have in common is `createApiBackend`. `Message` is a message as the API has it:
 * plain data, which is kept on disk between attempts.
 */
export type Api<Message> = {
	/** What a person calls it, at the beginning of a sentence. */
	title: string;
	messageSchema: z.ZodType<Message>;
	/** `fixedHead`: so many characters of the text are the same for every batch. */
	userMessage(text: string, fixedHead?: number): Message;
	/** What goes back to the model for all the calls of one turn. */
	resultMessages(results: readonly ToolResult[]): Message[];
	/** Loads the SDK, and makes a client for one attempt. What it gives sends one request; it rejects with `Rejected` or `BrokenOff`. */
	connect(access: Access): Promise<(ask: Ask<Message>) => Promise<Turn<Message>>>;
	/** Sends a request where `fetch` would not do. */
	send?: Fetch;
	/** What its errors mean: the first row that fits. Faults of the connection are looked up behind them. */
	failures: readonly FaultRow[];
};
