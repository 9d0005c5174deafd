import assert from 'node:assert/strict';
import {describe, test} from 'node:test';
import type {Verdict} from '../../source/core/verdict.js';
import {completionPrompt, continuationPrompt} from '../../source/prompts/completion.js';

const verdict = (rule: number, type: string, passed: boolean, more: Partial<Verdict> = {}): Verdict => ({
	rule,
	type,
	passed,
	expected: `expected ${rule}`,
	actual: `actual ${rule}`,
	message: `message ${rule}`,
	...more,
});

const verdicts = [
	verdict(0, 'file_exists', true, {description: 'Expert one'}),
	verdict(1, 'file_exists', false, {
		description: 'Expert two',
		expected: '/ws/batch7-expert2.md',
		actual: 'no such file',
		message: '“batch7-expert2.md” does not exist',
	}),
	verdict(2, 'file_modified', true),
	verdict(3, 'content_contains', false, {expected: '## Evidence', actual: 'not found in 12 bytes\nsecond line'}),
];

const input = {verdicts, original: 'Review the commits 61 to 70.', batchNumber: 7, attemptNumber: 2, maxCompletions: 3};

describe('the completion prompt', () => {
	test('says which batch, which attempt, and how much is done', () => {
		const text = completionPrompt(input);
		assert.match(text, /^Finish batch 7: /);
		assert.match(text, /completion attempt 2 of 3\. 2 of 4 checks passed\./);
	});

	test('lists what is done, not to be done again, before what is missing', () => {
		const text = completionPrompt(input);
		const done = text.indexOf('## Done (2): do not redo these');
		const missing = text.indexOf('## Missing (2)');
		assert.ok(done > 0 && missing > done);
		assert.match(text.slice(done, missing), /- Expert one: message 0\n- message 2\n/);
	});

	test('gives each failed rule with its description, expected, found and what to do', () => {
		const text = completionPrompt(input);
		assert.ok(
			text.includes(
				[
					'1. Expert two',
					'   What is wrong: “batch7-expert2.md” does not exist',
					'   Expected: /ws/batch7-expert2.md',
					'   Found: no such file',
					'   To do: create that file at exactly this path, with the content the task asks for.',
				].join('\n'),
			),
		);
		assert.ok(text.includes('2. content contains\n'), 'without a description the type stands in');
		assert.ok(
			text.includes('Found: not found in 12 bytes\n      second line\n'),
			'further lines stay inside the entry',
		);
	});

	test('has something to do for every type of rule', () => {
		const types = ['file_exists', 'file_modified', 'content_contains', 'content_regex', 'command_succeeds', 'another'];
		const advice = types.map(type => {
			const text = completionPrompt({...input, verdicts: [verdict(0, type, false)]});
			return /To do: (.*)/.exec(text)?.[1] ?? '';
		});
		assert.equal(new Set(advice).size, types.length);
		assert.ok(advice.every(one => one.length > 20));
	});

	test('carries the original task whole when it is short, and says how it will be checked', () => {
		const text = completionPrompt(input);
		assert.ok(text.includes('For reference:\n\n<original_task>\n\nReview the commits 61 to 70.\n\n</original_task>'));
		assert.match(text, /all checks run again, the passed ones too/);
	});

	test('cuts a long task at a word near 3,000 characters and says so', () => {
		const original = 'wörd '.repeat(2000);
		const text = completionPrompt({...input, original});
		const kept = /<original_task>\n\n([\s\S]*) \[…\]\n\n<\/original_task>/.exec(text)?.[1] ?? '';
		assert.ok(kept.length > 2900 && kept.length <= 3000);
		assert.match(kept, /wörd$/);
		assert.match(
			text,
			new RegExp(`only its beginning is given here \\(${kept.length} of ${original.trim().length} characters\\)`),
		);
	});

	test('cuts even where there is no space, but never inside a character', () => {
		const kept = /<original_task>\n\n([\s\S]*) \[…\]/.exec(
			completionPrompt({...input, original: `x${'🎻'.repeat(3000)}`}),
		)?.[1];
		assert.ok(kept?.isWellFormed());
		assert.ok((kept?.length ?? 0) >= 2999);
		assert.ok(!completionPrompt({...input, original: 'x'.repeat(3000)}).includes('[…]'));
	});

	test('has no empty parts when everything or nothing passed', () => {
		const none = completionPrompt({...input, verdicts: [verdict(0, 'file_exists', false)]});
		assert.ok(!none.includes('## Done'));
		const all = completionPrompt({...input, verdicts: [verdict(0, 'file_exists', true)]});
		assert.ok(!all.includes('## Missing'));
	});
});

test('the continuation of the same session says the same without the original task', () => {
	const {original: _original, ...rest} = input;
	const text = continuationPrompt(rest);
	assert.match(text, /^Your work on batch 7 was checked/);
	assert.ok(text.includes('## Missing (2)') && text.includes('## Done (2)'));
	assert.ok(!text.includes('original'));
});
