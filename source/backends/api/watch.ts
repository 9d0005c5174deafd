/** Why an attempt was ended that would have gone on: by a person, because its time was over, or because the API was silent. */
export type Ending = 'aborted' | 'timeout' | 'silence';

/** Watches over one attempt. */
export type Watch = {
	/** Aborted for whatever reason. */
	signal: AbortSignal;
	ending(): Ending | undefined;
	/** The API has given a sign of life. */
	alive(): void;
	/** The API has nothing to say for now: tools are at work. Until the next `alive`. */
	rest(): void;
	/** To be called when the attempt is over. */
	stop(): void;
};

const longestTimerMs = 2 ** 31 - 1;

export function createWatch({
	signal,
	timeoutMs,
	idleMs,
}: {
	signal: AbortSignal;
	timeoutMs: number;
	idleMs: number;
}): Watch {
	const controller = new AbortController();
	let ending: Ending | undefined;
	let [resting, isOver] = [false, false];
	const end = (why: Ending) => {
		ending ??= why;
		controller.abort();
	};
	const onAbort = () => end('aborted');
	signal.addEventListener('abort', onAbort, {once: true});
	if (signal.aborted) onAbort();
	const timeout = setTimeout(end, Math.min(timeoutMs, longestTimerMs), 'timeout');
	const idle = setTimeout(() => {
		if (!resting) end('silence');
	}, idleMs);
	return {
		signal: controller.signal,
		ending: () => ending,
		alive() {
			resting = false;
			// One that was cleared would be set again.
			if (ending === undefined && !isOver) idle.refresh();
		},
		rest() {
			resting = true;
		},
		stop() {
			isOver = true;
			clearTimeout(timeout);
			clearTimeout(idle);
			signal.removeEventListener('abort', onAbort);
		},
	};
}
