import {batchAt} from '../core/batch-table.js';
import type {Event} from '../core/event.js';
import type {Batch, Run} from '../core/run.js';
import {factWords} from './fact-words.js';
import {type Frame, frameOf, markWords} from './frame.js';
import {batchRow, jobDetail} from './rows.js';
import type {SeenJob} from './views.js';

/** Batches that one message names; who misses some asks for the list. */
const mostRows = 500;

/** A fact as it is told, and the batch that it is about. */
export type ToldFact = {seq: number; frame: Frame; batch: number | undefined};

/** `run`: the state after the fact, or a later one of the same run, which is good enough for its words. */
export function toldFact(event: Event, run: Run): ToldFact {
	const {seq} = event;
	const mark = markWords({seq, startedAt: run.startedAt});
	return {
		seq,
		frame: frameOf('fact', {event, words: factWords(event, run)}, mark),
		batch: 'batch' in event ? event.batch : undefined,
	};
}

/** How a job stands after facts, with the batches that have changed. */
export const stateFrame = (known: SeenJob, batches: readonly Batch[]): Frame =>
	frameOf('state', {
		seq: known.run.seq,
		job: jobDetail(known),
		batches: batches.slice(0, mostRows).map(batch => batchRow(known.run, batch)),
	});

/** How a job stands, for a listener without a past. */
export function snapshotFrame(known: SeenJob): Frame {
	const {run} = known;
	const batches = run.live.slice(0, mostRows).map(number => batchRow(run, batchAt(run, number)));
	return frameOf('snapshot', {seq: run.seq, job: jobDetail(known), batches}, markWords(run));
}
