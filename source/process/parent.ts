/**
 * The small process that a shell waits for while this program has the terminal (see `launch.ts`). It hands on what it is
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

/** A terminal, and who ends a group of processes, tell both: the second telling comes within so many ms. */
const echoMs = 100;

/**
 * The parent of this program; undefined where it was started without one. Signals that only the parent got are raised here,
 * and one that ends without a word (it was killed) is a TERM: who killed it meant the whole.
 */
export function parentOf(env: Readonly<Record<string, string | undefined>>): Parent | undefined {
	if (!process.send || env.MOZART_PARENT !== String(process.ppid)) return undefined;
	const heard = new Map<string, number>();
	for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const)
		process.on(signal, () => heard.set(signal, performance.now()));
	process.on('message', message => {
		if (!isSignal(message)) return;
		const told = performance.now();
		setTimeout(() => {
			if ((heard.get(message.signal) ?? Number.NEGATIVE_INFINITY) < told - echoMs)
				process.kill(process.pid, message.signal);
		}, echoMs).unref();
	});
	const onLost = () => process.kill(process.pid, 'SIGTERM');
	process.once('disconnect', onLost);
	process.channel?.unref();
	return {
		letGo() {
			process.off('disconnect', onLost);
			process.send?.('let go', undefined, undefined, () => {
				if (process.connected) process.disconnect();
			});
		},
	};
}
