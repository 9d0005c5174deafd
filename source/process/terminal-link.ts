/** The way to the terminal while it must not hold this program up. */
export type TerminalLink = {
	/** Whether something that was written is still on its way. */
	isBusy(): boolean;
	/** Calls back when all of it has gone. Returns the way to call it off. */
	whenFree(callback: () => void): () => void;
	/** Writing waits for the terminal again, so that last words are not lost. */
	release(): void;
};

/**
 * Node waits for a terminal with every write. One that is not read any more, a login that hangs or a person's Ctrl-S,
 * would hold up the run, its children and its clocks: from now on what the terminal does not take waits in memory.
 */
export function freeTerminal(): TerminalLink {
	const {stdout} = process;
	const isBusy = () => stdout.writableLength > 0;
	setBlocking(false);
	return {
		isBusy,
		whenFree(callback) {
			let isWanted = true;
			stdout.write('', () => isWanted && callback());
			return () => {
				isWanted = false;
			};
		},
		release() {
			if (!isBusy()) setBlocking(true);
		},
	};
}

/** Node has no public name for this; where it is missing, writing waits as ever. */
function setBlocking(isBlocking: boolean): void {
	const {_handle: handle} = process.stdout as {_handle?: {setBlocking?(is: boolean): void} | null};
	handle?.setBlocking?.(isBlocking);
}
