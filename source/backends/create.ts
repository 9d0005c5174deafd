import type {Backend as BackendSettings} from '../config/backend-schema.js';
import {profileSchema, type WrittenProfile} from '../config/profile.js';
import {type ApiSurroundings, createAnthropicBackend} from './anthropic/anthropic-api.js';
import type {Backend} from './backend.js';
import {createClaudeBackend} from './claude/claude-cli.js';
import {codexProfile} from './codex/profile.js';
import {createCommandBackend} from './command.js';
import {geminiProfile} from './gemini/profile.js';
import {createOpenaiBackend} from './openai/openai-api.js';
import type {Judges} from './profile/failure.js';
import {createProfileBackend} from './profile/profile-cli.js';

/** The backend that a job's settings name. */
export function createBackend(settings: BackendSettings, judges: Judges & ApiSurroundings): Backend {
	const profiled = (profile: WrittenProfile) =>
		createProfileBackend(profileSchema.parse(profile), {skip_permissions: true, ...settings}, judges);
	switch (settings.type) {
		case 'claude_cli':
			return createClaudeBackend(settings, judges.readReset);
		case 'codex_cli':
			return profiled(codexProfile);
		case 'gemini_cli':
			return profiled(geminiProfile);
		case 'profile':
			return profiled(settings.profile);
		case 'command':
			return createCommandBackend(settings);
		case 'anthropic_api':
			return createAnthropicBackend(settings, judges);
		case 'openai_compatible':
			return createOpenaiBackend(settings, judges);
	}
}
