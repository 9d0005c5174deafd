import type {Backend as BackendSettings} from '../config/backend-schema.js';
import type {WrittenProfile} from '../config/profile.js';
import {claudeProfile} from './claude/profile.js';
import {codexProfile} from './codex/profile.js';
import {geminiProfile} from './gemini/profile.js';
import {isApi} from './keys.js';

/** The CLIs that Mozart knows by itself, by their type. */
export const builtInProfiles = {
	claude_cli: claudeProfile(),
	codex_cli: codexProfile,
	gemini_cli: geminiProfile,
} as const satisfies Partial<Record<BackendSettings['type'], WrittenProfile>>;

/** The profile that a backend's settings name; there is none for a plain command, nor for an API. */
export function profileOf(settings: BackendSettings): WrittenProfile | undefined {
	if (settings.type === 'command' || isApi(settings)) return undefined;
	return settings.type === 'profile' ? settings.profile : builtInProfiles[settings.type];
}
