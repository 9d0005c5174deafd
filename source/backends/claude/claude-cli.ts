import type {Backend as BackendSettings} from '../../config/backend-schema.js';
import type {Backend} from '../backend.js';
import {createCliBackend} from '../cli.js';
import {argvOf, missingWords} from '../profile/command.js';
import type {ResetReader} from '../reset-reader.js';
import {evidenceOf, failureOf} from './evidence.js';
import {sessionIsLost} from './failure-table.js';
import {claudeProfile} from './profile.js';
import {createTranscript} from './transcript.js';
import {costOf, usageOf} from './usage.js';

type Settings = Extract<BackendSettings, {type: 'claude_cli'}>;

/**
 * Claude Code. How it is started is a profile; what it prints is read by code, since no path says what follows from
 * helpers, denied tools, costs that count on with a session, and limits that are told and then lifted.
 */
export function createClaudeBackend(settings: Settings, readReset: ResetReader): Backend {
	const {output_format: format, timeout_seconds: timeoutSeconds} = settings;
	const profile = claudeProfile(format);
	return createCliBackend({
		sessions: 'ours',
		words: {field: 'the command of claude_cli', advice: 'Correct backend.model.'},
		missing: missingWords(profile),
		command: (request, start) => ({...argvOf(profile, settings, request, start), input: start.prompt}),
		read(request, {session}, show) {
			const knownUsd = session?.costUsd ?? 0;
			const transcript = createTranscript(
				format,
				knownUsd,
				text => show({stream: 'stdout', text}),
				warning => request.onUtilization?.(warning),
			);
			return {
				push: output => (output.stream === 'stdout' ? transcript.push(output.text) : show(output)),
				async finish(exit) {
					const seen = transcript.finish();
					const evidence = evidenceOf(seen, exit, {format, timeoutSeconds});
					const failure = await failureOf(evidence, readReset);
					const denied = [...seen.denied];
					const note = denied.length > 0 ? ` It was not allowed to use ${denied.join(', ')}.` : '';
					const usage = usageOf(seen, knownUsd, !session?.resume);
					const cost = seen.result && costOf(seen.result, knownUsd);
					return {
						...(failure ? {failure: {...failure, message: `${failure.message}${note}`}} : {}),
						said: evidence.said,
						...(usage ? {usage} : {}),
						...(denied.length > 0 ? {denied} : {}),
						...(cost ? {sessionCostUsd: cost.sessionUsd} : {}),
						sessionLost: sessionIsLost(evidence),
					};
				},
			};
		},
	});
}
