import * as z from 'zod';
import {commandSchema} from '../core/command.js';
import {eventSchema} from '../core/event.js';
import {runSchema} from '../core/run.js';

/** Grows when a side that does not know the change could misread the other. */
export const protocolVersion = 1;

const signalSchema = z.object({
	type: z.literal('output'),
	batch: z.number(),
	attempt: z.number(),
	stream: z.enum(['stdout', 'stderr']),
	text: z.string(),
});

/** What a client says, one JSON value a line; `hello` comes first and once. */
export const clientMessageSchema = z.discriminatedUnion('type', [
	z.object({type: z.literal('hello'), version: z.number(), readOnly: z.boolean()}),
	/** `id` is the client's own number for it, and comes back with the answer. */
	z.object({type: z.literal('command'), id: z.number(), command: commandSchema}),
]);
export type ClientMessage = z.infer<typeof clientMessageSchema>;

/** What the program that runs the job says, one JSON value a line; `hello` comes first, or `bye` alone. */
export const serverMessageSchema = z.discriminatedUnion('type', [
	/** The job, the process that runs it, and its state at fact `seq`: every later fact follows as an event. */
	z.object({
		type: z.literal('hello'),
		version: z.number(),
		id: z.string(),
		pid: z.number(),
		seq: z.number(),
		snapshot: runSchema,
		/** Messages to people that nobody got so far; none where it is absent. */
		undelivered: z.number().exactOptional(),
	}),
	/** Facts that are on disk. Never left out. None where only `undelivered` has grown. */
	z.object({type: z.literal('events'), events: z.array(eventSchema), undelivered: z.number().exactOptional()}),
	/** Live output. Left out for a client that is slow. */
	z.object({type: z.literal('signal'), signal: signalSchema}),
	/** The command with this id is recorded, or was refused for the reason given. */
	z.object({type: z.literal('answer'), id: z.number(), refused: z.string().exactOptional()}),
	/** The last line: the run is `over`, was `given-up` for trouble with its state, or this client is `unwelcome`. */
	z.object({type: z.literal('bye'), reason: z.enum(['over', 'given-up', 'unwelcome']), message: z.string()}),
]);
export type ServerMessage = z.infer<typeof serverMessageSchema>;

export const encode = (message: ClientMessage | ServerMessage): Buffer => Buffer.from(`${JSON.stringify(message)}\n`);

/** The message on a line, or undefined when it is none. */
export function decode<T>(schema: z.ZodType<T>, line: string): T | undefined {
	try {
		return schema.safeParse(JSON.parse(line)).data;
	} catch {
		return undefined;
	}
}
