import assert from 'node:assert/strict';
import {existsSync, readdirSync, readFileSync, readlinkSync} from 'node:fs';
import {describe, it} from 'node:test';
import {readProcess} from '../../source/process/process-table.js';
import {Terminal} from '../support/terminal.js';
import {gated, inTerminal, isGivenBack, letGo} from '../terminal/window.js';
import {endAway, withAway} from './detached.js';
import {readFacts, replay, stateOf} from './jobs.js';
import {type Desk, eventually, launcher, runs} from './program.js';

const job = {script: gated, batches: 3, concurrency: 2};
const bothRun = /│ working on 1[\s\S]*│ working on 2/;

/** Who runs the job, by the lock. */
function away(desk: Desk): {id: string; pid: number} {
	const [id = ''] = readdirSync(desk.at('workspace/.mozart')).filter(name => name.startsWith('work-'));
	const locks = readdirSync(stateOf(desk, id)).filter(name => /^lock\.\d+$/.test(name));
	const lock = readFileSync(`${stateOf(desk, id)}/${locks.sort().at(-1)}`, 'utf8');
	return {id, pid: JSON.parse(lock).pid ?? 0};
}

const resultOf = (desk: Desk, id: string) => replay(readFacts(stateOf(desk, id))).result;

/** Another window of the same person. */
async function inWindow(desk: Desk, words: string[], story: (terminal: Terminal) => Promise<void>): Promise<void> {
	const terminal = new Terminal(process.execPath, [launcher, ...words], {cwd: desk.jobs, env: desk.env});
	try {
		await story(terminal);
	} finally {
		await terminal.close();
	}
}

/** The story of a run whose screen is left; what still runs is ended after it. */
const leaving = (inShell: boolean, story: (terminal: Terminal, desk: Desk, pid: number) => Promise<void>) =>
	inTerminal({job, inShell}, async (terminal, desk) => {
		await terminal.shows(bothRun);
		const {pid} = away(desk);
		try {
			await story(terminal, desk, pid);
		} finally {
			await endAway(desk, pid);
		}
	});

describe('screens that come and go', {concurrency: 4}, () => {
	describe('leaving the screen of a run', () => {
		for (const [how, keys] of [
			['d', 'd'],
			['q and then d', 'qd'],
		] as const) {
			it(`by ${how}: the shell has its prompt back, the run goes on and can be attached to`, () =>
				leaving(true, async (terminal, desk, pid) => {
					terminal.press(keys);
					await isGivenBack(terminal);
					assert.match(
						terminal.scrollback,
						/The run goes on, in process \d+;[\s\S]*Come back: mozart attach work-[\s\S]*code 0\n/,
					);
					assert.ok(runs(pid));
					if (existsSync('/proc/self/fd')) {
						const open = readdirSync(`/proc/${pid}/fd`).map(fd => {
							try {
								return readlinkSync(`/proc/${pid}/fd/${fd}`);
							} catch {
								return '';
							}
						});
						assert.deepEqual(
							open.filter(name => /^\/dev\/(pts|tty)/.test(name)),
							[],
							'it has let go of the terminal',
						);
					}
					const {id} = away(desk);
					await inWindow(desk, ['attach', id], async window => {
						await window.shows(bothRun);
						letGo(desk, 1, 2, 3);
						await window.shows(/the run is over/);
						window.press('q');
						assert.equal((await window.ended).code, 0);
						await isGivenBack(window);
						assert.match(window.scrollback, /work: completed · 3\/3 completed/);
					});
					await eventually('its end', () => !runs(pid));
					assert.match(readFileSync(`${stateOf(desk, id)}/run.log`, 'utf8'), /\nwork: completed · 3\/3 completed\n/);
				}));
		}

		it('by a hang-up: it goes on, and can be attached to', () =>
			leaving(false, async (terminal, desk, pid) => {
				terminal.hangUp();
				await inWindow(desk, ['attach', 'work.yaml'], async window => {
					await window.shows(bothRun);
					letGo(desk, 1, 2, 3);
					await window.shows(/the run is over/);
					window.press('d');
					assert.equal((await window.ended).code, 0);
				});
				await eventually('its end', () => !runs(pid));
				assert.equal(resultOf(desk, away(desk).id), 'completed');
			}));

		for (const whom of ['the program', 'the process that the shell waits for'] as const) {
			it(`by a hang-up of ${whom} alone: the shell has its prompt back`, () =>
				leaving(true, async (terminal, desk, pid) => {
					process.kill(whom === 'the program' ? pid : (readProcess(pid)?.parent ?? 0), 'SIGHUP');
					await isGivenBack(terminal);
					assert.match(
						terminal.scrollback,
						/The run goes on, in process \d+;[\s\S]*Come back: mozart attach work-[\s\S]*code 0\n/,
					);
					assert.ok(runs(pid));
					letGo(desk, 1, 2, 3);
					await eventually('its end', () => !runs(pid));
					assert.equal(resultOf(desk, away(desk).id), 'completed');
					assert.match(
						readFileSync(`${stateOf(desk, away(desk).id)}/run.log`, 'utf8'),
						/\nwork: completed · 3\/3 completed\n/,
					);
				}));
		}

		it('by a hang-up while it is paused: it waits for who has paused it', () =>
			leaving(false, async (terminal, desk, pid) => {
				terminal.press('p');
				await terminal.shows(/work pausing/);
				terminal.hangUp();
				letGo(desk, 1, 2, 3);
				await inWindow(desk, ['attach', 'work.yaml'], async window => {
					await window.shows(/work paused[\s\S]*2\/3/);
					assert.ok(runs(pid));
					window.press('p');
					await window.shows(/the run is over/);
				});
				await eventually('its end', () => !runs(pid));
				assert.equal(resultOf(desk, away(desk).id), 'completed');
			}));
	});

	describe('what the shell waits for', () => {
		it('ends with the program when that is killed, and gives the terminal back for it', () =>
			leaving(true, async (terminal, _desk, pid) => {
				process.kill(pid, 'SIGKILL');
				await isGivenBack(terminal);
				assert.match(terminal.scrollback, /code 137\n/);
			}));

		it('gives the terminal back also where the program was killed amid a frame', () => {
			const dieAmidFrame = `if (process.env.MOZART_PARENT === String(process.ppid)) {
				fs.writeSync(1, '\\x1b[?1049h\\x1b[?25l\\x1b[?2004h\\x1b[?2026h');
				process.kill(process.pid, 'SIGKILL');
			}`;
			const hook = `data:text/javascript,${encodeURIComponent(`import fs from 'node:fs'; ${dieAmidFrame}`)}`;
			return inTerminal({inShell: true, env: {NODE_OPTIONS: `--import=${hook}`}}, async terminal => {
				await isGivenBack(terminal);
				assert.match(terminal.written, /\x1b\[\?2026h/);
				assert.match(terminal.scrollback, /code 137\n/);
			});
		});

		it('hands on what it is told, once: a TERM for both is one TERM', () => {
			const script = `trap 'sleep 0.3; echo bye > "bye-$1"; exit 1' TERM; ${gated}`;
			return inTerminal({job: {...job, script}}, async (terminal, desk) => {
				await terminal.shows(bothRun);
				process.kill(-terminal.pid, 'SIGTERM');
				assert.equal((await terminal.ended).code, 3);
				await isGivenBack(terminal);
				assert.ok(existsSync(desk.at('bye-1')) && existsSync(desk.at('bye-2')), 'they had time to end');
				assert.doesNotMatch(terminal.scrollback, /Once more/);
			});
		});

		it('is not to be killed alone: the run ends in order', () =>
			leaving(false, async (terminal, desk, pid) => {
				assert.notEqual(terminal.pid, pid);
				terminal.kill('SIGKILL');
				await eventually('its end', () => !runs(pid));
				assert.equal(resultOf(desk, away(desk).id), 'paused');
			}));
	});

	describe('an attached screen', () => {
		it('steers the run; with --read-only it only watches, and both leave it as it is', () =>
			withAway(job, (desk, {id, pid}) =>
				inWindow(desk, ['attach', id, '--read-only'], async watcher => {
					await watcher.shows(bothRun);
					await watcher.shows(/\nonly watching · q leave/);
					watcher.press('x');
					await watcher.shows(/only watches \(--read-only\)/);
					watcher.press('j');
					await watcher.shows(/\nonly watching · q leave/);
					watcher.press('p');
					await watcher.shows(/only watches \(--read-only\)/);
					await inWindow(desk, ['attach', id], async steerer => {
						await steerer.shows(bothRun);
						steerer.press('p');
						await watcher.shows(/work pausing/);
						steerer.press('q');
						assert.equal((await steerer.ended).code, 0);
						assert.match(steerer.scrollback, /The run goes on, in process \d+\. Come back: mozart attach work-/);
					});
					watcher.press('\x03');
					assert.equal((await watcher.ended).code, 0);
					await isGivenBack(watcher);
					assert.ok(runs(pid));
				}),
			));

		it('gives the terminal back when it is told to end, and when the program behind it dies', () =>
			withAway(job, (desk, {id, pid}) =>
				inWindow(desk, ['attach', id], async first => {
					await first.shows(bothRun);
					await inWindow(desk, ['attach', id], async second => {
						await second.shows(bothRun);
						second.kill('SIGTERM');
						assert.equal((await second.ended).code, 0);
						await isGivenBack(second);
					});
					assert.ok(runs(pid));
					process.kill(pid, 'SIGKILL');
					assert.equal((await first.ended).code, 3);
					await isGivenBack(first);
					assert.match(first.scrollback, /The connection to the program that runs this job was lost/);
					letGo(desk, 1, 2, 3);
				}),
			));
	});
});
