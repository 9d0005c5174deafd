import type {Backend as BackendSettings} from '../config/schema.js';
import type {Failure} from '../core/failure.js';
import {expand, placeholdersIn} from '../core/placeholders.js';
import {type Exited, runProcess} from '../process/run.js';
import type {Backend, BackendRequest, BackendResult} from './backend.js';
import {lastLines} from './last-words.js';

type CommandSettings = Extract<BackendSettings, {type: 'command'}>;

/** What Linux takes as one argument, its closing NUL included, in bytes. */
const longestWord = 128 * 1024;

/** Any CLI: the prompt goes to its standard input or waits in `{prompt_file}`, and exit code 0 is success. */
export function createCommandBackend(settings: CommandSettings): Backend {
	return {
		readsPromptFile: settings.command.some(word => placeholdersIn(word).some(({name}) => name === 'prompt_file')),
		async run(request) {
			const values = {...request.placeholders, prompt_file: request.promptFile};
			const argv = settings.command.map(word => expand(word, values));
			const unfit = unfitWord(argv, settings.command);
			if (unfit) return notSpawned(unfit);
			const result = await runProcess({
				argv,
				cwd: request.cwd,
				env: request.env,
				mask: request.mask,
				marker: request.marker,
				...(settings.stdin === 'prompt' ? {input: request.prompt} : {}),
				logs: request.logs,
				timeoutMs: request.timeoutMs,
				signal: request.signal,
				onSpawn: pid => request.onSpawn(pid),
				onOutput: output => request.onOutput(output),
			});
			switch (result.type) {
				case 'not-started':
					return {...notSpawned({kind: 'interrupted', message: 'Stopped before it had begun.'}), aborted: true};
				case 'unstartable':
					return notSpawned({
						kind: result.temporary ? 'transient' : 'config',
						message: result.message,
						raw: result.raw,
					});
				case 'exited':
					return exited(result, argv[0] ?? '', request);
			}
		},
	};
}

function notSpawned(failure: Failure): BackendResult {
	return {spawned: false, durationMs: 0, aborted: false, failure};
}

/** A word that no program can be given, found before the system would refuse it in words of its own. */
function unfitWord(argv: readonly string[], written: readonly string[]): Failure | undefined {
	const advice = 'Give long or unusual text on standard input (stdin: prompt) or as a file ({prompt_file}) instead.';
	for (const [index, word] of argv.entries()) {
		const name = `Word ${index + 1} of backend.command (${JSON.stringify(shortened(written[index] ?? ''))})`;
		if (word.includes('\0')) {
			return {kind: 'config', message: `${name} holds a NUL character, which no program can be given. ${advice}`};
		}
		const bytes = Buffer.byteLength(word) + 1;
		if (bytes > longestWord) {
			const size = `${Math.ceil(bytes / 1024)} KB long; the system takes 128 KB a word`;
			return {kind: 'config', message: `${name} is ${size}. ${advice}`};
		}
	}
	return undefined;
}

function exited(result: Exited, program: string, {timeoutMs, onOutput}: BackendRequest): BackendResult {
	const {exitCode, endedBy, left, logProblem} = result;
	if (logProblem !== undefined) onOutput({stream: 'stderr', text: `\n${logProblem}\n`});
	const failure = failureOf(result, program, timeoutMs);
	const notes = [
		...(failure?.kind === 'transient' && failure.raw === undefined ? ['It printed nothing.'] : []),
		...(left.length > 0 ? [`Could not be ended: pid ${left.join(', ')}.`] : []),
		...(logProblem === undefined ? [] : [logProblem]),
	];
	return {
		spawned: true,
		...(exitCode === undefined ? {} : {exitCode}),
		...(endedBy === undefined ? {} : {endedBy}),
		durationMs: result.durationMs,
		aborted: result.aborted,
		...(failure ? {failure: {...failure, message: [failure.message, ...notes].join(' ')}} : {}),
	};
}

function failureOf(result: Exited, program: string, timeoutMs: number): Failure | undefined {
	const raw = lastLines(result.tails.stderr) || lastLines(result.tails.stdout);
	const fail = (kind: Failure['kind'], message: string): Failure => ({kind, message, ...(raw === '' ? {} : {raw})});
	if (result.aborted) return fail('interrupted', 'Stopped before it had finished.');
	if (result.timedOut) {
		const limit = `${timeoutMs / 1000} s (backend.timeout_seconds)`;
		return fail('timeout', `${program} was not done after ${limit} and was ended with all it had started.`);
	}
	if (result.endedBy !== undefined) {
		const hint = result.endedBy === 'SIGKILL' ? ' (the system does this when memory runs out)' : '';
		return fail('transient', `${program} was ended from outside by ${result.endedBy}${hint}.`);
	}
	if (result.exitCode !== 0) return fail('transient', `${program} ended with exit code ${result.exitCode}.`);
	return undefined;
}

function shortened(text: string): string {
	return text.length > 60 ? `${text.slice(0, 60)}…` : text;
}
