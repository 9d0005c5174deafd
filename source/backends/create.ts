import type {Backend as BackendSettings} from '../config/schema.js';
import type {Backend} from './backend.js';
import {createClaudeBackend} from './claude/claude-cli.js';
import {createCommandBackend} from './command.js';
import type {ResetReader} from './reset-reader.js';

/** The backend that a job's settings name. */
export function createBackend(settings: BackendSettings, readReset: ResetReader): Backend {
	switch (settings.type) {
		case 'claude_cli':
			return createClaudeBackend(settings, readReset);
		case 'command':
			return createCommandBackend(settings);
	}
}
