import type {WrittenProfile} from '../../config/profile.js';
import type {Format} from './transcript.js';

/** How Claude Code is started. Its output and its failures are read by code, see `claude-cli.ts`. */
export const claudeProfile = (format: Format = 'stream-json') =>
	({
		name: 'Claude Code',
		argv: [
			...['claude', '-p', '--output-format', format],
			...(format === 'stream-json' ? ['--verbose'] : []),
			{when: 'skip_permissions', words: ['--dangerously-skip-permissions']},
			{when: 'model', words: ['--model', '{model}']},
			{when: 'resume', words: ['--resume', '{session_id}']},
			{when: 'new_session', words: ['--session-id', '{session_id}']},
		],
		install: 'install it (npm install -g @anthropic-ai/claude-code), run claude once to log in',
	}) satisfies WrittenProfile;
