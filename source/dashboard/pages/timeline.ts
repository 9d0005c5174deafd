import {allBatches} from '../../core/batch-table.js';
import type {AttemptRecord, Batch, Mode, Run} from '../../core/run.js';

/** How an attempt came out. `cut`: stopped, lost, or never judged. */
export type AttemptEnd = 'passed' | 'failed' | 'cut' | 'running';

/** One attempt, or a wait between two of a batch, in the row of a slot. Times in epoch ms. */
export type Piece = {batch: number; from: number; to: number} & (
	| {type: 'attempt'; attempt: number; mode: Mode; end: AttemptEnd; kind?: string}
	| {type: 'wait'; kind?: string}
);

export type Span = {from: number; to: number};

/** What happened when: a row for each batch that ran at the same time as others, and the waits for limits across all. */
export type Timeline = Span & {
	rows: Piece[][];
	/** Nothing of the job ran because of a limit. */
	limits: Span[];
	attempts: number;
	/** Older batches that are not shown. */
	leftOut: number;
};

/** Attempts that are drawn one by one; a bound, so that a page stays light. */
const mostPieces = 300;
/** Waits shorter than this are the engine’s own breath. */
const leastWaitMs = 250;

const limitKinds = new Set(['rate_limit', 'overloaded']);

/** The latest batches of a run, as many as can be drawn. Undefined before the first attempt. */
export function timelineOf(run: Run, now: number): Timeline | undefined {
	const all = [...allBatches(run)]
		.map(batch => piecesOf(batch, run, now))
		.filter(pieces => pieces.length > 0)
		.sort((a, b) => a[0]!.from - b[0]!.from);
	const shown: Piece[][] = [];
	let room = mostPieces;
	for (const pieces of all.toReversed()) {
		room -= pieces.length;
		if (room < 0 && shown.length > 0) break;
		shown.unshift(pieces);
	}
	if (shown.length === 0) return undefined;
	const pieces = shown.flat();
	return {
		from: Math.min(...pieces.map(({from}) => from)),
		to: Math.max(...pieces.map(({to}) => to)),
		rows: rowsOf(shown),
		limits: joined(pieces.filter(({type, kind}) => type === 'wait' && kind !== undefined && limitKinds.has(kind))),
		attempts: pieces.filter(({type}) => type === 'attempt').length,
		leftOut: all.length - shown.length,
	};
}

/** A batch's attempts since it was last queued, and its waits between them. */
function piecesOf(batch: Batch, run: Run, now: number): Piece[] {
	const {number, history} = batch;
	const pieces: Piece[] = [];
	let before: AttemptRecord | undefined;
	const waitUntil = (to: number) => {
		if (!before) return;
		const from = before.startedAt + before.tookMs;
		const kind = before.kind;
		if (to - from >= leastWaitMs)
			pieces.push({type: 'wait', batch: number, from, to, ...(kind !== undefined && {kind})});
	};
	for (const record of history) {
		waitUntil(record.startedAt);
		pieces.push({
			...{type: 'attempt', batch: number, from: record.startedAt, to: record.startedAt + record.tookMs},
			...{attempt: record.attempt, mode: record.mode, end: endOf(record)},
			...(record.kind !== undefined && {kind: record.kind}),
		});
		before = record;
	}
	if (batch.status === 'running' || batch.status === 'stopping') {
		const isNoted = history.some(({attempt}) => attempt === batch.attempt);
		if (!isNoted) {
			waitUntil(batch.startedAt);
			pieces.push({
				...{type: 'attempt', batch: number, from: batch.startedAt, to: Math.max(now, batch.startedAt)},
				...{attempt: batch.attempt, mode: batch.mode, end: 'running'},
			});
		}
	}
	if (batch.status === 'waiting') waitUntil(run.phase === 'ended' ? run.at : now);
	return pieces;
}

function endOf({passed, kind, exitCode}: AttemptRecord): AttemptEnd {
	if (passed !== undefined && passed !== '') return passed.includes('0') ? 'failed' : 'passed';
	if (kind === 'interrupted') return 'cut';
	if (kind !== undefined) return 'failed';
	return exitCode === 0 ? 'passed' : exitCode === undefined ? 'cut' : 'failed';
}

/** Puts each batch into the first row that is free by then: as many rows as batches ran at once. */
function rowsOf(batches: readonly Piece[][]): Piece[][] {
	const rows: Piece[][] = [];
	for (const pieces of batches) {
		const from = pieces[0]!.from;
		const free = rows.find(row => row.at(-1)!.to <= from);
		if (free) free.push(...pieces);
		else rows.push([...pieces]);
	}
	return rows;
}

/** Spans that touch each other as one. */
function joined(spans: readonly Span[]): Span[] {
	const found: Span[] = [];
	for (const {from, to} of spans.toSorted((a, b) => a.from - b.from)) {
		const last = found.at(-1);
		if (last && from <= last.to) last.to = Math.max(last.to, to);
		else found.push({from, to});
	}
	return found;
}

/** Where times lie on an axis from 0 to 1. A long time in which nothing ran takes little room. */
export type Axis = {at(time: number): number; idle: {at: number; ms: number}[]};

/** An idle time longer than this share of the busy time is drawn as a cut. */
const longIdle = 0.15;
/** The share of the busy time that a cut takes. */
const cutShare = 0.03;

export function axisOf({rows, from, to}: Timeline): Axis {
	const busy = joined(rows.flat());
	const busyMs = busy.reduce((sum, span) => sum + span.to - span.from, 0) || 1;
	const cuts = busy.slice(1).flatMap((span, index) => {
		const before = busy[index]!.to;
		return span.from - before > longIdle * busyMs ? [{from: before, to: span.from}] : [];
	});
	const width = (cut: Span) => Math.min(cut.to - cut.from, cutShare * busyMs);
	const saved = (time: number) =>
		cuts.reduce((sum, cut) => {
			const share = Math.max(0, Math.min(1, (time - cut.from) / (cut.to - cut.from)));
			return sum + share * (cut.to - cut.from - width(cut));
		}, 0);
	const whole = to - from - saved(to) || 1;
	const at = (time: number) => (time - from - saved(time)) / whole;
	return {at, idle: cuts.map(cut => ({at: at((cut.from + cut.to) / 2), ms: cut.to - cut.from}))};
}
