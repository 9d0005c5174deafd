import assert from 'node:assert/strict';
import {existsSync, readdirSync} from 'node:fs';
import {describe, it} from 'node:test';
import {inOrder, json, refused} from './answers.js';
import {writeJob} from './jobs.js';
import {withDesk} from './program.js';

describe('mozart run --dry-run', {concurrency: 4}, () => {
	it('shows the batches with items and rules, with -v their prompts, and runs nothing', () =>
		withDesk(async desk => {
			desk.write('names', 'Ada\nGrace\nHedy\n');
			const rules = [
				{type: 'file_exists', path: 'out/{batch_num}'},
				{type: 'command_succeeds', command: 'test -e {start_item}'},
			];
			const prompt = {template: 'Dear {{ items | join(" and ") }},\nhello'};
			writeJob(desk, {rules, more: {batch: {size: 2, items: {file: 'names'}}, prompt}});
			const plain = await desk.mozart('run', '-n', 'work.yaml');
			assert.equal(plain.code, 0);
			inOrder(
				plain.stdout,
				'work: 2 batches of up to 2 items, 3 items in all. Nothing is run.',
				'\nbatch 1: items 1 to 2\n  - Ada\n  - Grace\n  rule file_exists: out/1\n  rule command_succeeds: test -e 1\n',
				'\nbatch 2: item 3\n  - Hedy\n',
			);
			assert.doesNotMatch(plain.stdout, /Dear/);
			const one = await desk.mozart('run', '-n', '-v', 'work.yaml', '--batches', '2');
			assert.doesNotMatch(one.stdout, /batch 1:/);
			inOrder(one.stdout, 'batch 2:', '  prompt:\n    Dear Hedy,\n    hello');
			const data = json((await desk.mozart('run', '--dry-run', '--json', 'work.yaml')).stdout);
			assert.deepEqual(data[0], {
				batch: 1,
				status: 'pending',
				first: 1,
				last: 2,
				items: ['Ada', 'Grace'],
				rules: ['file_exists: out/1', 'command_succeeds: test -e 1'],
				prompt: 'Dear Ada and Grace,\nhello',
			});
			assert.equal(data.length, 2);
			assert.equal(existsSync(desk.at('workspace')), false);
			assert.deepEqual(readdirSync(`${desk.folder}/state`), []);
			refused(await desk.mozart('run', '-n', 'none.yaml'), 2, /does not exist/);
			refused(await desk.mozart('run', '-n', 'work.yaml', '--set', 'batch.items.file=nowhere'), 2, /nowhere/);
		}));

	it('shows a job that was begun with the batches that a run will have', () =>
		withDesk(async desk => {
			writeJob(desk, {batches: 6, more: {batch: {size: 2, total_items: 6}}});
			const chosen = await desk.mozart('run', 'work.yaml', '--batches', '1');
			assert.equal(chosen.code, 0);
			writeJob(desk, {batches: 6, more: {batch: {size: 1, total_items: 6}}});
			const {stdout} = await desk.mozart('run', '-n', 'work.yaml');
			inOrder(stdout, 'batch 1: items 1 to 2, completed', 'batch 2: item 3\n', 'batch 5: item 6\n');
			assert.doesNotMatch(stdout, /batch 6:/);
		}));
});

describe('mozart validate', {concurrency: 4}, () => {
	it('says that a good file is good, and what is odd about it', () =>
		withDesk(async desk => {
			writeJob(desk, {batches: 3});
			const good = await desk.mozart('validate', 'work.yaml');
			assert.deepEqual(good, {
				code: 0,
				signal: null,
				stdout: 'work.yaml: valid: work, 3 batches, 1 rule\n',
				stderr: '',
			});
			assert.deepEqual(json((await desk.mozart('validate', 'work.yaml', '--json')).stdout), [
				{valid: true, findings: []},
			]);
			writeJob(desk, {rules: []}, 'odd.yaml');
			const odd = await desk.mozart('validate', 'odd.yaml');
			assert.equal(odd.code, 0);
			assert.match(odd.stdout, /^odd\.yaml: valid \(1 warning\): work, 1 batch, 0 rules\n$/);
			assert.match(odd.stderr, /odd\.yaml:\d+:\d+: warning: /);
			assert.deepEqual(readdirSync(desk.jobs).sort(), ['odd.yaml', 'work.yaml'], 'nothing is written');
		}));

	it('gives every mistake in one go, with exit code 2', () =>
		withDesk(async desk => {
			writeJob(desk, {
				more: {
					nmae: 'x',
					prompt: {template_file: 'nowhere.md'},
					validations: [{type: 'content_regex', path: 'a', pattern: '('}],
				},
			});
			const bad = await desk.mozart('validate', 'work.yaml');
			refused(bad, 2, /nmae/);
			assert.match(bad.stderr, /nowhere\.md/);
			assert.match(bad.stderr, /regular expression/);
			assert.match(bad.stderr, /^3 errors$/m);
			const data = await desk.mozart('validate', '--json', 'work.yaml');
			assert.equal(data.code, 2);
			const [{valid, findings}] = json(data.stdout);
			assert.equal(valid, false);
			assert.equal(findings.length, 3);
			for (const {line, column, message} of findings) assert.ok(line > 0 && column > 0 && message !== '');
			refused(await desk.mozart('validate', 'none.yaml'), 2, /none\.yaml:1:1: error: the job file does not exist/);
		}));
});
