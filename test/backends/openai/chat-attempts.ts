import type {Backend} from '../../../source/backends/backend.js';
import {createOpenaiBackend} from '../../../source/backends/openai/openai-api.js';
import {openaiSchema} from '../../../source/config/backend-schema.js';
import {ChatServer} from '../../support/chat-server.js';
import {Attempts, around} from '../anthropic/attempts.js';

/** Attempts by a server with OpenAI's API: one backend for all that have the same settings. */
export class ChatAttempts extends Attempts {
	readonly server = new ChatServer();
	readonly #backends = new Map<string, Backend>();

	override async open(): Promise<this> {
		await super.open();
		await this.server.open();
		return this;
	}

	override async close(): Promise<void> {
		await this.server.close();
		await super.close();
	}

	protected override create(settings: object, env: Record<string, string>): {backend: Backend; timeoutMs: number} {
		const given = {type: 'openai_compatible', model: 'small', base_url: this.server.url, ...settings};
		const parsed = openaiSchema.parse(given);
		const key = JSON.stringify([given, env]);
		const backend = this.#backends.get(key) ?? createOpenaiBackend(parsed, around(env));
		this.#backends.set(key, backend);
		return {backend, timeoutMs: parsed.timeout_seconds * 1000};
	}
}
