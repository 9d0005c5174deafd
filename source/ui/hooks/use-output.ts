import {useEffect, useReducer, useRef} from 'react';
import type {Batch, Run} from '../../core/run.js';
import type {Frames} from '../frames.js';
import {createLogFeed, type LogFeed} from '../log-feed.js';
import type {Evidence} from '../tabs/evidence.js';

/** What a batch's last attempt has printed, as far as it is at hand. */
export type Output = {
	/** Another text has another one; what came by and the whole log of it are one text. */
	of: string;
	/** Lines that came before these and are not at hand. */
	first: number;
	lines: readonly string[];
	/** What is left out at the beginning, in a sentence. */
	note?: string;
	/** Its log is still to be read. */
	isComing?: boolean;
};

/**
 * The output of a batch: what has come by, where that is all of it; else the end of its log on disk, read while one looks
 * at it, and read on while it grows.
 */
export function useOutput(batch: Batch, run: Run, {output, now}: Frames, evidence: Evidence | undefined): Output {
	const {number, attempt} = batch;
	const live = output.of(number);
	const isUnderWay = (batch.status === 'running' && !batch.outcome) || batch.status === 'stopping';
	const isWhole = output.seesWhole(number, attempt) && (isUnderWay || (live?.attempt === attempt && live.first === 0));
	const of = !evidence || isWhole || attempt === 0 ? undefined : `${number}-${attempt}`;
	const [, draw] = useReducer((count: number) => count + 1, 0);
	const feed = useRef<{of: string; log: LogFeed}>(undefined);
	// It grows when something comes by, or unseen: a program that runs elsewhere leaves out what this one is too slow for.
	const state = isUnderWay ? `${live?.size ?? 0} ${Math.floor(now() / 1000)}` : batch.status;
	// biome-ignore lint/correctness/useExhaustiveDependencies: `of` and `state` stand for all that matters here
	useEffect(() => {
		if (feed.current?.of !== of) {
			feed.current?.log.close();
			feed.current = of && evidence ? {of, log: createLogFeed(evidence.output(run, batch), draw)} : undefined;
		}
		feed.current?.log.look(!isUnderWay);
	}, [of, state]);
	useEffect(() => () => feed.current?.log.close(), []);

	const log = feed.current?.of === of ? feed.current?.log : undefined;
	if (of && log && log.tail.size > 0) return logOutput(of, log);
	// The end of what came by is shown until the log is read.
	return {...liveOutput(number, live), ...(of && !log?.isRead && {isComing: true})};
}

function logOutput(of: string, {tail, leftOut}: LogFeed): Output {
	const {first} = tail;
	if (leftOut > 0)
		return {of, first, lines: tail.lines(), note: `… ${sizeWords(leftOut)} before this are in the log file`};
	return {of, first, lines: tail.lines(), ...(first > 0 && {note: leftWords(first)})};
}

function liveOutput(
	number: number,
	live: {attempt: number; first: number; lines: readonly string[]} | undefined,
): Output {
	if (!live) return {of: `${number}`, first: 0, lines: []};
	const {attempt, first, lines} = live;
	return {of: `${number}-${attempt}`, first, lines, ...(first > 0 && {note: leftWords(first)})};
}

const leftWords = (lines: number) => `… ${lines} lines before this are in the log file`;

const sizeWords = (bytes: number) =>
	bytes < 1_000_000 ? `${Math.ceil(bytes / 1000)} KB` : `${(bytes / 1_000_000).toFixed(1)} MB`;
