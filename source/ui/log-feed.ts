import type {LogReader} from '../store/kept-attempt.js';
import {createLineTail, type LineTail} from './line-tail.js';

/** Lines kept of a log; what is read of one at first has fewer. */
const mostLines = 20_000;

/** The end of an attempt's log, as far as it was read. */
export type LogFeed = {
	tail: LineTail;
	/** Bytes at the beginning that were not read. */
	readonly leftOut: number;
	/** Whether it was looked at at all: only then is it known to be empty. */
	readonly isRead: boolean;
	/** Reads what has come since. Calls that come while it reads are one more reading after it. */
	look(isOver: boolean): void;
	close(): void;
};

export function createLogFeed(reader: LogReader, onChange: () => void): LogFeed {
	const tail = createLineTail(mostLines);
	let leftOut = 0;
	let isRead = false;
	let isReading = false;
	let next: {isOver: boolean} | undefined;
	let isClosed = false;

	async function read(): Promise<void> {
		isReading = true;
		for (let wanted = next; wanted && !isClosed; wanted = next) {
			next = undefined;
			const part = await reader.more(wanted.isOver);
			leftOut += part.leftOut;
			tail.push(part.text);
			const isNews = part.text !== '' || !isRead;
			isRead = true;
			if (isNews && !isClosed) onChange();
		}
		isReading = false;
	}

	return {
		tail,
		get leftOut() {
			return leftOut;
		},
		get isRead() {
			return isRead;
		},
		look(isOver) {
			next = {isOver};
			if (!isReading) void read();
		},
		close() {
			isClosed = true;
		},
	};
}
