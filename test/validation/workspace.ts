import {mkdirSync, mkdtempSync, rmSync, writeFileSync} from 'node:fs';
import {tmpdir} from 'node:os';
import path from 'node:path';
import {type Rule, ruleSchema} from '../../source/config/schema.js';
import type {FileState} from '../../source/core/verdict.js';
import {checkRules, type RuleContext} from '../../source/validation/rules.js';

/** A folder of its own for one test, gone when the test's block ends. */
export class Workspace implements Disposable {
	readonly root = mkdtempSync(path.join(tmpdir(), 'mozart-rules-'));
	baseline: FileState[] = [];

	file(name: string): string {
		return path.join(this.root, name);
	}

	write(name: string, content: string | Uint8Array): this {
		mkdirSync(path.dirname(this.file(name)), {recursive: true});
		writeFileSync(this.file(name), content);
		return this;
	}

	context(more: Partial<RuleContext> = {}): RuleContext {
		return {
			workspace: this.root,
			placeholders: {workspace: this.root, batch_num: '2', total_batches: '4', start_item: '11', end_item: '20'},
			baseline: this.baseline,
			env: {PATH: process.env.PATH ?? ''},
			marker: `rules-test-${process.pid}`,
			signal: new AbortController().signal,
			...more,
		};
	}

	async check(rule: Record<string, unknown>, more: Partial<RuleContext> = {}) {
		const [verdict] = await checkRules([parseRule(rule)], this.context(more));
		return verdict!;
	}

	[Symbol.dispose](): void {
		rmSync(this.root, {recursive: true, force: true});
	}
}

/** A rule as the job file's schema gives it. */
export function parseRule(rule: Record<string, unknown>): Rule {
	return ruleSchema.parse(rule);
}
