import {execFileSync} from 'node:child_process';
import {readdirSync, readFileSync} from 'node:fs';

/** One process of this machine. `startTime` is opaque: equal for the same process, different after the pid was reused. */
export type ProcessRow = {
	pid: number;
	parent: number;
	group: number;
	/** 0 where the system does not tell (anything but Linux). */
	session: number;
	/** False for a zombie: it has ended, and only waits for its parent to ask how. */
	alive: boolean;
	startTime: string;
};

const hasProc = process.platform === 'linux';

/** Reads one `/proc/<pid>/stat` line; the program's name in it may hold spaces and parentheses, so what counts starts after the last `)`. */
export function parseStat(text: string): ProcessRow | undefined {
	const nameEnd = text.lastIndexOf(')');
	const [state, parent, group, session, ...rest] = text.slice(nameEnd + 2).split(' ');
	const pid = Number.parseInt(text, 10);
	const startTime = rest[15]; // field 22 of the line, rest begins at field 7
	if (nameEnd < 0 || !Number.isInteger(pid) || startTime === undefined) return undefined;
	const alive = state !== 'Z' && state !== 'X' && state !== 'x';
	return {pid, parent: Number(parent), group: Number(group), session: Number(session), alive, startTime};
}

/** Reads the answer of `ps -o pid=,ppid=,pgid=,stat=,lstart=`. */
export function parsePs(text: string): ProcessRow[] {
	return [...text.matchAll(/^\s*(\d+)\s+(\d+)\s+(\d+)\s+(\S+)\s+(\S.*?)\s*$/gm)].map(match => ({
		pid: Number(match[1]),
		parent: Number(match[2]),
		group: Number(match[3]),
		session: 0,
		alive: !match[4]?.startsWith('Z'),
		startTime: match[5] ?? '',
	}));
}

/** Runs `ps` where there is no `/proc`; no answer (no such process, no `ps`) is an empty text. */
export function ps(...args: string[]): string {
	try {
		return execFileSync('ps', args, {
			encoding: 'utf8',
			stdio: ['ignore', 'pipe', 'ignore'],
			maxBuffer: 64 << 20,
			env: {PATH: process.env.PATH, LC_ALL: 'C', TZ: 'UTC'},
		});
	} catch {
		return '';
	}
}

/** The process with this pid, zombies too; `undefined` when there is none. About 20 µs on Linux. */
export function readProcess(pid: number): ProcessRow | undefined {
	if (!hasProc) return parsePs(ps('-o', 'pid=,ppid=,pgid=,stat=,lstart=', '-p', String(pid)))[0];
	try {
		return parseStat(readFileSync(`/proc/${pid}/stat`, 'utf8'));
	} catch {
		return undefined;
	}
}

/** All pids that `/proc` lists. Linux only. */
export function listPids(): number[] {
	return readdirSync('/proc').flatMap(name => (/^\d+$/.test(name) ? [Number(name)] : []));
}

/** Adds all descendants, as one look at the processes shows them, to these pids. */
export function addDescendants(members: Set<number>, rows: readonly ProcessRow[]): void {
	const children = Map.groupBy(rows, row => row.parent);
	// A set hands out what is added while it is walked.
	for (const member of members) for (const child of children.get(member) ?? []) members.add(child.pid);
}

/** Every process that can be seen, in one look. Milliseconds: not for the path that every attempt takes. */
export function listProcesses(): ProcessRow[] {
	if (!hasProc) return parsePs(ps('-axo', 'pid=,ppid=,pgid=,stat=,lstart='));
	return listPids().flatMap(pid => readProcess(pid) ?? []);
}
