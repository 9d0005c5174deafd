import assert from 'node:assert/strict';
import path from 'node:path';
import {after, before, test} from 'node:test';
import type {BackendRequest, Utilization} from '../../../source/backends/backend.js';
import {createClaudeBackend} from '../../../source/backends/claude/claude-cli.js';
import {createResetReader} from '../../../source/backends/reset-reader.js';
import {backendSchema} from '../../../source/config/backend-schema.js';
import {FakeClaude} from '../../support/claude.js';
import {recordedAt} from './recorded.js';

let claude: FakeClaude;
before(() => {
	claude = new FakeClaude();
});
after(() => claude.remove());

async function attempt(changes: Partial<BackendRequest> = {}) {
	const settings = backendSchema.parse({type: 'claude_cli', skip_permissions: false});
	assert.ok(settings.type === 'claude_cli');
	const readReset = createResetReader({now: () => recordedAt, env: claude.env});
	return createClaudeBackend(settings, readReset).run({
		mode: 'normal',
		prompt: 'go',
		promptFile: path.join(claude.folder, 'prompt.md'),
		cwd: claude.folder,
		placeholders: {},
		env: claude.env,
		marker: 'run:1#1',
		logs: {stdout: path.join(claude.folder, 'out.log'), stderr: path.join(claude.folder, 'err.log')},
		timeoutMs: 60_000,
		signal: new AbortController().signal,
		newSession: async () => crypto.randomUUID(),
		keepPrompt: () => {},
		onSpawn: () => {},
		onOutput: () => {},
		...changes,
	});
}

test('who asks for an attempt is told how much of the quota is used, and need not listen', async () => {
	claude.plays([{transcript: 'limit-warning-ok'}, {transcript: 'limit-warning-ok'}]);
	const warnings: Utilization[] = [];
	const {failure} = await attempt({onUtilization: warning => warnings.push(warning)});
	assert.equal(failure, undefined);
	assert.deepEqual(warnings, [{utilization: 0.92, window: 'five_hour', resetsAt: 1_795_421_271_000}]);
	assert.equal((await attempt()).failure, undefined);
});

test('a failure comes with the time at which its limit lifts, and with what Claude Code said itself', async () => {
	claude.plays([{}, {}, {transcript: 'limit-5-hours'}]);
	const {failure, said} = await attempt();
	assert.deepEqual([failure?.kind, failure?.until], ['rate_limit', 1_795_422_433_000]);
	assert.equal(said, "You've hit your 5-hour limit · resets 8:27am (UTC)");
});
