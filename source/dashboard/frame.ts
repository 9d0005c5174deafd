import type * as z from 'zod';
import type {boardMessages, jobMessages, logMessages} from './shapes.js';

type Messages = typeof jobMessages & typeof boardMessages & typeof logMessages;
export type MessageName = keyof Messages;
export type MessageOf<N extends MessageName> = z.infer<Messages[N]>;

/** A server-sent event, written out once for all who hear it. */
export type Frame = {name: MessageName; batch?: number; bytes: Uint8Array};

const encoder = new TextEncoder();

/** JSON has no line ends of its own, so that nothing in `data` can begin a field or another event. */
export function frameOf<N extends MessageName>(name: N, data: MessageOf<N>, id?: string): Frame {
	const head = id === undefined ? '' : `id: ${id}\n`;
	const batch = name === 'output' ? (data as MessageOf<'output'>).batch : undefined;
	return {
		name,
		...(batch !== undefined && {batch}),
		bytes: encoder.encode(`${head}event: ${name}\ndata: ${JSON.stringify(data)}\n\n`),
	};
}

/** Where a listener has come to: a fact, and the run that it belongs to, which a fresh start replaces. */
export type Mark = {seq: number; startedAt?: number};

export const markWords = ({seq, startedAt}: {seq: number; startedAt: number}): string => `${seq}@${startedAt}`;

/** Reads `412@1760000000000`, or `412` alone. */
export function readMark(text: string): Mark | undefined {
	const [, seq, startedAt] = /^(\d{1,15})(?:@(\d{1,15}))?$/.exec(text) ?? [];
	if (seq === undefined) return undefined;
	return {seq: Number(seq), ...(startedAt !== undefined && {startedAt: Number(startedAt)})};
}
