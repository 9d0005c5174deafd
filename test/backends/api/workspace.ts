import assert from 'node:assert/strict';
import {mkdirSync, mkdtempSync, readFileSync, realpathSync, rmSync, writeFileSync} from 'node:fs';
import {tmpdir} from 'node:os';
import path from 'node:path';
import {createWorkspaceTools, type WorkspaceTools} from '../../../source/backends/api/workspace-tools.js';
import {findMatches} from '../../../source/validation/find-matches.js';

/** A workspace with something outside that no tool may see, gone when the test's block ends. */
export class Place implements Disposable {
	readonly outside = realpathSync(mkdtempSync(path.join(tmpdir(), 'mozart-tools-')));
	readonly root = path.join(this.outside, 'workspace');
	readonly tools: WorkspaceTools;

	constructor() {
		mkdirSync(this.root);
		writeFileSync(path.join(this.outside, 'secret.txt'), secret);
		this.tools = createWorkspaceTools(this.root, (pattern, ignoresCase) => findMatches(pattern, ignoresCase, 200));
	}

	file(name: string): string {
		return path.join(this.root, name);
	}

	write(name: string, content: string | Uint8Array): this {
		mkdirSync(path.dirname(this.file(name)), {recursive: true});
		writeFileSync(this.file(name), content);
		return this;
	}

	read(name: string): string {
		return readFileSync(this.file(name), 'utf8');
	}

	call(tool: string, input: unknown, signal = new AbortController().signal) {
		return this.tools.call(tool, input, signal);
	}

	/** The answer of a call that succeeds. */
	async done(tool: string, input: unknown): Promise<string> {
		const {text, isError} = await this.call(tool, input);
		assert.equal(isError, false, text);
		return text;
	}

	/** The answer of a call that is refused. */
	async refused(tool: string, input: unknown): Promise<string> {
		const {text, isError} = await this.call(tool, input);
		assert.equal(isError, true, text);
		return text;
	}

	[Symbol.dispose](): void {
		rmSync(this.outside, {recursive: true, force: true});
	}
}

/** Stands outside of the workspace. */
export const secret = 'what nobody may know\n';
