import type {ServerResponse} from 'node:http';
import type {Clock} from '../engine/clock.js';
import {type Frame, frameOf} from './frame.js';

/** Bytes that a listener may be behind before it is let go, and before it misses live output. */
const mostBehind = 1024 * 1024;
const mostBehindLive = 64 * 1024;
const heartbeatMs = 15_000;

/** One listener's connection. */
export type Stream = {
	/** Who is too far behind is let go, and can come back. */
	send(frame: Frame): void;
	/** The listener takes less than it is told: what can wait should. */
	readonly isBehind: boolean;
	/** What comes until `settled` is what was asked for at once: however slow the listener, it may have that. */
	settled(): void;
	/** Says nothing more; what was said is still delivered. */
	end(): void;
};

/** All listeners of a server. */
export type Streams = {
	readonly count: number;
	/** `begin` gives what is to be done when the listener is gone, by whatever way. Undefined where there are too many. */
	open(outgoing: ServerResponse, begin: (stream: Stream) => () => void): ReadableStream<Uint8Array> | undefined;
	close(): void;
};

type Open = {beat(): void; end(last?: Frame): void};

export function createStreams(clock: Clock, most: number): Streams {
	const opened = new Set<Open>();
	const heartbeat = frameOf('beat', {}).bytes;
	let callOff: (() => void) | undefined;

	function beat(): void {
		for (const one of [...opened]) one.beat();
		callOff = opened.size > 0 ? clock.timer(heartbeatMs, beat) : undefined;
	}

	return {
		get count() {
			return opened.size;
		},
		open(outgoing, begin) {
			if (opened.size >= most) return undefined;
			let controller: ReadableStreamDefaultController<Uint8Array>;
			/** What may lie unsent: grows by what is said first. */
			let allowed = mostBehind;
			let isSettled = false;
			let isOver = false;
			let leave = () => {};
			const one: Open = {
				beat: () => push(heartbeat),
				end(last) {
					if (isOver) return;
					if (last) push(last.bytes);
					over();
					controller.close();
				},
			};

			function over(): void {
				if (isOver) return;
				isOver = true;
				opened.delete(one);
				if (opened.size === 0) {
					callOff?.();
					callOff = undefined;
				}
				leave();
			}

			const behind = () => -(controller.desiredSize ?? 0);

			function push(bytes: Uint8Array): void {
				if (isOver) return;
				controller.enqueue(bytes);
				if (!isSettled) allowed += bytes.byteLength;
				if (behind() <= allowed) return;
				over();
				controller.error(new Error('too far behind'));
				outgoing.destroy();
			}

			const body = new ReadableStream<Uint8Array>(
				{
					start(own) {
						controller = own;
					},
					cancel: over,
				},
				new ByteLengthQueuingStrategy({highWaterMark: 0}),
			);
			opened.add(one);
			callOff ??= clock.timer(heartbeatMs, beat);
			push(heartbeat);
			const goodbye = begin({
				send(frame) {
					if (frame.name !== 'output' || behind() <= mostBehindLive) push(frame.bytes);
				},
				get isBehind() {
					return behind() > mostBehindLive;
				},
				settled() {
					isSettled = true;
				},
				end: () => one.end(),
			});
			leave = goodbye;
			if (isOver) goodbye();
			return body;
		},
		close() {
			for (const one of [...opened]) one.end(frameOf('bye', {}));
			callOff?.();
		},
	};
}
