/**
 * The small process that a shell waits for while this program has the terminal (see `launch/attend.ts`). It hands on what it is
 * told to do, and can end before this program does.
 */
export type Parent = {
	/** The shell gets its prompt back; this program goes on. */
	letGo(): void;
};

const isSignal = (value: unknown): value is {signal: 'SIGINT' | 'SIGTERM' | 'SIGHUP'} =>
	typeof value === 'object' &&
	value !== null &&
	'signal' in value &&
	['SIGINT', 'SIGTERM', 'SIGHUP'].includes(String(value.signal));

/** A terminal, and who ends a group of processes, tell both. So many ms are waited for the telling that comes here directly. */
const echoMs = 100;
/** On a busy machine the parent hands on late what was heard here long ago, ms. */
const lateMs = 2000;

/**
 * The parent of this program; undefined where it was started without one. Signals that only the parent got are raised here,
 * and one that ends without a word (it was killed) is a TERM: who killed it meant the whole.
 */
export function parentOf(env: Readonly<Record<string, string | undefined>>): Parent | undefined {
	if (!process.send || env.MOZART_PARENT !== String(process.ppid)) return undefined;
	const heard = new Map<string, number>();
	const raised = new Set<string>();
	for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
		process.on(signal, () => {
			if (!raised.delete(signal)) heard.set(signal, performance.now());
		});
	}
	process.on('message', message => {
		if (!isSignal(message)) return;
		const told = performance.now();
		setTimeout(() => {
			const at = heard.get(message.signal);
			if (at !== undefined && at > told - lateMs) return;
			raised.add(message.signal);
			process.kill(process.pid, message.signal);
		}, echoMs).unref();
	});
	const onLost = () => process.kill(process.pid, 'SIGTERM');
	process.once('disconnect', onLost);
	process.channel?.unref();
	return {
		letGo() {
			process.send?.('let go', undefined, undefined, error => {
				// A parent that is gone was killed: that ends the run, also when its terminal's hang-up is heard first.
				if (error) return;
				process.off('disconnect', onLost);
				if (process.connected) process.disconnect();
			});
		},
	};
}
