import assert from 'node:assert/strict';
import {existsSync, mkdirSync, mkdtempSync, readFileSync, realpathSync, rmSync} from 'node:fs';
import {tmpdir} from 'node:os';
import path from 'node:path';
import {createAnthropicBackend} from '../../../source/backends/anthropic/anthropic-api.js';
import type {Backend, BackendRequest, BackendResult, Utilization} from '../../../source/backends/backend.js';
import {createResetReader} from '../../../source/backends/reset-reader.js';
import {anthropicSchema} from '../../../source/config/backend-schema.js';
import {createMask} from '../../../source/process/mask.js';
import {MessagesApi} from '../../support/messages-api.js';

export const now = Date.parse('2026-11-24T10:00:00Z');
export const key = 'sk-ant-test-4711-secret';

/** An attempt's end, and all that others have heard of it. */
export type Ended = BackendResult & {live: string; spawned: boolean; warned: Utilization[]; sessions: string[]};

/** A stand-in for the API, and a folder in which attempts are made one after the other. */
export class Attempts {
	readonly folder = realpathSync(mkdtempSync(path.join(tmpdir(), 'mozart-api-')));
	readonly workspace = path.join(this.folder, 'workspace');
	readonly attempts = path.join(this.folder, 'attempts');
	readonly api = new MessagesApi('all');
	#count = 0;

	async open(): Promise<this> {
		for (const folder of [this.workspace, this.attempts]) mkdirSync(folder);
		await this.api.open();
		return this;
	}

	async close(): Promise<void> {
		await this.api.close();
		rmSync(this.folder, {recursive: true, force: true});
	}

	protected create(settings: object, env: Record<string, string>): {backend: Backend; timeoutMs: number} {
		const parsed = anthropicSchema.parse({type: 'anthropic_api', base_url: this.api.url, ...settings});
		return {backend: createAnthropicBackend(parsed, around(env)), timeoutMs: parsed.timeout_seconds * 1000};
	}

	/** Makes an attempt with these settings. `env` replaces the whole environment, in which the key is. */
	async run(
		settings: object = {},
		{env = {ANTHROPIC_API_KEY: key}, ...rest}: Partial<BackendRequest> & {env?: Record<string, string>} = {},
	): Promise<Ended> {
		const heard: Pick<Ended, 'live' | 'warned' | 'sessions'> = {live: '', warned: [], sessions: []};
		const {backend, timeoutMs} = this.create(settings, env);
		const name = `1-${++this.#count}`;
		const result = await backend.run({
			mode: 'normal',
			prompt: 'Write the report.',
			promptFile: path.join(this.attempts, `${name}.prompt.md`),
			cwd: this.folder,
			placeholders: {workspace: this.workspace, batch_num: '1'},
			env,
			mask: createMask([key]),
			marker: name,
			logs: {stdout: this.log('stdout'), stderr: this.log('stderr')},
			timeoutMs,
			signal: new AbortController().signal,
			newSession: async (told = assert.fail('sessions are named by the attempt')) => {
				heard.sessions.push(told);
				return told;
			},
			keepPrompt: () => {},
			onSpawn: () => {},
			onUtilization: warning => heard.warned.push(warning),
			onOutput: ({text}) => {
				heard.live += text;
			},
			...rest,
		});
		return {...result, ...heard};
	}

	/** Of the attempt that is about to be made, or was made last. */
	log(stream: 'stdout' | 'stderr'): string {
		return path.join(this.attempts, `1-${this.#count}.${stream}.log`);
	}

	/** Everything that is kept of all attempts. */
	kept(file: string): string {
		const at = path.join(this.attempts, file);
		return existsSync(at) ? readFileSync(at, 'utf8') : '';
	}

	read(file: string): string {
		return readFileSync(path.join(this.workspace, file), 'utf8');
	}
}

/** What a backend needs from elsewhere, at a time that stands still. */
export const around = (env: Record<string, string>) => ({
	readReset: createResetReader({now: () => now, env: {TZ: 'UTC'}}),
	now: () => now,
	env,
});

export async function withAttempts(story: (attempts: Attempts) => Promise<void>): Promise<void> {
	const attempts = await new Attempts().open();
	try {
		await story(attempts);
	} finally {
		await attempts.close();
	}
}
