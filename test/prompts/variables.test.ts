import assert from 'node:assert/strict';
import {describe, test} from 'node:test';
import {jobSchema} from '../../source/config/schema.js';
import {builtInPlaceholders, expand} from '../../source/core/placeholders.js';
import {compileTemplate} from '../../source/prompts/template.js';
import {
	placeholderValues,
	shadowedVariables,
	templateVariableNames,
	templateVariables,
} from '../../source/prompts/variables.js';

const folders = {workspace: '/ws', jobFolder: '/jobs'};
const batch = {number: 2, first: 11, last: 20, total: 4};

const jobWith = (prompt: Record<string, unknown>, items = false) =>
	jobSchema.parse({
		name: 'review',
		backend: {type: 'command', command: ['true']},
		batch: {size: 10, ...(items ? {items: {file: 'items.txt'}} : {total_items: 35})},
		prompt: {template: 'x', ...prompt},
	});

describe('template variables', () => {
	test('say which batch it is, of which job, and where the workspace is', () => {
		assert.deepEqual(templateVariables(jobWith({}), batch, folders), {
			stakes: '',
			thinking_method: '',
			batch_num: 2,
			total_batches: 4,
			start_item: 11,
			end_item: 20,
			workspace: '/ws',
			job_folder: '/jobs',
			job_name: 'review',
		});
	});

	test('hold the job’s own variables, stakes and thinking method', () => {
		const job = jobWith({variables: {who: 'Ada', list: [1, 2]}, stakes: 'high', thinking_method: 'slow'});
		const {who, list, stakes, thinking_method} = templateVariables(job, batch, folders);
		assert.deepEqual(
			{who, list, stakes, thinking_method},
			{who: 'Ada', list: [1, 2], stakes: 'high', thinking_method: 'slow'},
		);
	});

	test('stakes and thinking method print nothing and are false where nothing sets them', () => {
		const template = compileTemplate('[{{ stakes }}{{ "x" if thinking_method }}]');
		assert.ok('render' in template);
		assert.deepEqual(template.render(templateVariables(jobWith({}), batch, folders)), {text: '[]'});
	});

	test('items are the names of this batch’s items, when the job names them', () => {
		const {items} = templateVariables(jobWith({}, true), {...batch, items: ['a', 'b c']}, folders);
		assert.deepEqual(items, ['a', 'b c']);
		assert.equal('items' in templateVariables(jobWith({}), batch, folders), false);
		assert.deepEqual(templateVariables(jobWith({variables: {items: ['x']}}), batch, folders).items, ['x']);
	});

	test('of Mozart win over prompt variables of the same name; stakes only where the job sets them', () => {
		const variables = {
			batch_num: 99,
			workspace: '/else',
			items: 'mine',
			stakes: 'own',
			thinking_method: 'own',
			job_name: 'x',
		};
		const job = jobWith({variables, thinking_method: 'job’s'}, true);
		const given = templateVariables(job, {...batch, items: ['a']}, folders);
		assert.deepEqual(
			[given.batch_num, given.workspace, given.items, given.stakes, given.thinking_method, given.job_name],
			[2, '/ws', ['a'], 'own', 'job’s', 'review'],
		);
		assert.deepEqual(shadowedVariables(job).sort(), ['batch_num', 'items', 'job_name', 'thinking_method', 'workspace']);
		assert.deepEqual(shadowedVariables(jobWith({variables: {items: 1, stakes: 'x', own: 1}})), []);
	});

	test('have exactly the names that checks are told', () => {
		for (const job of [
			jobWith({}),
			jobWith({variables: {who: 1, stakes: 'x'}}),
			jobWith({}, true),
			jobWith({variables: {items: 1}}),
		]) {
			const given = templateVariables(job, job.batch.items ? {...batch, items: []} : batch, folders);
			assert.deepEqual([...templateVariableNames(job)].sort(), Object.keys(given).sort());
		}
	});
});

describe('placeholder values', () => {
	test('cover every placeholder that Mozart promises', () => {
		const values = placeholderValues(jobWith({}, true), {...batch, items: ['a', 'b']}, folders);
		assert.deepEqual(Object.keys(values).sort(), [...builtInPlaceholders].sort());
		assert.equal(
			expand('{workspace}/{batch_num}-{total_batches}-{start_item}-{end_item}-{items}', values),
			'/ws/2-4-11-20-a b',
		);
	});

	test('write prompt variables as a template prints them, and leave lists and maps out', () => {
		const variables = {
			t: true,
			f: false,
			none: null,
			n: 3,
			x: 2.5,
			huge: 1e21,
			text: 'a',
			list: [1],
			map: {a: 1},
			items: 'mine',
		};
		const values = placeholderValues(jobWith({variables}), batch, folders);
		assert.equal(
			expand('{t} {f} {none} {n} {x} {huge} {text} {list} {map} {items}', values),
			'True False None 3 2.5 1e+21 a {list} {map} mine',
		);
		for (const name of ['t', 'f', 'none', 'n', 'x', 'huge', 'text'] as const) {
			const template = compileTemplate(`{{ ${name} }}`);
			assert.ok('render' in template);
			// `none` is a constant of the language, so that one variable cannot be read by its name.
			assert.deepEqual(template.render(variables), {text: values[name]});
		}
	});

	test('of Mozart win over prompt variables of the same name', () => {
		const job = jobWith({variables: {batch_num: 99, items: 'mine'}}, true);
		const values = placeholderValues(job, {...batch, items: ['a']}, folders);
		assert.equal(expand('{batch_num} {items}', values), '2 a');
	});
});
