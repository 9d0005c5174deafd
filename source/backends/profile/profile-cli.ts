import type {Profile} from '../../config/profile.js';
import {expand} from '../../core/placeholders.js';
import type {Backend} from '../backend.js';
import {createCliBackend} from '../cli.js';
import {argvOf, missingWords, type Wishes} from './command.js';
import {type Judges, judge} from './failure.js';
import {createProfileReading} from './reading.js';

/** A CLI that is nothing but a profile. */
export function createProfileBackend(profile: Profile, wishes: Wishes, judges: Judges): Backend {
	const sessions = sessionsOf(profile);
	return createCliBackend({
		...(sessions ? {sessions} : {}),
		words: {
			field: 'argv',
			advice: 'Give long or unusual text on standard input (prompt: stdin) or as a file (prompt: file) instead.',
		},
		missing: missingWords(profile),
		readsPromptFile: JSON.stringify([profile.argv, profile.env]).includes('{prompt_file}'),
		command(request, start) {
			const {argv, names} = argvOf(profile, wishes, request, start);
			const values = {...request.placeholders, prompt_file: request.promptFile, model: wishes.model ?? ''};
			const env = Object.fromEntries(Object.entries(profile.env).map(([name, value]) => [name, expand(value, values)]));
			return {argv, names, env, ...(profile.prompt === 'stdin' ? {input: start.prompt} : {})};
		},
		read({timeoutMs}, {session}, show, told) {
			const reading = createProfileReading(profile, show, told, session?.usage);
			return {
				push: reading.push,
				async finish(exit) {
					const seen = reading.finish();
					const judged = await judge(profile, seen, exit, timeoutMs, judges);
					const {usage, sessionUsage} = seen;
					return {...judged, ...(usage ? {usage} : {}), ...(sessionUsage ? {sessionUsage} : {})};
				},
			};
		},
	});
}

/** Whose the session ids are; undefined where a session cannot be gone on with. */
export function sessionsOf({argv, output}: Profile): 'ours' | 'theirs' | undefined {
	const has = (when: string) => argv.some(word => typeof word !== 'string' && word.when === when);
	if (!has('resume')) return undefined;
	if (has('new_session')) return 'ours';
	return output.type !== 'text' && output.events.some(event => event.session !== undefined) ? 'theirs' : undefined;
}
