import {basename} from 'node:path';
import type {Backend as BackendSettings} from '../config/schema.js';
import {titleOf} from './profile/command.js';

/** Whose limits an attempt counts against: the backend's name, and the account where the job names one. */
export function accountOf(settings: BackendSettings): string {
	const program = nameIn(settings);
	return `${settings.type}${program && `:${program}`}${settings.account === undefined ? '' : `@${settings.account}`}`;
}

function nameIn(settings: BackendSettings): string {
	if (settings.type === 'command') return basename(settings.command[0] ?? '');
	return settings.type === 'profile' ? titleOf(settings.profile) : '';
}
