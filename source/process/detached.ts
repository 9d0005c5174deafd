import {type ChildProcess, spawn} from 'node:child_process';
import {once} from 'node:events';
import {createInterface} from 'node:readline';

/** This program again, in a session of its own: no terminal reaches it, and it outlives who started it. */
export type Detached = {
	pid: number | undefined;
	/** The first thing that it tells through its starter; undefined when it has ended without. */
	told: Promise<unknown>;
	kill(signal: NodeJS.Signals): void;
	/** It goes on alone: nothing of it keeps this program here. */
	release(): void;
};

/** Starts this very command once more; what it prints is said here, until it is released. */
export function startDetached(say: {out(line: string): void; err(line: string): void}): Detached {
	const child = spawn(process.execPath, [...process.execArgv, ...process.argv.slice(1)], {
		detached: true,
		stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
		env: {...process.env, MOZART_STARTER: String(process.pid)},
	});
	const {stdout, stderr} = child;
	if (stdout) createInterface({input: stdout}).on('line', say.out);
	if (stderr) createInterface({input: stderr}).on('line', say.err);
	return {
		pid: child.pid,
		told: firstWord(child),
		kill: signal => void child.kill(signal),
		release() {
			child.unref();
			stdout?.destroy();
			stderr?.destroy();
			if (child.connected) child.disconnect();
		},
	};
}

async function firstWord(child: ChildProcess): Promise<unknown> {
	const told = await Promise.race([once(child, 'message'), once(child, 'close')]);
	const [message] = told;
	return typeof message === 'object' && message !== null ? message : undefined;
}

export type Starter = {
	/** To be called once: the starter waits for nothing else. */
	tell(message: object): Promise<void>;
};

/** Who started this program as a detached one; undefined where nobody did. */
export function starterOf(env: Readonly<Record<string, string | undefined>>): Starter | undefined {
	if (!process.send || env.MOZART_STARTER !== String(process.ppid)) return undefined;
	process.channel?.unref();
	return {
		async tell(message) {
			if (!process.connected) return;
			await new Promise(resolve => process.send?.(message, undefined, undefined, resolve));
			if (process.connected) process.disconnect();
		},
	};
}
