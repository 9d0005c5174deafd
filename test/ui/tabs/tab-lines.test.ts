import assert from 'node:assert/strict';
import {describe, test} from 'node:test';
import {jobSchema} from '../../../source/config/schema.js';
import {batchAt} from '../../../source/core/batch-table.js';
import type {KeptAttempt} from '../../../source/store/kept-attempt.js';
import type {Evidence} from '../../../source/ui/tabs/evidence.js';
import {tabLines} from '../../../source/ui/tabs/tab-lines.js';
import {verdicts, World} from '../../support/world.js';

const job = jobSchema.parse({
	name: 'test',
	backend: {type: 'command', command: ['true']},
	batch: {size: 5, total_items: 10},
	prompt: {template: 'do it', variables: {lang: 'en'}},
	retry: {jitter: false, max_retries: 1, max_completion_attempts: 0, base_delay_seconds: 1},
	validations: [
		{type: 'file_exists', path: '{workspace}/out/{lang}-{batch_num}'},
		{type: 'file_modified', path: 'tracker.md'},
		{type: 'command_succeeds', command: ['test', '{start_item}', '-lt', '{end_item}']},
		{type: 'content_contains', path: 'x', pattern: 'y', description: 'has a y'},
	],
});
const types = ['file_exists', 'file_modified', 'command_succeeds', 'content_contains'];

/** What two attempts of the second batch found; it passed with no try left. */
async function story() {
	const world = new World(job);
	world.open();
	const answers = [4, 2, 4];
	for (;;) {
		await world.settle();
		if (batchAt(world.engine.getSnapshot(), 2).status === 'completed') break;
		const [check] = world.checks;
		if (check) check.answer(answers.shift() ?? 0);
		else if (world.attempts[0]) world.attempts[0].end();
		else world.tick();
	}
	const run = world.engine.getSnapshot();
	const attempt = (number: number, passed: number): KeptAttempt => ({
		attempt: number,
		mode: number === 1 ? 'normal' : 'retry',
		startedAt: 0,
		files: [],
		verdicts: verdicts(4, passed).map(verdict => ({
			...verdict,
			type: types[verdict.rule] ?? '',
			...(verdict.rule === 3 && {description: 'has a y'}),
		})),
	});
	const evidence: Evidence = {
		attempts: async () => [attempt(1, 2), attempt(2, 4)],
		prompt: async () => undefined,
		events: async () => [],
		output: () => ({more: async () => ({text: '', leftOut: 0})}),
	};
	const lines = (tab: 'validation' | 'attempts', older: number) => tabLines(tab, older, batchAt(run, 2), run, evidence);
	return {lines};
}

const texts = (lines: readonly {text: string}[]) => lines.map(({text}) => text);

describe('the tabs of a batch that passed on its last try', () => {
	test('the validation says so of that attempt, and of no other', async () => {
		const {lines} = await story();
		assert.equal(texts(await lines('validation', 0))[0], 'attempt 2: 4 of 4 rules pass · passed on the last try');
		assert.equal(texts(await lines('validation', 1))[0], 'attempt 1: 2 of 4 rules pass');
	});

	test('a rule without a description is known by its type and what it is about, with the batch filled in', async () => {
		const {lines} = await story();
		assert.deepEqual(
			texts(await lines('validation', 0)).filter(text => text.startsWith('✓')),
			[
				'✓ file_exists: out/en-2',
				'✓ file_modified: tracker.md',
				'✓ command_succeeds: test 6 -lt 10  (failed before)',
				'✓ has a y  (failed before)',
			],
		);
		const attempts = texts(await lines('attempts', 0));
		assert.ok(attempts.includes('✓  ✓  file_exists: out/en-2'), attempts.join('\n'));
		assert.ok(attempts.includes('✗  ▲  command_succeeds: test 6 -lt 10'), attempts.join('\n'));
	});

	test('passing rules tell what was expected and found too, dimly', async () => {
		const {lines} = await story();
		const found = await lines('validation', 0);
		const at = found.findIndex(({text}) => text.includes('tracker.md'));
		assert.deepEqual(found.slice(at + 1, at + 3), [
			{text: '  expected rule-1', look: 'dim'},
			{text: '  actual   rule-1', look: 'dim'},
		]);
		const failing = await lines('validation', 1);
		assert.ok(failing.some(({text, look}) => text === '  actual   nothing' && look === 'plain'));
	});
});
