import {type Readable, readableOutput} from '../backends/readable.js';
import type {Backend as BackendSettings} from '../config/schema.js';
import type {Batch} from '../core/run.js';
import {createEndReader} from '../store/read-end.js';
import type {StatePaths} from '../store/state-folder.js';
import type {LogReader} from '../ui/tabs/evidence.js';

/** How much of a log is read for a person who looks at a batch: some thousand lines. */
const mostBytes = 512 * 1024;
/** What is read of the log before for the cost of its session: its last line. */
const lastLineBytes = 64 * 1024;

/** Reads what the last attempt of a batch has printed: its standard output, then its complaints. */
export function openOutputLog(paths: StatePaths, backend: BackendSettings, batch: Batch): LogReader {
	const {number, attempt} = batch;
	const streams = (['stdout', 'stderr'] as const).map(stream => {
		const file = stream === 'stdout' ? paths.stdoutLog(number, attempt) : paths.stderrLog(number, attempt);
		return {stream, reader: createEndReader(file, mostBytes), decoder: new TextDecoder(), isOver: false};
	});
	let readables: Promise<Readable[]> | undefined;

	async function openReadables(): Promise<Readable[]> {
		const before = isCompletion(batch) ? await endOf(paths.stdoutLog(number, attempt - 1)) : undefined;
		return streams.map(({stream}) => readableOutput(backend, stream, before));
	}

	return {
		async more(isOver) {
			readables ??= openReadables();
			const readable = await readables;
			let text = '';
			let leftOut = 0;
			for (const [index, stream] of streams.entries()) {
				const read = await stream.reader.read(bytes => {
					text += readable[index]?.push(stream.decoder.decode(bytes, {stream: true})) ?? '';
				});
				leftOut += read.leftOut;
				if (isOver && !stream.isOver) {
					stream.isOver = true;
					text += readable[index]?.end() ?? '';
				}
			}
			return {text, leftOut};
		},
	};
}

function isCompletion(batch: Batch): boolean {
	if (batch.status === 'running' || batch.status === 'stopping') return batch.mode === 'completion';
	return batch.history.find(({attempt}) => attempt === batch.attempt)?.mode === 'completion';
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
