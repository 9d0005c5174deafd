import type {Failure} from '../../core/failure.js';

/** Why no key can be sent: its variable is not set, or holds what no header can. `advice` says where a key comes from. */
export function keyProblem(name: string, key: string | undefined, title: string, advice = ''): Failure | undefined {
	if (key === undefined)
		return {
			kind: 'auth',
			message: `There is no key for ${title}: set ${name} in your environment${advice}, then resume.`,
		};
	if (!/[^\x21-\x7e]/.test(key)) return undefined;
	const message = `What ${name} holds is no key: there are blanks or other signs in it that no key has. Correct it, then resume.`;
	return {kind: 'auth', message};
}
