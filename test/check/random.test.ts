import assert from 'node:assert/strict';
import {writeFile} from 'node:fs/promises';
import {join} from 'node:path';
import {test} from 'node:test';
import fc from 'fast-check';
import {checkJob} from '../../source/check/check.js';
import {type Finding, formatFinding} from '../../source/config/finding.js';
import {loadJob} from '../../source/config/load.js';
import {inFolder} from '../config/job-file.js';

const job = `name: j
description: some words
workspace: ./out
backend: {type: command, command: [node, "-e", "{prompt_file}"], timeout_seconds: 30}
batch: &batch
  size: 2
  total_items: 10
prompt:
  template: |
    Do {{ start_item }} to {{ end_item }}
      for {{ who }}
  variables: {who: "you", list: [1, 2.5, null, true]}
  stakes: >
    folded
    text
retry: {max_retries: 1, jitter: no}
validations:
  - &rule {type: file_exists, path: "r-{batch_num}.md"}
  - {<<: *rule, type: content_regex, pattern: '(\\d{2})+ {who}'}
  - type: command_succeeds
    command: 'test -s {start_item}'
parallel: {max_concurrent: 2}
`;

function assertPlaced(finding: Finding, source: string, about: string): void {
	const lines = source.split('\n');
	const line = finding.sourceLine ?? lines[finding.line - 1]?.replace(/\r$/, '');
	assert.ok(line !== undefined, about);
	assert.ok(Number.isInteger(finding.line) && finding.line >= 1, about);
	assert.ok(Number.isInteger(finding.column) && finding.column >= 1 && finding.column <= line.length + 1, about);
	assert.ok(finding.length >= 1 && finding.column - 1 + finding.length <= Math.max(line.length, finding.column), about);
	assert.ok(finding.message !== '' && finding.message.length < 5000, about);
	assert.ok(!/undefined|\[object|NaN/.test(finding.message) || /undefined|\[object|NaN/.test(source), about);
	const [head, ...rest] = formatFinding(finding, source).split('\n');
	assert.ok(head!.includes(`:${finding.line}:${finding.column}: ${finding.severity}: `));
	assert.ok(
		rest.every(shown => shown.length <= 110 || shown.startsWith('  write:') || shown.startsWith('   ')),
		about,
	);
}

const bits = fc.constantFrom(
	...[
		'{',
		'}',
		'[',
		']',
		':',
		': ',
		'- ',
		'\n',
		'\n  ',
		'|',
		'>',
		'"',
		"'",
		'&a ',
		'*a',
		'<<: *batch',
		'!x ',
		'#',
		'\t',
		'\r\n',
	],
	...[
		'{{',
		'}}',
		'%',
		'@',
		'`',
		'012',
		'null',
		'~',
		'.inf',
		'---\n',
		'...',
		',',
		'?',
		'\\',
		'(',
		'\u{1f600}',
		'日本',
		'\0',
		'\u2028',
	],
	...[
		'size: 3',
		'"3"',
		'yes',
		'validations:',
		'- {type: file_exists}',
		'{nope}',
		'../',
		'__proto__: 1\n',
		'{% if %}',
		'%YAML 1.1\n',
	],
);
const edit = fc.record({at: fc.nat(job.length), drop: fc.nat(30), put: fc.oneof(bits, fc.string({maxLength: 8}))});
const mutated = fc
	.array(edit, {minLength: 1, maxLength: 6})
	.map(edits => edits.reduce((text, {at, drop, put}) => text.slice(0, at) + put + text.slice(at + drop), job));
const garbage = fc.array(fc.oneof(bits, fc.string()), {maxLength: 40}).map(parts => parts.join(''));
const setting = fc.oneof(
	fc.string(),
	fc
		.tuple(fc.constantFrom('name', 'batch.size', 'validations.0.path', 'retry', 'a.b'), bits)
		.map(([path, value]) => `${path}=${value}`),
);

test('whatever a file and its settings hold, every answer is a job or findings with places', async () => {
	await inFolder(async folder => {
		const file = join(folder, 'job.yaml');
		await fc.assert(
			fc.asyncProperty(fc.oneof(mutated, mutated, garbage), fc.array(setting, {maxLength: 2}), async (text, sets) => {
				await writeFile(file, text);
				const loaded = await loadJob(file, {sets});
				const findings = await checkJob(loaded);
				const about = JSON.stringify({text, sets, findings}).slice(0, 3000);
				for (const finding of findings) assertPlaced(finding, loaded.source, about);
				const errors = loaded.findings.filter(({severity}) => severity === 'error');
				assert.equal(loaded.job === undefined, errors.length > 0, about);
				const order = findings.filter(finding => finding.sourceLine === undefined).map(({line}) => line);
				assert.deepEqual(
					order,
					order.toSorted((a, b) => a - b),
				);
			}),
			{numRuns: 500},
		);
	});
});

test('bytes that are no text never throw', async () => {
	await inFolder(async folder => {
		const file = join(folder, 'job.yaml');
		await fc.assert(
			fc.asyncProperty(fc.uint8Array({maxLength: 200}), async bytes => {
				await writeFile(file, bytes);
				const loaded = await loadJob(file);
				for (const finding of await checkJob(loaded)) assertPlaced(finding, loaded.source, String(bytes));
				assert.equal(loaded.job, undefined);
			}),
			{numRuns: 500},
		);
	});
});
