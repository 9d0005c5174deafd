import {type ApiBackend, apiTypes, type Backend} from '../config/backend-schema.js';
import type {Job} from '../config/schema.js';
import {secretsOf} from '../process/secrets.js';

type Environment = Readonly<Record<string, string | undefined>>;

/**
 * The keys that a job's backend, its fallbacks and their profiles set for their children, and those of APIs, whatever
 * their variables are called. `env` is this program's own environment.
 */
export function keysOf({fallbacks = [], ...own}: Job['backend'], env: Environment): string[] {
	return [own, ...fallbacks].flatMap(settings => [
		...secretsOf(settings.env ?? {}),
		...(settings.type === 'profile' ? secretsOf(settings.profile.env) : []),
		...(isApi(settings) ? secretsOf({API_KEY: apiKeyOf(settings, env)}) : []),
	]);
}

export const isApi = (settings: Backend): settings is ApiBackend => apiTypes.includes(settings.type ?? '');

/** The key that a job's API is spoken to with; undefined where its variable is not set, or none is named. `env_pass` is about children only. */
export const apiKeyOf = (
	{api_key_env: name, env: own = {}}: Pick<ApiBackend, 'api_key_env' | 'env'>,
	env: Environment,
): string | undefined => (name === undefined ? undefined : (own[name] ?? env[name])?.trim() || undefined);
