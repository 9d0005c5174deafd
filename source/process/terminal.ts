import {closeSync, openSync} from 'node:fs';
import {Socket} from 'node:net';

/**
 * Lets go of the terminal that this program was started in, so that nothing waits for it any more (a login over SSH ends
 * when the last program has closed its terminal). Nothing can be read or printed from then on: what is, is lost.
 */
export function releaseTerminal(): void {
	process.stdin.destroy();
	for (const stream of [process.stdout, process.stderr]) {
		stream.on('error', () => {});
		// Node keeps these two from being closed by `destroy`, so that nothing closes them by accident.
		Socket.prototype._destroy.call(stream, null, () => {});
	}
	// Something else may get one of these numbers in between: no harm, since nobody writes to them by number.
	for (const number of [0, 1, 2]) closeQuietly(number);
	for (const flags of ['r', 'w', 'w']) openSync('/dev/null', flags);
}

function closeQuietly(number: number): void {
	try {
		closeSync(number);
	} catch {
		// Closed already.
	}
}

/**
 * Leaves what is typed to another program: also without listeners a stream reads on, and the two would share the keys
 * between them. Reading begins again with the next listener.
 */
export async function stopReading(): Promise<void> {
	process.stdin.resume().pause();
	// Node stops in a later tick.
	await new Promise(resolve => setImmediate(resolve));
}
