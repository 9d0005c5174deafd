import type {ApiBackend} from '../../config/backend-schema.js';

/** Where requests go: the job's address, the environment's (as every tool of Anthropic has it), or Anthropic's own. */
export const addressOf = (
	{base_url: own, env: set = {}}: Pick<ApiBackend, 'base_url' | 'env'>,
	env: Readonly<Record<string, string | undefined>>,
): string => own ?? (set.ANTHROPIC_BASE_URL || env.ANTHROPIC_BASE_URL || 'https://api.anthropic.com');

/** Why an address cannot be used, as the rest of a sentence; undefined where it can. It quotes nothing that may be a secret. */
export function unfitAddress(text: string): string | undefined {
	const url = URL.parse(text);
	if (!url || !/^https?:$/.test(url.protocol)) return 'it begins with https://, as in https://gateway.example.org';
	if (url.username !== '' || url.password !== '')
		return 'it holds a user name or password; write it without, and put the key into the variable of api_key_env';
	const added = /\/(?:chat\/completions|messages)\/?$/.exec(url.pathname)?.[0];
	if (added !== undefined) return `it ends before ${added}, which is added`;
	if (url.search !== '' || url.hash !== '') return 'it ends before any ? or #';
	return undefined;
}
