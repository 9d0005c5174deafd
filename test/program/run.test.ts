import assert from 'node:assert/strict';
import {existsSync, readdirSync, readFileSync} from 'node:fs';
import {describe, it} from 'node:test';
import {ids, inOrder, json, needsMending, refused, theId} from './answers.js';
import {done, linesOf, readFacts, stateOf, writeJob} from './jobs.js';
import {exits, withDesk} from './program.js';

describe('every command', {concurrency: 4}, () => {
	it('tells all exit codes in its help', () =>
		withDesk(async desk => {
			const commands = [
				...['run', 'resume', 'validate', 'status', 'digest', 'list', 'history', 'logs', 'recover', 'doctor', 'notify'],
				'dashboard',
			];
			const helps = await Promise.all(
				[[], ...commands.map(command => [command]), ['notify', 'test'], ['history', 'rules']].map(words =>
					desk.mozart(...words, '--help'),
				),
			);
			for (const {code, stdout, stderr} of helps) {
				assert.equal(code, 0);
				assert.equal(stderr, '');
				inOrder(
					stdout,
					'Usage: mozart',
					'Exit codes:',
					/^ {2}0 .*done/m,
					/^ {2}1 /m,
					/^ {2}2 /m,
					/^ {2}3 /m,
					/^ {2}4 /m,
					/^ {2}70 /m,
				);
			}
			for (const command of commands) assert.ok(helps[0]?.stdout.includes(`  ${command} `), command);
		}));

	it('completes nothing that was never begun, whatever its rules find', () =>
		withDesk(async desk => {
			const rules = [{type: 'command_succeeds', command: 'true'}];
			writeJob(desk, {command: ['nosuchprogram'], batches: 2, rules}, 'missing.yaml');
			// Reading a job renders its first and its last batch.
			const prompt = {template: '{% if batch_num == 2 %}{{ [][0] }}{% endif %}'};
			writeJob(desk, {batches: 3, rules, more: {prompt}}, 'template.yaml');
			for (const [file, said, left] of [
				['missing.yaml', /The program nosuchprogram was not found in PATH/, '0/2 completed · 2 pending'],
				['template.yaml', /the prompt template cannot be rendered/, '1/3 completed · 2 pending'],
			] as const) {
				const {code, stdout} = await desk.mozart('run', file);
				assert.equal(code, 3, stdout);
				assert.match(stdout, said);
				assert.ok(stdout.includes(left), stdout);
				assert.equal(stdout.match(/rules? pass/g)?.length ?? 0, Number(left[0]), 'only what has run is judged');
			}
		}));

	it('refuses what it does not know with exit code 2, and says what was meant', () =>
		withDesk(async desk => {
			writeJob(desk);
			refused(await desk.mozart('runn', 'work.yaml'), 2, /unknown command 'runn'\s+\(Did you mean run\?\)/);
			refused(
				await desk.mozart('run', '--fersh', 'work.yaml'),
				2,
				/unknown option '--fersh'\s+\(Did you mean --fresh\?\)/,
			);
			refused(await desk.mozart('run'), 2, /missing required argument 'file'/);
			refused(await desk.mozart('list', '--status', 'sleeping'), 2, /'sleeping' is invalid.*running.*interrupted/);
			const {code, stderr} = await desk.mozart();
			assert.equal(code, 2);
			assert.match(stderr, /Usage: mozart/);
			assert.match((await desk.mozart('--version')).stdout, /^\d+\.\d+\.\d+\n$/);
		}));
});

describe('mozart run', {concurrency: 4}, () => {
	it('says what it does line by line, ends with a summary, and is done at once the second time', () =>
		withDesk(async desk => {
			writeJob(desk, {batches: 2});
			const first = await desk.mozart('run', 'work.yaml');
			assert.equal(first.code, 0);
			assert.equal(first.stderr, '');
			const id = theId(desk);
			inOrder(
				first.stdout,
				`work (${id}), results in ${desk.at('workspace')}\n`,
				/^\d\d:\d\d:\d\d +2 batches to do$/m,
				/^\d\d:\d\d:\d\d +batch 1\/2 +attempt 1: item 1$/m,
				/^\d\d:\d\d:\d\d +batch 1\/2 +completed: 1 of 1 rules pass, \d+ ms$/m,
				/batch 2\/2 +completed/,
				/^work: completed · 2\/2 completed$/m,
				/^2 attempts, 0 full retries, 0 completions in \d+ ms|^2 attempts.* s$/m,
			);
			const facts = readFacts(stateOf(desk, id)).length;
			const second = await desk.mozart('run', 'work.yaml');
			assert.equal(second.code, 0);
			assert.match(second.stdout, /^work: completed · 2\/2 completed\n2 attempts.*\n$/);
			assert.equal(readFacts(stateOf(desk, id)).length, facts, 'nothing is added');
			const third = await desk.mozart('run', id, '--json');
			assert.equal(third.code, 0);
			assert.deepEqual(json(third.stdout), [{type: 'complete', id, total: 2}]);
		}));

	it('prints with --json the very events that the journal keeps', () =>
		withDesk(async desk => {
			writeJob(desk, {batches: 3, concurrency: 2});
			const {code, stdout, stderr} = await desk.mozart('run', 'work.yaml', '--json');
			assert.equal(code, 0);
			assert.equal(stderr, '');
			assert.deepEqual(json(stdout), readFacts(stateOf(desk, theId(desk))));
		}));

	it('stops at a failed batch, resumes without it, and runs it again when asked anew', () =>
		withDesk(async desk => {
			writeJob(desk, {batches: 3, script: needsMending});
			const failed = await desk.mozart('run', 'work.yaml');
			const id = theId(desk);
			assert.equal(failed.code, 1);
			inOrder(
				failed.stdout,
				/batch 2\/3 +attempt 1: sh ended with exit code 1/,
				/✗ out\/2 does not exist/,
				/batch 2\/3 +FAILED: /,
				'work: failed · 1/3 completed · 1 failed · 1 pending',
				'  batch 2 failed: ',
				`Look: mozart logs ${id} BATCH    Again: mozart run ${id}`,
			);
			const resumed = await desk.mozart('resume', id);
			assert.equal(resumed.code, 1);
			inOrder(resumed.stdout, 'going on', 'batch 3/3  completed', 'work: failed · 2/3 completed · 1 failed\n');
			desk.write('mended', '');
			const again = await desk.mozart('run', id);
			assert.equal(again.code, 0);
			inOrder(again.stdout, 'batch 2/3  queued again', 'batch 2/3  attempt 2', 'work: completed · 3/3 completed');
			assert.deepEqual(linesOf(desk.at('starts')), ['1', '3', '2']);
			refused(await desk.mozart('resume', 'nothing-like-it'), 2, /No job is known as “nothing-like-it”/);
		}));

	it('runs all others first when on_batch_failure says so', () =>
		withDesk(async desk => {
			writeJob(desk, {batches: 4, script: needsMending, more: {on_batch_failure: 'continue'}});
			const {code, stdout} = await desk.mozart('run', 'work.yaml');
			assert.equal(code, 1);
			assert.match(stdout, /work: failed · 3\/4 completed · 1 failed\n/);
			assert.deepEqual(linesOf(desk.at('starts')), ['1', '3', '4']);
		}));

	it('refuses a job file with mistakes before anything runs, each with its place', () =>
		withDesk(async desk => {
			desk.write('bad.yaml', 'name: bad\nbakend: {}\nbatch: {size: 0, total_items: 1}\nprompt: {template: "{{ x"}\n');
			const bad = await desk.mozart('run', 'bad.yaml');
			refused(bad, 2, /bad\.yaml:2:1: error/);
			inOrder(bad.stderr, 'bakend: {}', '^~~~~~', /bad\.yaml:3:15/, /\d+ errors/);
			const {code, stdout} = await desk.mozart('run', 'bad.yaml', '--json');
			assert.equal(code, 2);
			const [problem, ...more] = json(stdout);
			assert.deepEqual(more, []);
			assert.equal(problem.type, 'problem');
			assert.equal(problem.kind, 'job-file');
			const first = problem.findings.find((finding: {severity: string}) => finding.severity === 'error');
			assert.equal(first.line, 2);
			refused(await desk.mozart('run', 'none.yaml'), 2, /none\.yaml:1:1: error: the job file does not exist/);
			refused(await desk.mozart('run', '.'), 2, /No job is known as “\.”/);
			assert.deepEqual(readdirSync(desk.jobs), ['bad.yaml']);
		}));

	it('runs only the batches it is asked for, and the others later', () =>
		withDesk(async desk => {
			writeJob(desk, {batches: 10, concurrency: 2, script: `${done}; echo $1 >> starts`});
			const ran = () =>
				linesOf(desk.at('starts'))
					.map(Number)
					.sort((a, b) => a - b);
			const chosen = await desk.mozart('run', 'work.yaml', '--batches', '3-7,9');
			assert.equal(chosen.code, 0);
			assert.deepEqual(ran(), [3, 4, 5, 6, 7, 9]);
			inOrder(
				chosen.stdout,
				'going on with batches 3-7, 9',
				'work: paused (the chosen batches are done) · 6/10 completed · 4 pending',
				'4 batches not chosen this time. All of them: mozart run',
			);
			exits(await desk.mozart('run', 'work.yaml', '-s', '10'), 0);
			assert.deepEqual(ran(), [3, 4, 5, 6, 7, 9, 10]);
			exits(await desk.mozart('resume', theId(desk), '--start-batch', '2'), 0);
			assert.deepEqual(ran(), [2, 3, 4, 5, 6, 7, 8, 9, 10]);
			exits(await desk.mozart('run', 'work.yaml'), 0);
			assert.deepEqual(ran(), [1, 2, 3, 4, 5, 6, 7, 8, 9, 10]);
		}));

	it('refuses flags that make no sense, and changes nothing', () =>
		withDesk(async desk => {
			writeJob(desk, {batches: 5});
			const run = (...words: string[]) => desk.mozart('run', 'work.yaml', ...words);
			refused(await run('--batches', '7-3'), 2, /--batches takes numbers and ranges such as 3-7,9 .*, not “7-3”/);
			refused(await run('--batches', 'all'), 2, /not “all”/);
			refused(await run('-s', '0'), 2, /--start-batch takes a batch number, not “0”/);
			refused(await run('-s', '2', '--batches', '3'), 2, /not both/);
			refused(await run('-s', '6'), 2, /batch 6 was asked for, but the job has 5/);
			refused(await run('--max-parallel', '0'), 2, /max_concurrent/);
			refused(await run('--set', 'retry.max_retrys=1'), 2, /max_retries/);
			refused(await run('--set', 'nonsense'), 2, /nonsense/);
			const {code, stdout} = await run('-s', '0', '--json');
			assert.equal(code, 2);
			assert.deepEqual(json(stdout)[0].type, 'problem');
			const dry = await run('-n', '-s', '6');
			refused(dry, 2, /batch 6 was asked for, but the job has 5/);
			assert.equal(existsSync(desk.at('workspace/out')), false);
			exits(await run('--batches', '4-'), 0);
			assert.deepEqual(readdirSync(desk.at('workspace/out')), ['4', '5']);
		}));

	it('begins anew with --fresh and keeps the old state aside, whole', () =>
		withDesk(async desk => {
			writeJob(desk, {batches: 2, script: `echo $1 >> starts; ${done}`});
			exits(await desk.mozart('run', 'work.yaml'), 0);
			const id = theId(desk);
			const journal = readFileSync(`${stateOf(desk, id)}/journal.jsonl`, 'utf8');
			const fresh = await desk.mozart('run', 'work.yaml', '--fresh');
			assert.equal(fresh.code, 0);
			const [, aside = ''] = ids(desk).sort();
			assert.ok(aside.startsWith(`${id}.`));
			assert.ok(fresh.stderr.includes(`The state so far is kept as ${desk.at('workspace/.mozart', aside)}`));
			assert.equal(readFileSync(desk.at('workspace/.mozart', aside, 'journal.jsonl'), 'utf8'), journal);
			assert.deepEqual(linesOf(desk.at('starts')), ['1', '2', '1', '2']);
			exits(await desk.mozart('run', 'work.yaml'), 0);
			assert.equal(linesOf(desk.at('starts')).length, 4, 'the fresh state is the job’s now');
		}));

	it('takes another workspace, another name and more batches at once by flag', () =>
		withDesk(async desk => {
			// Each batch waits for the other: done only when both live at once.
			const meet = 'd=$2/out; mkdir -p $d; : > $d/$1; while [ ! -e $d/1 ] || [ ! -e $d/2 ]; do sleep 0.02; done';
			writeJob(desk, {batches: 2, script: meet, timeout: 20});
			const words = ['--workspace', 'elsewhere', '--max-parallel', '2', '--set', 'name=other'];
			const {code, stdout} = await desk.mozart('run', 'work.yaml', ...words);
			assert.equal(code, 0);
			const [id = ''] = ids(desk, 'elsewhere');
			inOrder(stdout, `other (${id}), results in ${desk.at('elsewhere')}`, 'other: completed · 2/2');
			assert.deepEqual(readdirSync(desk.at('elsewhere/out')), ['1', '2']);
			assert.equal(existsSync(desk.at('workspace')), false);
			exits(await desk.mozart('run', id), 0);
			assert.match((await desk.mozart('status', id)).stdout, /^other \(.*completed/);
		}));
});
