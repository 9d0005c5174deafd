/** What is done when the program is told to end, and what gives the terminal back when it ends by any other door. */
type Doors = {
	onTerminate(): void;
	onInterrupt(): void;
	onHangUp(): void;
	giveBack(): void;
};

/** Heeds every way out while a screen has the terminal; returns the way to heed them no more. */
export function heedDoors({onTerminate, onInterrupt, onHangUp, giveBack}: Doors): () => void {
	// A terminal that is gone cannot be read, nor be given back.
	const ignore = () => {};
	process.on('SIGTERM', onTerminate).on('SIGINT', onInterrupt).on('SIGHUP', onHangUp);
	process.on('exit', giveBack).on('uncaughtExceptionMonitor', giveBack);
	process.stdin.on('error', ignore);
	return () => {
		process.off('SIGTERM', onTerminate).off('SIGINT', onInterrupt).off('SIGHUP', onHangUp);
		process.off('exit', giveBack).off('uncaughtExceptionMonitor', giveBack);
		process.stdin.off('error', ignore);
	};
}
