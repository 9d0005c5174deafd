import {PassThrough} from 'node:stream';
import {finished} from 'node:stream/promises';
import type {Mask} from '../../process/mask.js';
import {type Capture, captureOutput} from '../../process/output.js';
import type {BackendRequest, Output} from '../backend.js';
import {createPen} from '../pen.js';

/**
 * What an attempt says, as a CLI would print it: the reply as it comes, a line for each use of a tool, and on standard
 * error what went wrong. It reaches logs and screen without keys.
 */
export type ReplyLog = {
	/** The next piece of what the model says. */
	piece(text: string): void;
	/** A line that is safe to show. */
	line(text: string): void;
	/** What went wrong. */
	complain(text: string): void;
	/** Resolves when the logs are whole. A sentence, if not everything could be written. */
	finish(): Promise<string | undefined>;
};

export function openReplyLog({logs, mask, onOutput}: Pick<BackendRequest, 'logs' | 'mask' | 'onOutput'>): ReplyLog {
	const pen = createPen();
	let finishing: Promise<string | undefined> | undefined;
	const open: {stream: PassThrough; capture: Capture}[] = [];
	const writer = (name: Output['stream']) => {
		let stream: PassThrough | undefined;
		let isLineOpen = false;
		return {
			endLine() {
				if (isLineOpen) this.write('\n');
			},
			write(text: string) {
				if (text === '') return;
				if (!stream) {
					stream = new PassThrough();
					open.push({
						stream,
						capture: capturing(stream, logs[name], mask, live => onOutput({stream: name, text: live})),
					});
				}
				isLineOpen = !text.endsWith('\n');
				stream.write(text);
			},
		};
	};
	const stdout = writer('stdout');
	const stderr = writer('stderr');

	return {
		piece: text => stdout.write(pen.piece(text)),
		line: text => stdout.write(pen.line(text)),
		complain(text) {
			stdout.endLine();
			stderr.write(`${text}\n`);
		},
		finish() {
			finishing ??= close();
			return finishing;
		},
	};

	async function close(): Promise<string | undefined> {
		stdout.endLine();
		const problems = await Promise.all(
			open.map(async ({stream, capture}) => {
				stream.end();
				await finished(stream);
				return (await capture.finish()).logProblem;
			}),
		);
		return problems.find(problem => problem !== undefined);
	}
}

/** Nobody asks for the tail: failures are told by the API itself. */
const capturing = (stream: PassThrough, logFile: string, mask: Mask | undefined, onText: (text: string) => void) =>
	captureOutput(stream, {logFile, mask, tailBytes: 1, onText});
