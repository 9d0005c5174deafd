import assert from 'node:assert/strict';
import {readdirSync, readFileSync} from 'node:fs';
import test, {describe} from 'node:test';
import {readProcess} from '../../source/process/process-table.js';
import {endAway, withAway} from '../program/detached.js';
import {readFacts, stateOf} from '../program/jobs.js';
import {type Desk, eventually, launcher, runs} from '../program/program.js';
import {Terminal} from '../support/terminal.js';
import {gated, inTerminal, isGivenBack, letGo} from './window.js';

const job = {script: gated, batches: 3, more: {prompt: {template: 'Do batch {{ batch_num }}.\nWell.\n'}}};

const factsOf = (desk: Desk) => {
	const [id = ''] = readdirSync(desk.at('workspace/.mozart')).filter(name => name.startsWith('work-'));
	return readFacts(stateOf(desk, id));
};

/** Who runs the job. */
function lockIn(desk: Desk) {
	const [id = ''] = readdirSync(desk.at('workspace/.mozart')).filter(name => name.startsWith('work-'));
	const [name = ''] = readdirSync(stateOf(desk, id)).filter(name => /^lock\.\d+$/.test(name));
	return JSON.parse(readFileSync(`${stateOf(desk, id)}/${name}`, 'utf8')) as {pid: number};
}

/** Paused, with the first batch done. */
async function paused(terminal: Terminal, desk: Desk): Promise<void> {
	await terminal.shows(/│ working on 1/);
	terminal.press('p');
	await terminal.shows(/work pausing/);
	letGo(desk, 1);
	await terminal.shows(/work paused .* 1\/3/);
}

describe('the job file, edited from the screen', {concurrency: 2}, () => {
	test('by any editor: what it means is shown, y takes it, and what comes is done by it', () =>
		inTerminal(
			{
				job,
				inShell: true,
				columns: 100,
				env: {EDITOR: `sed -i -e 's/Well/Very well/' -e 's/"total_items": 3/"total_items": 4/'`},
			},
			async (terminal, desk) => {
				await terminal.shows(/│ working on 1/);
				terminal.press('e');
				await terminal.shows(/the run is under way: pause it first \(p\)/);
				await paused(terminal, desk);
				terminal.press('e');
				await terminal.shows(
					/Batches to do\n {2}2-3: another prompt\n {2}4: new\nBatches done\n {2}1: stale[\s\S]*\+Very well\./,
				);
				terminal.press('y');
				await terminal.shows(/work paused .* 1\/4[\s\S]*taken: the run goes on by this job/);
				assert.equal(terminal.isAlternate, true);
				assert.equal(factsOf(desk).at(-1)?.type, 'job-changed');
				letGo(desk, 2, 3, 4);
				terminal.press('p');
				await terminal.shows(/work completed .* 4\/4/);
				terminal.press('q');
				await isGivenBack(terminal);
				const [id = ''] = readdirSync(desk.at('workspace/.mozart')).filter(name => name.startsWith('work-'));
				const prompts = [1, 2].map(batch =>
					readFileSync(`${stateOf(desk, id)}/attempts/${batch}-1.prompt.md`, 'utf8').trim(),
				);
				assert.deepEqual(prompts, ['Do batch 1.\nWell.', 'Do batch 2.\nVery well.']);
			},
		));

	test('an editor has the terminal to itself: it reads the keys, and its Ctrl-C is its own', () => {
		const script = [
			'trap "echo interrupted" INT; echo ready',
			'until read word; do :; done; echo "got $word"',
			'read word; sed -i "s/Well/$word/" "$1"',
		];
		const editor = `sh -c '${script.join('; ')}' sh`;
		return inTerminal({job, env: {VISUAL: editor}}, async (terminal, desk) => {
			await paused(terminal, desk);
			terminal.press('e');
			await terminal.shows(/ready/);
			assert.equal(terminal.isAlternate, false);
			assert.deepEqual(terminal.changedModes, []);
			terminal.press('\x03');
			await terminal.shows(/interrupted/);
			terminal.press('q\r');
			await terminal.shows(/got q/);
			terminal.press('Badly\r');
			await terminal.shows(/\+Badly\./);
			terminal.press('n');
			await terminal.shows(/not taken/);
			assert.ok(factsOf(desk).every(({type}) => type !== 'job-changed' && type !== 'stopping'));
			terminal.press('q');
			assert.equal((await terminal.ended).code, 3);
			await isGivenBack(terminal);
		});
	});

	test('TERM while an editor is open: that is ended, the run too, and the terminal is as it was', () =>
		inTerminal(
			{job, inShell: true, env: {EDITOR: `sh -c 'echo "editing as $$"; sleep 1000' sh`}},
			async (terminal, desk) => {
				await paused(terminal, desk);
				terminal.press('e');
				const [, pid] = await terminal.shows(/editing as (\d+)/);
				const lock = await eventually('a lock', () => lockIn(desk));
				process.kill(lock.pid, 'SIGTERM');
				await isGivenBack(terminal);
				assert.match(terminal.scrollback, /work: paused .*· 1\/3 completed[\s\S]*\ncode 3\n/);
				assert.equal(runs(Number(pid)), false);
			},
		));

	test('a hang-up while an editor is open: it lets go of the terminal before the shell has its prompt back', () =>
		inTerminal(
			{
				job,
				inShell: true,
				env: {
					EDITOR: `sh -c 'trap "sleep 0.3; echo editor gone; exit 1" TERM; echo "editing as $$"; while :; do sleep 0.05; done' sh`,
				},
			},
			async (terminal, desk) => {
				await paused(terminal, desk);
				terminal.press('e');
				const [, editor] = await terminal.shows(/editing as (\d+)/);
				const lock = await eventually('a lock', () => lockIn(desk));
				try {
					process.kill(readProcess(lock.pid)?.parent ?? 0, 'SIGHUP');
					await isGivenBack(terminal);
					assert.match(terminal.written, /editor gone[\s\S]*The run goes on[\s\S]*\ncode 0\r/);
					assert.equal(runs(Number(editor)), false);
					assert.ok(runs(lock.pid));
				} finally {
					await endAway(desk, lock.pid);
				}
			},
		));

	test('from a screen that is attached too, and the run goes on by the new job after a crash', () =>
		withAway(job, async (desk, {id, pid}) => {
			const terminal = new Terminal(process.execPath, [launcher, 'attach', id], {
				cwd: desk.jobs,
				env: {...desk.env, EDITOR: `sed -i -e 's/Well/Very well/'`},
			});
			try {
				await paused(terminal, desk);
				terminal.press('e');
				await terminal.shows(/2-3: another prompt/);
				terminal.press('y');
				await terminal.shows(/taken: the run goes on/);
				process.kill(pid, 'SIGKILL');
				await terminal.ended;
			} finally {
				await terminal.close();
			}
			letGo(desk, 2, 3);
			const {stderr, code} = await desk.mozart('resume', id);
			assert.equal(code, 0);
			assert.doesNotMatch(stderr, /Changed since the last run/);
			assert.equal(
				readFileSync(`${stateOf(desk, id)}/attempts/2-1.prompt.md`, 'utf8').trim(),
				'Do batch 2.\nVery well.',
			);
			await endAway(desk, pid);
		}));
});
