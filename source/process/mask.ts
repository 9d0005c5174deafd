/** What stands where a secret stood. */
export const stars = '***';

/** Takes secrets out of bytes that come in pieces. */
export type MaskStream = {
	/** What can be given out by now: bytes that may be the beginning of a secret wait for the next piece. */
	push(chunk: Buffer): Buffer;
	/** What is left at the end. The beginning of a secret that was cut off by the end is no less hidden. */
	end(): Buffer;
};

/** Takes the secrets of one job out of whatever is kept or shown. */
export type Mask = {
	stream(): MaskStream;
	bytes(whole: Buffer): Buffer;
	text(whole: string): string;
	/** The same value with every text in it masked; the very same where nothing was found. */
	data<T>(value: T): T;
};

/** A mask for these texts; undefined when there are none, and nothing needs to be looked at. */
export function createMask(secrets: readonly string[]): Mask | undefined {
	if (secrets.length === 0) return undefined;
	const patterns = secrets.map(secret => Buffer.from(secret));
	const bytes = (whole: Buffer) => {
		if (!patterns.some(pattern => whole.includes(pattern))) return whole;
		const stream = maskStream(patterns);
		return Buffer.concat([stream.push(whole), stream.end()]);
	};
	const text = (whole: string) =>
		secrets.some(secret => whole.includes(secret)) ? bytes(Buffer.from(whole)).toString() : whole;
	return {stream: () => maskStream(patterns), bytes, text, data: value => masked(value, text)};
}

function masked<T>(value: T, text: (whole: string) => string): T {
	if (typeof value === 'string') return text(value) as T;
	if (typeof value !== 'object' || value === null) return value;
	const entries = Object.entries(value).map(([key, child]) => [key, masked(child, text)] as const);
	if (entries.every(([key, child]) => child === (value as Record<string, unknown>)[key])) return value;
	return (Array.isArray(value) ? entries.map(([, child]) => child) : Object.fromEntries(entries)) as T;
}

const nothing = Buffer.alloc(0);
const starBytes = Buffer.from(stars);

/** So much of a secret at the very end of a stream is hidden; less of it tells nothing. Bytes. */
const tellingBytes = 8;

/** Works on bytes, so that no character has to be whole; secrets that overlap are one. Holds back less than the longest secret. */
function maskStream(patterns: readonly Buffer[]): MaskStream {
	/** Held back, and how many of its first bytes belong to a secret that has had its stars. */
	let held: Buffer = nothing;
	let covered = 0;

	/** Gives out all before `hold`, and holds back the rest. */
	function give(bytes: Buffer, hold: number): Buffer {
		const found = matchesIn(bytes, patterns);
		if (found.length === 0 && covered === 0) {
			held = hold === bytes.length ? nothing : Buffer.from(bytes.subarray(hold));
			return bytes.subarray(0, hold);
		}
		const pieces: Buffer[] = [];
		let at = covered;
		for (const {start, end} of found) {
			if (start < at) at = Math.max(at, end);
			else if (start < hold) {
				pieces.push(bytes.subarray(at, start), starBytes);
				at = end;
			}
		}
		if (at < hold) pieces.push(bytes.subarray(at, hold));
		covered = Math.max(0, at - hold);
		held = Buffer.from(bytes.subarray(hold));
		return Buffer.concat(pieces);
	}

	const withHeld = (chunk: Buffer) => (held.length === 0 ? chunk : Buffer.concat([held, chunk]));

	return {
		push(chunk) {
			const bytes = withHeld(chunk);
			return give(bytes, beginningAt(bytes, patterns));
		},
		end() {
			const rest = held;
			if (rest.length - covered < tellingBytes) return give(rest, rest.length);
			held = nothing;
			return covered > 0 ? nothing : starBytes;
		},
	};
}

function matchesIn(bytes: Buffer, patterns: readonly Buffer[]): {start: number; end: number}[] {
	const found: {start: number; end: number}[] = [];
	for (const pattern of patterns) {
		for (let start = bytes.indexOf(pattern); start >= 0; start = bytes.indexOf(pattern, start + 1)) {
			found.push({start, end: start + pattern.length});
		}
	}
	return found.length < 2 ? found : found.sort((a, b) => a.start - b.start);
}

/** Where the bytes' end may be the beginning of a secret, at its earliest; their length where it cannot. */
function beginningAt(bytes: Buffer, patterns: readonly Buffer[]): number {
	const {length} = bytes;
	let earliest = length;
	for (const pattern of patterns) {
		const first = pattern[0]!;
		let at = bytes.indexOf(first, Math.max(0, length - pattern.length + 1));
		for (; at >= 0 && at < earliest; at = bytes.indexOf(first, at + 1)) {
			if (bytes.compare(pattern, 0, length - at, at, length) === 0) earliest = at;
		}
	}
	return earliest;
}
