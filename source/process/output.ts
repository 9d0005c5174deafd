import {createWriteStream, type WriteStream} from 'node:fs';
import type {Readable} from 'node:stream';
import {StringDecoder} from 'node:string_decoder';
import type {Mask} from './mask.js';

export type CaptureOptions = {
	/** Gets every byte but those of secrets; made when the first one comes. */
	logFile: string | undefined;
	/** Takes secrets out before anybody gets to see the bytes. */
	mask?: Mask | undefined;
	/** How many of the last bytes stay in memory. */
	tailBytes: number;
	/** Gets the text live; invalid UTF-8 has become U+FFFD, a character is never cut in two. */
	onText: ((text: string) => void) | undefined;
};

/** One output stream of a child, on its way to the log file, to the live listener and to a bounded tail. */
export type Capture = {
	/** How many bytes have come so far. */
	bytes(): number;
	/** Whether the child is held back just now because the log file is slower than it. */
	heldBack(): boolean;
	/** Hands over what is left and closes the log. The problem is a sentence, if not everything reached the log file. */
	finish(): Promise<{tail: string; logProblem?: string}>;
};

/** Bytes that may wait for the disk before the child is held back. */
const waitingBytes = 1 << 20;

/** Starts to read a stream. While nothing comes it costs nothing: log, decoder and tail are made at the first byte. */
export function captureOutput(stream: Readable, {logFile, mask, tailBytes, onText}: CaptureOptions): Capture {
	let bytes = 0;
	let shown = 0;
	let tail: Tail | undefined;
	let decoder: StringDecoder | undefined;
	let log: WriteStream | undefined;
	let problem: string | undefined;
	let heldBack = false;
	const masking = mask?.stream();

	const goOn = () => {
		heldBack = false;
		stream.resume();
	};
	const openLog = (file: string) => {
		const opened = createWriteStream(file, {flags: 'a', mode: 0o600, highWaterMark: waitingBytes});
		opened.on('drain', goOn);
		opened.on('error', error => {
			problem = `The log ${file} could not be written to its end: ${error.message}`;
			goOn();
		});
		return opened;
	};

	const take = (chunk: Buffer) => {
		shown += chunk.length;
		tail ??= keepLast(tailBytes);
		tail.push(chunk);
		if (logFile !== undefined && problem === undefined) {
			log ??= openLog(logFile);
			if (!log.write(chunk)) {
				heldBack = true;
				stream.pause();
			}
		}
		if (onText === undefined) return;
		decoder ??= new StringDecoder('utf8');
		const text = decoder.write(chunk);
		if (text !== '') onText(text);
	};
	stream.on('data', (chunk: Buffer) => {
		bytes += chunk.length;
		const clean = masking ? masking.push(chunk) : chunk;
		if (clean.length > 0) take(clean);
	});
	stream.on('error', () => {});

	return {
		bytes: () => bytes,
		heldBack: () => heldBack,
		async finish() {
			const last = masking?.end();
			if (last && last.length > 0) take(last);
			const rest = decoder?.end() ?? '';
			if (rest !== '') onText?.(rest);
			if (log !== undefined) await closed(log);
			return {
				tail: wholeCharacters(tail?.bytes() ?? Buffer.alloc(0), shown > tailBytes),
				...(problem === undefined ? {} : {logProblem: problem}),
			};
		},
	};
}

type Tail = {push(chunk: Buffer): void; bytes(): Buffer};

/** Keeps the last bytes of a stream in one buffer: a new one for every chunk would be as much garbage as there is output. */
function keepLast(limit: number): Tail {
	const room = Buffer.allocUnsafe(2 * limit);
	let length = 0;
	return {
		push(chunk) {
			const last = chunk.subarray(Math.max(0, chunk.length - limit));
			if (length + last.length > room.length) {
				const kept = limit - last.length;
				room.copyWithin(0, length - kept, length);
				length = kept;
			}
			length += last.copy(room, length);
		},
		bytes: () => room.subarray(Math.max(0, length - limit), length),
	};
}

/** Decodes a tail; when its beginning was cut off, the rest of a character that was cut in two is left out. */
function wholeCharacters(tail: Buffer, cut: boolean): string {
	let start = 0;
	while (cut && start < 3 && ((tail[start] ?? 0) & 0xc0) === 0x80) start++;
	return tail.toString('utf8', start);
}

function closed(log: WriteStream): Promise<void> {
	return new Promise(resolve => {
		if (log.closed) return resolve();
		log.once('close', resolve);
		log.end();
	});
}
