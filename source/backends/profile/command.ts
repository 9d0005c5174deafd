import type {Profile, WrittenProfile} from '../../config/profile.js';
import {expand} from '../../core/placeholders.js';
import type {BackendRequest} from '../backend.js';
import type {Start} from '../cli.js';

/** What the job says about a CLI that a profile can be told. */
export type Wishes = {model?: string | undefined; skip_permissions: boolean};

/** The words of a profile for one start, filled in, and as they are written. */
export function argvOf(
	{argv}: Pick<WrittenProfile, 'argv'>,
	{model, skip_permissions: skips}: Wishes,
	{placeholders, promptFile}: Pick<BackendRequest, 'placeholders' | 'promptFile'>,
	{prompt, session}: Start,
): {argv: string[]; names: string[]} {
	const holds = {
		model: model !== undefined,
		skip_permissions: skips,
		new_session: session !== undefined && !session.resume,
		resume: session?.resume ?? false,
	};
	const values = {
		...placeholders,
		...{prompt, prompt_file: promptFile},
		...(model === undefined ? {} : {model}),
		...(session ? {session_id: session.id} : {}),
	};
	const names = argv.flatMap(word => {
		if (typeof word === 'string') return [word];
		return holds[word.when] ? word.words : [];
	});
	return {argv: names.map(word => expand(word, values)), names};
}

/** The name by which a person knows the CLI. */
export const titleOf = ({name, argv}: Pick<WrittenProfile, 'name' | 'argv'>): string => name ?? programOf({argv});

/** The program of a profile; empty where it depends on something. */
export function programOf({argv}: Pick<WrittenProfile, 'argv'>): string {
	const [program] = argv;
	return typeof program === 'string' ? program : '';
}

/** What to say where the program is not there. */
export const missingWords = (profile: Pick<Profile | WrittenProfile, 'name' | 'argv' | 'install'>): string => {
	const {install = `install ${programOf(profile)}, or correct PATH`} = profile;
	return `${titleOf(profile)} is not installed, or not in PATH: ${install}, then resume.`;
};
