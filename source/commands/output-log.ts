import {type Readable, readableOutput} from '../backends/readable.js';
import {backendAt, backendOfAttempt} from '../core/fallback.js';
import type {Batch, Run} from '../core/run.js';
import type {LogReader} from '../store/kept-attempt.js';
import {createEndReader} from '../store/read-end.js';
import type {StatePaths} from '../store/state-folder.js';

/** How much of a log is read for a person who looks at a batch: some thousand lines. */
const mostBytes = 512 * 1024;
/** What is read of the log before for the cost of its session: its last line. */
const lastLineBytes = 64 * 1024;

/** In the order in which they are shown. */
export const streamNames = ['stdout', 'stderr'] as const;

/** What makes the logs of an attempt readable: its standard output, and its complaints. */
export async function openReadables(paths: StatePaths, {job}: Run, batch: Batch, attempt: number): Promise<Readable[]> {
	const before = isCompletion(batch, attempt) ? await endOf(paths.stdoutLog(batch.number, attempt - 1)) : undefined;
	const settings = backendAt(job, backendOfAttempt(batch, attempt));
	return streamNames.map(stream => readableOutput(settings, stream, before));
}

/** Reads what an attempt of a batch, the last one, has printed: its standard output, then its complaints. */
export function openOutputLog(paths: StatePaths, run: Run, batch: Batch, attempt = batch.attempt): LogReader {
	const {number} = batch;
	const streams = streamNames.map(stream => {
		const file = stream === 'stdout' ? paths.stdoutLog(number, attempt) : paths.stderrLog(number, attempt);
		return {reader: createEndReader(file, mostBytes), decoder: new TextDecoder(), isOver: false};
	});
	let readables: Promise<Readable[]> | undefined;
	return {
		async more(isOver) {
			readables ??= openReadables(paths, run, batch, attempt);
			const opened = await readables;
			let text = '';
			let leftOut = 0;
			for (const [index, stream] of streams.entries()) {
				const readable = opened[index]!;
				const read = await stream.reader.read(bytes => {
					text += readable.push(stream.decoder.decode(bytes, {stream: true}));
				});
				leftOut += read.leftOut;
				if (isOver && !stream.isOver) {
					stream.isOver = true;
					text += readable.end();
				}
			}
			return {text, leftOut};
		},
	};
}

function isCompletion(batch: Batch, attempt: number): boolean {
	const isUnderWay = batch.status === 'running' || batch.status === 'stopping';
	if (isUnderWay && batch.attempt === attempt) return batch.mode === 'completion';
	return batch.history.find(record => record.attempt === attempt)?.mode === 'completion';
}

/** The last lines of a file as text. */
async function endOf(path: string): Promise<string> {
	const decoder = new TextDecoder();
	let text = '';
	await createEndReader(path, lastLineBytes).read(bytes => {
		text += decoder.decode(bytes, {stream: true});
	});
	return text;
}
