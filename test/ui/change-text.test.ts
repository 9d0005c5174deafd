import assert from 'node:assert/strict';
import test, {describe} from 'node:test';
import type {Job} from '../../source/config/schema.js';
import type {ImpactGroup} from '../../source/core/impact.js';
import {changeLines, rangesOf} from '../../source/ui/change-text.js';
import {makeJob} from '../support/job.js';
import {World} from '../support/world.js';

const job = makeJob({batches: 6, rules: 2});
const world = new World(job);
world.open();
await world.settle();
const run = world.engine.getSnapshot();

const linesFor = (next: Job, groups: ImpactGroup[] = [], templates?: {before: string; after: string}) =>
	changeLines({
		...{run, groups, templates, warnings: []},
		next: {job: next, sets: [], template: templates ? 'another' : run.template},
	}).map(({text}) => text);

describe('another job in words', () => {
	test('which batches it concerns, and what of them', () => {
		const lines = linesFor({...job, description: 'x'}, [
			{what: 'stale', parts: ['prompt', 'rules'], batches: [1, 2, 4]},
			{what: 'pending', parts: ['prompt', 'rules', 'backend'], batches: [3]},
			{what: 'added', parts: [], batches: [5, 6]},
			{what: 'removed', parts: [], batches: [7]},
		]);
		assert.deepEqual(lines, [
			'The job file has changed. Nothing is taken yet.',
			'Batches to do',
			'  3: another prompt, other rules, another backend',
			'  5-6: new',
			'  7: fall away',
			'Batches done',
			'  1-2, 4: stale: today with another prompt, other rules',
			'  They stay as they are; r runs one of them again.',
			'',
			'description: (none) → "x"',
		]);
	});

	test('that it concerns none', () => {
		assert.deepEqual(linesFor({...job, retry: {...job.retry, max_retries: 9}}).slice(1), [
			'No batch is another one: only how the run goes on.',
			'',
			'retry.max_retries: 3 → 9',
		]);
	});

	test('which rules have come and gone', () => {
		const [first] = job.validations;
		const lines = linesFor({...job, validations: [first!, {type: 'content_contains', path: 'a', pattern: 'b\nc'}]});
		assert.deepEqual(lines.slice(3), [
			'validations',
			'- file_exists  path: rule-1',
			'+ content_contains  path: a  pattern: b c',
		]);
		assert.deepEqual(linesFor({...job, validations: job.validations.toReversed()}).slice(3), [
			'validations',
			'  in another order',
		]);
	});

	test('what differs in a text of several lines, and in a template of its own file', () => {
		const patch = ['@@ -1,2 +1,2 @@', ' one', '-two', '+three', '\\ No newline at end of file'];
		const templates = {before: 'one\ntwo', after: 'one\nthree'};
		assert.deepEqual(linesFor(job, [], templates).slice(3, 5), ['the prompt template’s text', patch[0]]);
		const from = {...run, job: {...job, prompt: {...job.prompt, template: 'one\ntwo\n'}}};
		const next = {job: {...job, prompt: {...job.prompt, template: 'one\nthree\n'}}, sets: [], template: 'another'};
		assert.deepEqual(
			changeLines({run: from, next, groups: [], warnings: []})
				.slice(3)
				.map(({text}) => text),
			['prompt.template', ...patch.slice(0, 4)],
		);
	});

	test('numbers as short as can be', () => {
		assert.equal(rangesOf([1, 2, 3, 5, 7, 8]), '1-3, 5, 7-8');
		assert.equal(rangesOf([]), '');
	});
});
