import {type Ended, type EndOptions, endAll, sendSignal} from './ending.js';
import {addDescendants, listProcesses, type ProcessRow} from './process-table.js';
import {markedRows} from './strays.js';

/** The root of a tree: a child of ours that leads its own session. */
export type Root = {
	pid: number;
	/** What its descendants carry in their environment. */
	marker?: string | undefined;
	/** Of the root, where it is known. Empty when the root has ended: then no process can be it, only its group is left. */
	startTime?: string | undefined;
};

/**
 * Everything that belongs to the tree: its session and process group, all descendants of it and of the processes known
 * so far, and whatever carries its marker (a daemon that left session and parent behind). A process that was given the
 * pid of a root that is gone, and its group, are not part of it. The root comes first,
 * so that it is told of its end before it sees its children end and draws conclusions.
 */
export function treeOf({pid, marker, startTime}: Root, known: readonly ProcessRow[] = []): ProcessRow[] {
	const rows = listProcesses();
	const leader = rows.find(row => row.pid === pid);
	const reused = leader !== undefined && startTime !== undefined && leader.startTime !== startTime;
	const members = new Set<number>();
	if (!reused) {
		members.add(pid);
		for (const row of rows) if (row.group === pid || row.session === pid) members.add(row.pid);
	}
	for (const row of known) members.add(row.pid);
	addDescendants(members, rows);
	const byPid = new Map(rows.map(row => [row.pid, row]));
	const strays = marker === undefined ? [] : markedRows(found => found === marker);
	return [...[...members].flatMap(member => byPid.get(member) ?? []), ...strays.filter(row => !members.has(row.pid))];
}

/** Ends a child of ours with all it has started: TERM to its group and to every descendant, the grace time, KILL, strays. */
export async function endTree(root: Root, options: EndOptions): Promise<Ended> {
	return endAll(known => treeOf(root, known), options);
}

/** KILLs a whole tree before it returns: for the moment before this program ends at once. */
export function killTree(root: Root): void {
	for (let look = 0; look < 3; look++) {
		const running = treeOf(root).filter(row => row.alive);
		if (running.length === 0) return;
		if (running.some(row => row.group === root.pid)) sendSignal(-root.pid, 'SIGKILL');
		for (const row of running) sendSignal(row.pid, 'SIGKILL');
	}
}
