import {readFileSync} from 'node:fs';
import {type Ended, type EndOptions, endAll} from './ending.js';
import {addDescendants, listPids, listProcesses, type ProcessRow, ps, readProcess} from './process-table.js';

/** The variable that every process of an attempt carries in its environment, handed down to all it starts. */
export const markerVariable = 'MOZART_ATTEMPT';

export type Marked = {pid: number; marker: string};

const assignment = Buffer.from(`${markerVariable}=`);

/** The marker in the raw text of a `/proc/<pid>/environ`: entries end in NUL, and one may hold the words of another. */
export function markerIn(environ: Buffer): string | undefined {
	for (let at = environ.indexOf(assignment); at >= 0; at = environ.indexOf(assignment, at + 1)) {
		if (at > 0 && environ[at - 1] !== 0) continue;
		const end = environ.indexOf(0, at);
		return environ.toString('utf8', at + assignment.length, end < 0 ? environ.length : end);
	}
	return undefined;
}

/** Reads the answer of `ps eww -axo pid=,command=`, which prints the environment after the command; markers hold no blanks. */
export function parseMarkedPs(text: string): Marked[] {
	return [...text.matchAll(/^\s*(\d+)\s.*?\sMOZART_ATTEMPT=(\S+)/gm)].map(match => ({
		pid: Number(match[1]),
		marker: match[2] ?? '',
	}));
}

/**
 * Every process whose environment was started with a marker that fits, this one excepted. Sees processes of this user
 * only, and none that cleared its environment. Milliseconds: for after a kill and on resume, not for every attempt.
 */
export function findMarked(fits: (marker: string) => boolean): Marked[] {
	const marked = process.platform === 'linux' ? markedInProc() : parseMarkedPs(ps('eww', '-axo', 'pid=,command='));
	return marked.filter(({pid, marker}) => pid !== process.pid && pid !== 1 && fits(marker));
}

function markedInProc(): Marked[] {
	return listPids().flatMap(pid => {
		try {
			const marker = markerIn(readFileSync(`/proc/${pid}/environ`));
			return marker === undefined ? [] : [{pid, marker}];
		} catch {
			return [];
		}
	});
}

/** As `findMarked`, with all that is needed to end them safely. */
export function markedRows(fits: (marker: string) => boolean): ProcessRow[] {
	return findMarked(fits).flatMap(({pid}) => readProcess(pid) ?? []);
}

/**
 * Ends the orphans of a crashed run: all processes whose marker begins with this text, which should therefore end in a
 * separator, and their descendants: a CLI can be set to give its commands an environment of their own. TERM, the grace
 * time, KILL; resolves when they are gone.
 */
export async function endMarked(markerPrefix: string, options: EndOptions): Promise<Ended> {
	if (markerPrefix === '') throw new Error('an empty marker would fit the attempts of every run');
	return endAll(known => {
		const marked = markedRows(marker => marker.startsWith(markerPrefix));
		if (marked.length + known.length === 0) return [];
		const rows = listProcesses();
		const members = new Set([...known, ...marked].map(({pid}) => pid));
		addDescendants(members, rows);
		return rows.filter(({pid}) => members.has(pid));
	}, options);
}
