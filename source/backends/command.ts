import type {Backend as BackendSettings} from '../config/backend-schema.js';
import type {Failure} from '../core/failure.js';
import {expand, placeholdersIn} from '../core/placeholders.js';
import type {Exited} from '../process/run.js';
import type {Backend} from './backend.js';
import {createCliBackend} from './cli.js';
import {lastLines, shortReply} from './last-words.js';

type CommandSettings = Extract<BackendSettings, {type: 'command'}>;

/** Any CLI: the prompt goes to its standard input or waits in `{prompt_file}`, and exit code 0 is success. */
export function createCommandBackend(settings: CommandSettings): Backend {
	return createCliBackend({
		readsPromptFile: settings.command.some(word => placeholdersIn(word).some(({name}) => name === 'prompt_file')),
		words: {
			field: 'backend.command',
			advice: 'Give long or unusual text on standard input (stdin: prompt) or as a file ({prompt_file}) instead.',
		},
		command({placeholders, promptFile}, {prompt}) {
			const values = {...placeholders, prompt_file: promptFile};
			const argv = settings.command.map(word => expand(word, values));
			return {argv, names: settings.command, ...(settings.stdin === 'prompt' ? {input: prompt} : {})};
		},
		read(request, _start, show) {
			const program = expand(settings.command[0] ?? '', request.placeholders);
			return {
				push: show,
				finish(exit) {
					const failure = failureOf(exit, program, request.timeoutMs);
					if (!failure) return {said: shortReply(lastLines(exit.tails.stdout))};
					const silent = failure.kind === 'transient' && failure.raw === undefined;
					return {failure: silent ? {...failure, message: `${failure.message} It printed nothing.`} : failure};
				},
			};
		},
	});
}

function failureOf(result: Exited, program: string, timeoutMs: number): Failure | undefined {
	const raw = lastLines(result.tails.stderr) || lastLines(result.tails.stdout);
	const fail = (kind: Failure['kind'], message: string): Failure => ({kind, message, ...(raw === '' ? {} : {raw})});
	const ended = howItEnded(result, program, timeoutMs);
	if (ended) return fail(ended.kind, ended.message);
	if (result.exitCode !== 0) return fail('transient', `${program} ended with exit code ${result.exitCode}.`);
	return undefined;
}

/** What is to be said of a run that did not end by itself, whatever the CLI. */
export function howItEnded(
	{aborted, timedOut, endedBy}: Exited,
	program: string,
	timeoutMs: number,
): Failure | undefined {
	if (aborted) return {kind: 'interrupted', message: 'Stopped before it had finished.'};
	if (timedOut) {
		const limit = `${timeoutMs / 1000} s (backend.timeout_seconds)`;
		return {
			kind: 'timeout',
			message: `${program} was not done after ${limit} and was ended with all it had started.`,
		};
	}
	if (endedBy === undefined) return undefined;
	const hint = endedBy === 'SIGKILL' ? ' (the system does this when memory runs out)' : '';
	return {kind: 'transient', message: `${program} was ended from outside by ${endedBy}${hint}.`};
}
