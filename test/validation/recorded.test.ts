import assert from 'node:assert/strict';
import {mkdirSync, readFileSync} from 'node:fs';
import {test} from 'node:test';
import * as z from 'zod';
import {ruleSchema} from '../../source/config/schema.js';
import {Workspace} from './workspace.js';

const text = z.string().nullable();
const recorded = z
	.object({
		context: z.record(z.string(), z.union([z.string(), z.number()])),
		files: z.record(z.string(), z.string()),
		cases: z.array(
			z.object({type: z.string(), path: text, pattern: text, passed: z.boolean(), actual: text, expected: text}),
		),
	})
	.parse(JSON.parse(readFileSync(new URL('../fixtures/validation.json', import.meta.url), 'utf8')));

/** By index in the recorded cases: where we answer otherwise on purpose, and why. Whether a rule passes never differs. */
const differences = new Map<number, string>([
	[4, 'a placeholder without a value is told as such, and not as a missing file of that name'],
	[5, 'a rule without a path is refused by the job file’s schema'],
	[8, 'an empty pattern is refused by the job file’s schema'],
	[9, 'placeholders are filled in in patterns too'],
	[10, 'what a content rule expects is its text, also where there is no file to hold it'],
]);
const refusedBySchema = new Set([5, 8]);

for (const [index, {type, path, pattern, passed, expected, actual}] of recorded.cases.entries()) {
	const title = `recorded answer ${index}: ${type} ${path} ${pattern ?? ''} ${passed ? 'passes' : 'fails'}`;
	test(`${title}${differences.has(index) ? `, but ${differences.get(index)}` : ''}`, async () => {
		using workspace = new Workspace();
		for (const [name, content] of Object.entries(recorded.files)) {
			if (content === '(dir)') mkdirSync(workspace.file(name));
			else workspace.write(name, name === 'bin' ? Buffer.from('fffe20535543434553530a', 'hex') : content);
		}
		const rule = {type, ...(path === null ? {} : {path}), ...(pattern === null ? {} : {pattern})};
		if (refusedBySchema.has(index)) {
			assert.equal(ruleSchema.safeParse(rule).success, false);
			return;
		}
		const placeholders = Object.fromEntries(
			Object.entries(recorded.context).map(([name, value]) => [name, String(value)]),
		);
		const verdict = await workspace.check(rule, {placeholders: {...placeholders, workspace: workspace.root}});
		assert.equal(verdict.passed, passed);
		const here = (value: string) => value.replace('<WS>', workspace.root);
		const same =
			(expected === null || verdict.expected === here(expected)) &&
			(!tellsFile(actual) || verdict.actual === here(actual));
		assert.equal(same, !differences.has(index), JSON.stringify(verdict));
	});
}

/** The original says nothing or `contains=True` where we say in words what was found. */
function tellsFile(actual: string | null): actual is string {
	return actual !== null && !actual.startsWith('contains=');
}
