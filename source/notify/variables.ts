import type {Notification} from '../config/notifications.js';
import {spellingsOf} from '../process/secrets.js';

/** The environment variables that a notification needs, each with its place below `config`. */
export function variablesOf({type, config}: Notification): {name: string; at: string[]}[] {
	const named = (field: string, name: string | undefined) => (name === undefined ? [] : [{name, at: [field]}]);
	switch (type) {
		case 'desktop':
			return [];
		case 'slack':
			return named('url_env', config.url_env);
		case 'webhook':
			return [
				...named('url_env', config.url_env),
				...named('secret_env', config.secret_env),
				...Object.entries(config.headers_env).map(([header, name]) => ({name, at: ['headers_env', header]})),
			];
		case 'email':
			return named('password_env', config.password_env);
	}
}

/** The secrets themselves, as far as they are set. */
export const namedSecrets = (
	notifications: readonly Notification[],
	env: Readonly<Record<string, string | undefined>>,
): string[] => notifications.flatMap(variablesOf).flatMap(({name}) => env[name]?.trim() || []);

/** What of them is masked in all that children print: they see this program's environment, whatever a variable is called. */
export const notificationKeys = (...named: Parameters<typeof namedSecrets>): string[] =>
	namedSecrets(...named).flatMap(spellingsOf);
