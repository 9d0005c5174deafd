import assert from 'node:assert/strict';
import {chmodSync, readdirSync, readFileSync, statSync, writeFileSync} from 'node:fs';
import {describe, it} from 'node:test';
import {peakKilobytes} from '../support/peak-memory.js';
import {done, linesOf, readFacts, replay, stateOf, writeJob} from './jobs.js';
import {type Desk, eventually, exits, runs, withDesk} from './program.js';

function theState(desk: Desk): string {
	const [id = ''] = readdirSync(desk.at('workspace/.mozart')).filter(name => !name.startsWith('.'));
	return stateOf(desk, id);
}

describe('a reader that goes away', {concurrency: 4}, () => {
	for (const words of [[], ['--json']]) {
		it(`does not end the run${words.length > 0 ? ' with --json' : ''}`, () =>
			withDesk(async desk => {
				writeJob(desk, {batches: 3, script: `while [ ! -e go ]; do sleep 0.02; done; ${done}`});
				const run = desk.start(['run', 'work.yaml', ...words]);
				await run.says(/attempt-spawned|attempt 1/);
				run.child.stdout?.destroy();
				desk.write('go', '');
				exits(await run.ended, 0);
				assert.equal(run.stderr, '');
				assert.equal(replay(readFacts(theState(desk))).counts.completed, 3);
			}));
	}

	it('is missed by nobody when there was none from the start', () =>
		withDesk(async desk => {
			writeJob(desk, {batches: 2});
			exits(await desk.start(['run', 'work.yaml'], {stdio: 'ignore'}).ended, 0);
		}));
});

describe('what a child prints', {concurrency: 4}, () => {
	it('is logged whole, be it 200 MB, and hardly any of it is in memory', () =>
		withDesk(async desk => {
			const size = 200_000_000;
			writeJob(desk, {script: `yes 'all work and no play makes jack a dull boy' | head -c ${size}; ${done}`});
			const memory = desk.at('memory');
			const preload = `import {writeFileSync} from 'node:fs'; process.on('exit', () => writeFileSync(${JSON.stringify(memory)}, String(${peakKilobytes})));`;
			const node = ['--import', `data:text/javascript,${encodeURIComponent(preload)}`];
			exits(await desk.start(['run', 'work.yaml'], {node}).ended, 0);
			assert.equal(statSync(`${theState(desk)}/attempts/1-1.stdout.log`).size, size);
			const megabytes = Number(readFileSync(memory, 'utf8')) / 1024;
			assert.ok(megabytes < 120, `${megabytes} MB at most`);
		}));

	it('does no harm when it is shown: bytes that are no text, colours, titles, bells', () =>
		withDesk(async desk => {
			const bytes = Buffer.from('\x1b[31mred\x1b[0m \xff\xfe \x07\x1b]0;title\x07ok\x1b[2J\n', 'latin1');
			writeFileSync(desk.at('bytes'), bytes);
			writeJob(desk, {script: `cat bytes; cat bytes >&2; ${done}`});
			exits(await desk.mozart('run', 'work.yaml'), 0);
			const {stdout} = exits(await desk.mozart('logs', 'work.yaml', '1'), 0);
			assert.equal(stdout, 'red \ufffd\ufffd ok\n'.repeat(2));
			const raw = desk.start(['logs', 'work.yaml', '1', '--raw']);
			raw.child.stdout?.setEncoding('latin1');
			assert.equal(exits(await raw.ended, 0).stdout, bytes.toString('latin1').repeat(2));
		}));

	it('does no harm in verdicts, names and items either', () =>
		withDesk(async desk => {
			const evil = 'a\x1b]0;title\x07b\x1b[2Jc';
			writeFileSync(desk.at('items'), `${evil}\n`);
			writeFileSync(desk.at('bytes'), evil);
			writeJob(desk, {
				script: 'mkdir -p "$2/out"; cp bytes "$2/out/1"; cat bytes >&2; exit 3',
				rules: [{type: 'content_contains', path: 'out/1', pattern: `${evil}!`}],
				more: {batch: {size: 1, items: {file: 'items'}}, prompt: {template: '{{ items[0] }}'}},
			});
			const shown = [
				exits(await desk.mozart('run', '-n', '-v', 'work.yaml'), 0),
				exits(await desk.mozart('run', 'work.yaml'), 1),
				exits(await desk.mozart('status', '-v'), 0),
				exits(await desk.mozart('logs', 'work.yaml'), 0),
			];
			for (const {stdout, stderr} of shown) assert.doesNotMatch(stdout + stderr, /[\x00-\x08\x0b-\x1f\x7f-\x9f]/);
		}));
});

describe('a program that cannot do its work', {concurrency: 4}, () => {
	it('and is missing is told in one sentence; the job pauses with nothing spent', () =>
		withDesk(async desk => {
			const command = ['nobody-has-this', '{batch_num}'];
			writeJob(desk, {batches: 2, command});
			const {stdout} = exits(await desk.mozart('run', 'work.yaml'), 3);
			const [sentence, ...more] = stdout.split('\n').filter(line => line.startsWith('work: '));
			assert.deepEqual(more, []);
			assert.match(sentence ?? '', /^work: paused \(.*nobody-has-this.*\) · 0\/2 completed · 2 pending$/);
			assert.match(stdout, /Go on: mozart resume/);
			assert.doesNotMatch(stdout, /^\s+at |ENOENT/m);
			const tool = desk.write('tools/nobody-has-this', `#!/bin/sh\nmkdir -p workspace/out; : > workspace/out/$1\n`);
			chmodSync(tool, 0o755);
			const env = {...desk.env, PATH: `${desk.at('tools')}:${desk.env.PATH}`};
			exits(await desk.start(['resume', 'work.yaml'], {env}).ended, 0);
			assert.equal(replay(readFacts(theState(desk))).totals.retries, 0);
		}));

	it('and takes too long is ended with all it has started', () =>
		withDesk(async desk => {
			const script = "sh -c 'echo $$ >> pids; while :; do sleep 0.05; done' & echo $$ >> pids; wait";
			writeJob(desk, {script, timeout: 0.5});
			const {stdout} = exits(await desk.mozart('run', 'work.yaml'), 1);
			assert.match(
				stdout,
				/sh was not done after 0\.5 s \(backend\.timeout_seconds\) and was ended with all it had started/,
			);
			const pids = linesOf(desk.at('pids')).map(Number);
			assert.ok(pids.length > 0);
			await eventually('their end', () => !pids.some(runs));
		}));

	it('leaves a grandchild that holds its output, and the batch is done all the same', () =>
		withDesk(async desk => {
			writeJob(desk, {
				script: `sh -c 'echo $$ > pids; exec sleep 1000' & while [ ! -s pids ]; do sleep 0.02; done; ${done}`,
			});
			exits(await desk.mozart('run', 'work.yaml'), 0);
			assert.deepEqual(linesOf(desk.at('pids')).map(Number).filter(runs), []);
		}));
});
