import assert from 'node:assert/strict';
import {existsSync, readdirSync, readFileSync} from 'node:fs';
import {describe, it} from 'node:test';
import {done, linesOf, readFacts, stateOf, writeJob} from './jobs.js';
import {type Desk, type Ended, exits, withDesk} from './program.js';

const json = (text: string) =>
	text
		.trimEnd()
		.split('\n')
		.map(line => JSON.parse(line));

/** Every word must stand in the text, in this order. */
function inOrder(text: string, ...words: (string | RegExp)[]): void {
	let rest = text;
	for (const word of words) {
		const found = typeof word === 'string' ? rest.indexOf(word) : rest.search(word);
		assert.ok(found >= 0, `${word} should stand in:\n${rest}\n— of —\n${text}`);
		rest = rest.slice(found);
	}
}

function refused({code, stdout, stderr}: Ended, expected: number, sentence: RegExp): void {
	assert.match(stderr, sentence);
	assert.equal(code, expected);
	assert.equal(stdout, '');
	assert.doesNotMatch(stderr, /^\s+at /m, 'no stack trace');
}

const ids = (desk: Desk, workspace = 'workspace') =>
	readdirSync(desk.at(workspace, '.mozart')).filter(name => !name.startsWith('.'));

function theId(desk: Desk): string {
	const [id, another] = ids(desk);
	assert.ok(id !== undefined && another === undefined);
	return id;
}

/** Batch 2 works only once the file `mended` is there. */
const needsMending = `[ "$1" != 2 ] || [ -e mended ] || { echo "no luck with $1" >&2; exit 1; }
${done}; echo "did $1"; echo "$1" >> starts`;

describe('every command', {concurrency: 4}, () => {
	it('tells all exit codes in its help', () =>
		withDesk(async desk => {
			const commands = ['run', 'resume', 'validate', 'status', 'list', 'logs', 'recover'];
			const helps = await Promise.all(
				[[], ...commands.map(command => [command])].map(words => desk.mozart(...words, '--help')),
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
				/^\d\d:\d\d:\d\d +batch 1\/2 +completed: 1 of 1 rule pass, \d+ ms$/m,
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
				'completed · 6/10 completed · 4 pending',
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

/** A job whose batch 1 is done and whose batch 2 lives until the file `go` is there. */
const gated = `echo "begin $1"
[ "$1" = 1 ] || while [ ! -e go ]; do sleep 0.02; done
echo "end $1"; ${done}`;

describe('mozart status and list', {concurrency: 4}, () => {
	it('say that there is nothing yet', () =>
		withDesk(async desk => {
			refused(await desk.mozart('status'), 2, /No job has been run yet\. Start one: mozart run FILE/);
			const none = await desk.mozart('list');
			assert.equal(none.code, 0);
			assert.match(none.stdout, /^No job has been run yet/);
			assert.equal((await desk.mozart('list', '--json')).stdout, '');
			writeJob(desk);
			refused(await desk.mozart('status', 'work.yaml'), 2, /This job has not been run yet/);
			refused(await desk.mozart('logs', 'work.yaml'), 2, /This job has not been run yet/);
			refused(await desk.mozart('resume', 'work.yaml'), 2, /has not been run yet.*Begin: mozart run/);
			refused(await desk.mozart('recover', 'work.yaml'), 2, /has not been run yet/);
			const {code, stdout} = await desk.mozart('status', 'work.yaml', '--json');
			assert.equal(code, 2);
			assert.equal(json(stdout)[0].type, 'problem');
		}));

	it('tell how jobs stand, by id, beginning of an id, or file', () =>
		withDesk(async desk => {
			writeJob(desk, {name: 'good', batches: 2}, 'same-good.yaml');
			writeJob(desk, {name: 'poor', batches: 3, script: needsMending, more: {workspace: './poor'}}, 'same-poor.yaml');
			exits(await desk.mozart('run', 'same-good.yaml'), 0);
			exits(await desk.mozart('run', 'same-poor.yaml'), 1);
			const [good = '', poor = ''] = [...ids(desk), ...ids(desk, 'poor')];
			const status = await desk.mozart('status', good.slice(0, -4));
			assert.equal(status.code, 0);
			inOrder(
				status.stdout,
				`good (${good}): completed\n  2/2 completed\n  2 attempts`,
				`job file ${desk.at('same-good.yaml')}`,
				desk.at('workspace'),
			);
			const verbose = await desk.mozart('status', '-v', 'same-poor.yaml');
			inOrder(
				verbose.stdout,
				`poor (${poor}): failed`,
				'batch 2 failed: ',
				'batch 1: completed',
				'batch 2: failed',
				'batch 3: pending',
				`Again: mozart run ${poor}`,
			);
			const [data, ...more] = json((await desk.mozart('status', poor, '--json')).stdout);
			assert.deepEqual(more, []);
			assert.deepEqual(
				{
					id: data.id,
					state: data.state,
					total: data.total,
					completed: data.completed,
					failed: data.failed,
					pending: data.pending,
				},
				{id: poor, state: 'failed', total: 3, completed: 1, failed: 1, pending: 1},
			);
			assert.deepEqual(
				data.batches.map((batch: {status: string}) => batch.status),
				['completed', 'failed', 'pending'],
			);
			refused(await desk.mozart('status', 'same'), 2, /“same” can be 2 jobs; give one of these ids:\n {2}same-/);
			refused(await desk.mozart('status'), 2, /Which job\? `mozart list` shows them all/);
			refused(await desk.mozart('status', 'nobody'), 2, /No job is known as “nobody”/);

			const list = await desk.mozart('list');
			assert.equal(list.code, 0);
			assert.match(
				list.stdout,
				new RegExp(`^${poor} +failed +1/3 completed · 1 failed · 1 pending +${desk.at('same-poor.yaml')}$`, 'm'),
			);
			assert.ok(list.stdout.indexOf(poor) < list.stdout.indexOf(good), 'the last one first');
			assert.deepEqual(
				json((await desk.mozart('list', '--status', 'completed', '--json')).stdout).map(job => [
					job.id,
					job.state,
					job.completed,
				]),
				[[good, 'completed', 2]],
			);
			assert.match((await desk.mozart('list', '--status', 'running')).stdout, /^No job is running\.\n$/);
		}));

	it('watch a run until it is over, saying only what is new', () =>
		withDesk(async desk => {
			writeJob(desk, {batches: 2, script: gated});
			const run = desk.start(['run', 'work.yaml', '--json']);
			await run.event('attempt-spawned', event => event.batch === 2);
			const watch = desk.start(['status', '--watch']);
			await watch.says(/running, process \d+ since[\s\S]*batch 2: running, attempt 1/);
			const data = desk.start(['status', '--watch', '--json']);
			await data.until('a state', () => data.stdout.includes('"state":"running"'));
			assert.match((await desk.mozart('list', '--status', 'running')).stdout, /running +1\/2 completed · 1 running/);
			desk.write('go', '');
			exits(await run.ended, 0);
			const watched = await watch.ended;
			assert.equal(watched.code, 0);
			const said = watched.stdout.split('\n\n');
			assert.equal(new Set(said).size, said.length, 'nothing is said twice');
			assert.match(said.at(-1) ?? '', /^work \(.*\): completed\n {2}2\/2 completed\n/);
			assert.equal(json((await data.ended).stdout).at(-1).state, 'completed');
			assert.equal(
				(await desk.mozart('status', '--watch')).stdout.match(/completed\n/g)?.length,
				2,
				'an ended run is told once',
			);
		}));

	it('tell a run whose program was killed from one that runs', () =>
		withDesk(async desk => {
			writeJob(desk, {batches: 2, script: gated});
			const run = desk.start(['run', 'work.yaml', '--json']);
			await run.event('attempt-spawned', event => event.batch === 2);
			run.kill('SIGKILL');
			await run.ended;
			const id = theId(desk);
			const {code, stdout} = await desk.mozart('status', '-v');
			assert.equal(code, 0);
			inOrder(
				stdout,
				`work (${id}): interrupted (its program ended without saying so)`,
				'batch 2: cut off',
				`Go on: mozart resume ${id}`,
			);
			assert.match((await desk.mozart('list')).stdout, /interrupted +1\/2 completed · 1 running/);
			desk.write('go', '');
			const resumed = await desk.mozart('resume', id);
			assert.equal(resumed.code, 0);
			assert.match(resumed.stderr, /Cut off when the last run ended: 1 attempt; rules are checked/);
		}));
});

describe('mozart logs', {concurrency: 4}, () => {
	it('gives the story of a job and all that a batch printed', () =>
		withDesk(async desk => {
			const twice = `[ -e tried ] && { ${done}; echo second; exit; }; : > tried; echo first; echo wrong >&2; exit 7`;
			const retry = {max_retries: 1, max_completion_attempts: 0, base_delay_seconds: 0.001};
			writeJob(desk, {script: twice, more: {retry}});
			const run = await desk.mozart('run', 'work.yaml');
			assert.equal(run.code, 0);
			const id = theId(desk);
			const story = await desk.mozart('logs', id);
			assert.equal(story.code, 0);
			assert.equal(run.stdout.split('\n').slice(1, -3).join('\n'), story.stdout.trimEnd());
			assert.deepEqual(json((await desk.mozart('logs', id, '--json')).stdout), readFacts(stateOf(desk, id)));
			assert.deepEqual(await desk.mozart('logs', id, '1'), {code: 0, signal: null, stdout: 'second\n', stderr: ''});
			assert.equal((await desk.mozart('logs', id, '1', '--attempt', '1')).stdout, 'first\nwrong\n');
			refused(await desk.mozart('logs', id, '2'), 2, /There is no batch 2: the job has 1\./);
			refused(await desk.mozart('logs', id, 'x'), 2, /There is no batch x/);
			refused(await desk.mozart('logs', id, '1', '--attempt', '3'), 2, /Batch 1 has no attempt 3: there were 2\./);
			refused(await desk.mozart('logs', id, '1', '--attempt', '1.5'), 2, /has no attempt 1\.5/);
			refused(await desk.mozart('logs', 'nobody'), 2, /No job is known as/);
		}));

	it('follows a job and a batch until they are over', () =>
		withDesk(async desk => {
			writeJob(desk, {batches: 3, script: gated});
			const run = desk.start(['run', 'work.yaml', '--json']);
			await run.event('attempt-spawned', event => event.batch === 2);
			const id = theId(desk);
			const story = desk.start(['logs', '-f', id]);
			const output = desk.start(['logs', '-f', id, '2']);
			await story.says(/batch 2\/3 +attempt 1/);
			await output.says(/begin 2/);
			refused(await desk.mozart('logs', id, '3'), 2, /Batch 3 has not been run yet/);
			desk.write('go', '');
			exits(await run.ended, 0);
			const [told, printed] = [await story.ended, await output.ended];
			assert.equal(told.code, 0);
			assert.match(told.stdout, /batch 3\/3 +completed/);
			assert.deepEqual(printed, {code: 0, signal: null, stdout: 'begin 2\nend 2\n', stderr: ''});
		}));

	it('ends when its reader has gone', () =>
		withDesk(async desk => {
			writeJob(desk, {batches: 2, script: gated});
			const run = desk.start(['run', 'work.yaml', '--json']);
			await run.event('attempt-spawned', event => event.batch === 2);
			const follow = desk.start(['logs', '-f', theId(desk)]);
			await follow.says(/batch 2\/2 +attempt 1/);
			follow.child.stdout?.destroy();
			desk.write('go', '');
			exits(await run.ended, 0);
			exits(await follow.ended, 0);
		}));
});

describe('mozart recover', {concurrency: 4}, () => {
	it('checks the rules of what was begun, completes what passes, and runs nothing', () =>
		withDesk(async desk => {
			writeJob(desk, {
				batches: 4,
				script: `echo $1 >> starts; [ $1 != 1 ] || { ${done}; }`,
				more: {on_batch_failure: 'continue'},
			});
			exits(await desk.mozart('run', 'work.yaml', '--batches', '1-3'), 1);
			const id = theId(desk);
			desk.write('workspace/out/2', 'made by hand');
			const recovered = await desk.mozart('recover', id);
			assert.equal(recovered.code, 3, 'batch 4 is left');
			inOrder(
				recovered.stdout,
				'batch 2: completed, 1 of 1 rule pass',
				'batch 3: failed, 0 of 1 rule pass',
				'2/4 completed · 1 failed · 1 pending',
				`mozart resume ${id}`,
			);
			desk.write('workspace/out/3', 'made by hand');
			const data = await desk.mozart('recover', id, '--json');
			assert.deepEqual(json(data.stdout), [{type: 'rechecked', batch: 3, status: 'completed', passed: 1, rules: 1}]);
			assert.deepEqual(linesOf(desk.at('starts')), ['1', '2', '3']);
			desk.write('workspace/out/4', 'made by hand');
			exits(await desk.mozart('resume', id), 0);
			const complete = await desk.mozart('recover', id);
			assert.deepEqual(complete, {
				code: 0,
				signal: null,
				stdout: `${id}: every batch is completed already.\n`,
				stderr: '',
			});
			assert.deepEqual(json((await desk.mozart('recover', id, '--json')).stdout), [{type: 'complete', id, total: 4}]);
		}));

	it('tells by its exit code whether all is done or only failed batches are left', () =>
		withDesk(async desk => {
			writeJob(desk, {batches: 2, script: 'true', more: {on_batch_failure: 'continue'}});
			exits(await desk.mozart('run', 'work.yaml'), 1);
			exits(await desk.mozart('recover', 'work.yaml'), 1);
			desk.write('workspace/out/1', '');
			desk.write('workspace/out/2', '');
			const {code, stdout} = await desk.mozart('recover', 'work.yaml');
			assert.equal(code, 0);
			assert.match(stdout, /work: completed · 2\/2 completed/);
		}));
});

describe('a bug', () => {
	it('ends the program with exit code 70 and asks for a report', () =>
		withDesk(async desk => {
			writeJob(desk);
			exits(await desk.mozart('run', 'work.yaml'), 0);
			const journal = `${stateOf(desk, theId(desk))}/journal.jsonl`;
			const lines = readFileSync(journal, 'utf8').trimEnd().split('\n');
			const {seq, at} = JSON.parse(lines.at(-1) ?? '');
			// Well-formed, and impossible: only a bug could have written it.
			const impossible = {seq: seq + 1, at, type: 'attempt-spawned', batch: 1, attempt: 9, pid: 1};
			desk.write(journal.slice(desk.jobs.length + 1), `${[...lines, JSON.stringify(impossible)].join('\n')}\n`);
			const {code, stderr} = await desk.mozart('status', 'work.yaml');
			assert.equal(code, 70);
			assert.match(
				stderr,
				/^This is a bug in mozart \d+\.\d+\.\d+; please report it with the lines below\.\nError: batch 1 is completed/,
			);
		}));
});
