import type {Job} from '../config/schema.js';
import {secretsOf} from '../process/secrets.js';

/** The keys that a job's backend, its fallbacks and their profiles set for their children. */
export function keysOf({fallbacks = [], ...own}: Job['backend']): string[] {
	return [own, ...fallbacks].flatMap(settings => [
		...secretsOf(settings.env ?? {}),
		...(settings.type === 'profile' ? secretsOf(settings.profile.env) : []),
	]);
}
