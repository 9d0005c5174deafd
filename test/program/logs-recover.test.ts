import assert from 'node:assert/strict';
import {readFileSync} from 'node:fs';
import {describe, it} from 'node:test';
import {gated, inOrder, json, refused, theId} from './answers.js';
import {done, linesOf, readFacts, stateOf, writeJob} from './jobs.js';
import {exits, withDesk} from './program.js';

describe('mozart logs', {concurrency: 4}, () => {
	it('gives the story of a job and all that a batch printed', () =>
		withDesk(async desk => {
			const twice = `[ -e tried ] && { ${done}; echo second; exit; }; : > tried; echo first; printf '\\033[31mno end'; echo wrong >&2; exit 7`;
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
			assert.equal((await desk.mozart('logs', id, '1', '--attempt', '1')).stdout, 'first\nno endwrong\n');
			const as = ['logs', id, '1', '--attempt', '1', '--json'];
			const line = (stream: string, text: string) => ({type: 'output', batch: 1, attempt: 1, stream, text});
			const said = [line('stdout', 'first'), line('stdout', 'no end'), line('stderr', 'wrong')];
			assert.deepEqual(json(exits(await desk.mozart(...as), 0).stdout), said);
			said[1] = line('stdout', '\u001b[31mno end');
			assert.deepEqual(json(exits(await desk.mozart(...as, '--raw'), 0).stdout), said);
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
				'batch 2: completed, 1 of 1 rules pass',
				'batch 3: failed, 0 of 1 rules pass',
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
