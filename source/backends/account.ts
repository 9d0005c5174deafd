import {basename} from 'node:path';
import type {ApiBackend, Backend as BackendSettings} from '../config/backend-schema.js';
import {isApi} from './keys.js';
import {titleOf} from './profile/command.js';

/** Whose limits an attempt counts against: the backend's name, and the account where the job names one. */
export function accountOf(settings: BackendSettings): string {
	const program = nameIn(settings);
	return `${settings.type}${program && `:${program}`}${settings.account === undefined ? '' : `@${settings.account}`}`;
}

/** Another key is another account, and so is the one that stands behind a gateway. */
function apiName({api_key_env: key, base_url: address}: ApiBackend): string {
	const parts = [
		...(address === undefined ? [] : [URL.parse(address)?.host ?? address]),
		...(key === undefined || key === usualKey ? [] : [key]),
	];
	return parts.join(':');
}

const usualKey = 'ANTHROPIC_API_KEY';

function nameIn(settings: BackendSettings): string {
	if (isApi(settings)) return apiName(settings);
	if (settings.type === 'command') return basename(settings.command[0] ?? '');
	return settings.type === 'profile' ? titleOf(settings.profile) : '';
}
