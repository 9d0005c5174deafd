import {basename} from 'node:path';
import type {Backend as BackendSettings} from '../config/schema.js';

/** Whose limits an attempt counts against: the backend's name, and the account where the job names one. */
export function accountOf(settings: BackendSettings): string {
	const program = settings.type === 'command' ? `:${basename(settings.command[0] ?? '')}` : '';
	return `${settings.type}${program}${settings.account === undefined ? '' : `@${settings.account}`}`;
}
