import type {Backend as BackendSettings} from '../config/schema.js';
import type {Backend} from './backend.js';
import {createClaudeBackend} from './claude/claude-cli.js';
import {createCommandBackend} from './command.js';

/** The backend that a job's settings name. */
export function createBackend(settings: BackendSettings): Backend {
	switch (settings.type) {
		case 'claude_cli':
			return createClaudeBackend(settings);
		case 'command':
			return createCommandBackend(settings);
	}
}
