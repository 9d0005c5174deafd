import assert from 'node:assert/strict';
import {test} from 'node:test';
import {formatFinding} from '../../source/config/finding.js';
import {brief, findingsOf, load, sound} from './job-file.js';

test('a setting wins over the file, and its value is read as YAML', async () => {
	const {job, findings} = await load(sound('validations:\n  - {type: file_exists, path: a}\n'), [
		'batch.size=5',
		'name="7"',
		'retry.jitter=false',
		'validations.0.path=b.md',
		'prompt.variables={a: [1, x]}',
		'backend.command=[node, -e, "a=b"]',
		'prompt.variables.b=x=y',
	]);
	assert.deepEqual(findings.map(brief), []);
	assert.equal(job?.batch.size, 5);
	assert.equal(job?.name, '7');
	assert.equal(job?.retry.jitter, false);
	assert.deepEqual(job?.validations, [{type: 'file_exists', path: 'b.md'}]);
	assert.deepEqual(job?.prompt.variables, {a: [1, 'x'], b: 'x=y'});
	assert.deepEqual(job?.backend.type === 'command' && job.backend.command, ['node', '-e', 'a=b']);
});

test('a setting can mend what is wrong or missing in the file', async () => {
	const {job, findings} = await load(sound().replace('size: 1, ', ''), ['batch.size=2', 'batch.size=3']);
	assert.deepEqual(findings, []);
	assert.equal(job?.batch.size, 3);
});

test('a setting changes only the place it names, even where an alias shares the value', async () => {
	const {job} = await load(sound('validations:\n  - &r {type: file_exists, path: a}\n  - *r\n'), [
		'validations.1.path=b',
	]);
	const shared = sound().replace('template: x', 'template: x, variables: {a: &l [1, 2], b: *l}');
	const other = await load(shared, ['prompt.variables.b.0=9']);
	assert.deepEqual(other.job?.prompt.variables, {a: [1, 2], b: [9, 2]});
	assert.deepEqual(
		job?.validations.map(rule => 'path' in rule && rule.path),
		['a', 'b'],
	);
});

test('a wrong setting is a finding in the setting itself, with a caret', async () => {
	const cases: [string, string][] = [
		['batch.sise=3', '1:7+4 error: sise is not a field of batch: did you mean size? => size'],
		['batch.size=many', '1:12+4 error: batch.size is "many": a whole number is wanted'],
		[
			'batch.size="5"',
			'1:12+3 error: batch.size is "5", in quotes and therefore text: a whole number is wanted => size: 5',
		],
		['batch.size=', '1:7+4 error: batch.size is empty: write a value or remove the line'],
		['batch', '1:5+1 error: an = is missing: write a field, an = and its value, as in batch.size=5'],
		['=3', '1:1+1 error: a field’s name is missing here'],
		['batch..size=3', '1:7+1 error: a field’s name is missing here'],
		['name.x=3', '1:6+1 error: name is "j", which has no fields in it'],
		[
			'backend.command.1=x',
			'1:17+1 error: backend.command is a list with one entry: write one of their numbers, counted from 0',
		],
		[
			'backend.command.first=x',
			'1:17+5 error: backend.command is a list with one entry: write one of their numbers, counted from 0',
		],
		['retry.jitter=[', '1:15+1 error: this is not YAML: flow sequence must end with a ]'],
		['__proto__.x=1', '1:1+9 error: __proto__ cannot be a key'],
		[`${'a.'.repeat(5000)}b=1`, '1:1+10001 error: the path is too long'],
	];
	for (const [setting, wanted] of cases) {
		const {findings, job, source} = await load(sound(), [setting]);
		assert.deepEqual(findings.map(brief), [wanted]);
		assert.equal(findings[0]?.file, `--set ${setting}`);
		assert.equal(job, undefined);
		assert.ok(formatFinding(findings[0]!, source).includes('^'));
	}
});

test('settings are bounded like the file', async () => {
	assert.match((await findingsOf(sound(), [`prompt.variables.x=${'['.repeat(5000)}`])).join(), /nested/);
});
