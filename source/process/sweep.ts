/** Bytes of output after which what has been used up is freed. */
const sweepBytes = 16 << 20;

let taken = 0;
let collect: (() => void) | undefined;

/**
 * To be told of all output that is read. V8 sees the small object and not the memory behind it, and lets some 64 MB of
 * used up buffers pile up, more on a busy machine; a look at the young ones takes a millisecond.
 */
export function sweepAfter(bytes: number): void {
	taken += bytes;
	if (taken < sweepBytes) return;
	taken = 0;
	collect ??= collector();
	collect();
}

/** Node hands its collector out only behind a flag, which can be set late. */
function collector(): () => void {
	process.getBuiltinModule('node:v8').setFlagsFromString('--expose-gc');
	const gc: unknown = process.getBuiltinModule('node:vm').runInNewContext('typeof gc === "function" ? gc : undefined');
	return typeof gc === 'function' ? () => gc({type: 'minor'}) : () => {};
}
