import assert from 'node:assert/strict';
import {spawnSync} from 'node:child_process';
import {appendFileSync, chmodSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync} from 'node:fs';
import {describe, it, type TestContext} from 'node:test';
import {done, linesOf, readFacts, replay, stateOf, writeJob} from './jobs.js';
import {type Desk, eventually, exits, runs, withDesk} from './program.js';

const mount = (...words: string[]) => spawnSync('mount', words, {encoding: 'utf8'});

/** Puts a small disk of its own at the workspace for the length of a story; false where only root may, and nobody is. */
async function withDisk(desk: Desk, context: TestContext, size: string, story: () => Promise<void>): Promise<void> {
	const folder = desk.at('workspace');
	mkdirSync(folder);
	const mounted = mount('-t', 'tmpfs', '-o', `size=${size},mode=0755`, 'mozart-test', folder);
	if (mounted.status !== 0) {
		context.skip(`a small disk cannot be mounted here: ${mounted.error?.message ?? mounted.stderr.split('\n')[0]}`);
		return;
	}
	try {
		await story();
	} finally {
		spawnSync('umount', ['-l', folder]);
	}
}

function theId(desk: Desk): string {
	const [id = ''] = readdirSync(desk.at('workspace/.mozart')).filter(name => !name.startsWith('.'));
	return id;
}

/** Lives until `go` is there. */
const gated = `echo $$ >> pids; while [ ! -e go ]; do sleep 0.02; done; ${done}`;
const pids = (desk: Desk) => linesOf(desk.at('pids')).map(Number);

describe('a disk', {concurrency: 4}, () => {
	for (const [kept, size] of [
		['json', '1m'],
		['sqlite', '2m'],
	] as const)
		it(`that fills up stops the run loudly, with no child left; with space again it goes on (${kept})`, context =>
			withDesk(desk =>
				withDisk(desk, context, size, async () => {
					// Batch 1 fills the disk and stays; the others go on until the journal has no room.
					const script = `[ "$1" != 1 ] || [ -e go ] || { echo $$ >> pids; cat /dev/zero > "$2/fill"; while :; do sleep 0.05; done; }
echo $1 >> starts; ${done}`;
					writeJob(desk, {
						batches: 60,
						concurrency: 2,
						script,
						more: {on_batch_failure: 'continue', state_backend: kept},
					});
					const {stdout, stderr} = exits(await desk.mozart('run', 'work.yaml'), 3);
					const id = theId(desk);
					assert.match(
						stderr,
						/^The run was stopped: No space is left on the disk that holds \/\S+: free some, then run the same command again\.$/m,
					);
					assert.match(stderr, new RegExp(`^When that is mended, go on with: mozart resume ${id}$`, 'm'));
					assert.doesNotMatch(stderr, /^\s+at /m);
					assert.doesNotMatch(stdout, /60\/60/);
					assert.deepEqual(pids(desk).filter(runs), []);
					assert.match(exits(await desk.mozart('status'), 0).stdout, /interrupted/);
					const full = exits(await desk.mozart('resume', id), 3);
					assert.match(full.stderr, /No space is left/);

					desk.write('go', '');
					rmSync(desk.at('workspace/fill'));
					exits(await desk.mozart('run', id), 0);
					const facts = readFacts(stateOf(desk, id));
					assert.equal(replay(facts).counts.completed, 60);
					const starts = Map.groupBy(linesOf(desk.at('starts')), batch => Number(batch));
					for (const [batch, {length}] of starts) {
						const again = facts.filter(
							({type, ...fact}) =>
								(type === 'attempt-lost' || type === 'batch-requeued') && 'batch' in fact && fact.batch === batch,
						);
						assert.ok(length <= 1 + again.length, `batch ${batch} ran again for a reason`);
					}
				}),
			));

	it('that cannot be written is told in one sentence', context =>
		withDesk(async desk => {
			writeJob(desk, {batches: 2});
			const readOnly = async (expected: RegExp) => {
				const {stdout, stderr} = exits(await desk.mozart('run', 'work.yaml'), 3);
				assert.equal(stdout, '');
				assert.match(stderr, expected);
				assert.equal(stderr.trimEnd().split('\n').length, 1);
			};
			if (process.getuid?.() !== 0) {
				mkdirSync(desk.at('workspace'), {mode: 0o555});
				await readOnly(/^You may not write or read \S+workspace\S*: .*--workspace/);
				chmodSync(desk.at('workspace'), 0o755);
				return;
			}
			await withDisk(desk, context, '1m', async () => {
				mount('-o', 'remount,ro', desk.at('workspace'));
				await readOnly(/workspace\S* is on a read-only disk: give another workspace with --workspace\./);
				mount('-o', 'remount,rw', desk.at('workspace'));
				exits(await desk.mozart('run', 'work.yaml', '--batches', '1'), 0);
				mount('-o', 'remount,ro', desk.at('workspace'));
				await readOnly(/is on a read-only disk/);
				assert.match(exits(await desk.mozart('status'), 0).stdout, /1\/2 completed/);
				assert.match(exits(await desk.mozart('logs', 'work.yaml'), 0).stdout, /batch 1\/2 +completed/);
			});
		}));
});

describe('the state of a job', {concurrency: 4}, () => {
	/** A job that was killed while batch 3 of 4 was under way: its facts are in the journal alone. */
	const killed = async (desk: Desk) => {
		writeJob(desk, {batches: 4, script: `[ "$1" != 3 ] || [ -e go ] || exec sleep 1000; echo $1 >> starts; ${done}`});
		const run = desk.start(['run', 'work.yaml', '--json']);
		await run.event('attempt-spawned', event => event.batch === 3);
		run.kill('SIGKILL');
		await run.ended;
		desk.write('go', '');
		const id = theId(desk);
		return {id, journal: `${stateOf(desk, id)}/journal.jsonl`, starts: () => linesOf(desk.at('starts'))};
	};

	it('is refused with file, line and the command that mends it when a line of it is damaged', () =>
		withDesk(async desk => {
			const {id, journal, starts} = await killed(desk);
			const lines = readFileSync(journal, 'utf8').split('\n');
			const line = lines.findIndex(text => text.includes('"batch-completed"') && text.includes('"batch":2'));
			const damaged = lines.with(line, lines[line]?.replace('"batch":2', '"batch":@') ?? '').join('\n');
			desk.write(`workspace/.mozart/${id}/journal.jsonl`, damaged);
			for (const words of [['resume', id], ['run', 'work.yaml'], ['recover', id], ['status'], ['logs', id]]) {
				const {stdout, stderr} = exits(await desk.mozart(...words), 3);
				assert.equal(stdout, '');
				assert.ok(stderr.includes(`${journal}:${line + 1}: `), stderr);
				assert.ok(stderr.includes(`mozart recover ${id} --repair`), stderr);
			}
			assert.equal(readFileSync(journal, 'utf8'), damaged, 'nothing was changed');
			assert.match(exits(await desk.mozart('list'), 0).stdout, /unreadable/);

			const mended = exits(await desk.mozart('recover', id, '--repair'), 3);
			assert.match(
				mended.stderr,
				new RegExp(`Facts 1 to ${line - 1} are kept; dropped: \\d+ lines .* from line ${line + 1} on`),
			);
			assert.equal(readFileSync(`${stateOf(desk, id)}/journal.damaged-1.jsonl`, 'utf8'), damaged);
			assert.match(mended.stdout, /batch 2: completed, 1 of 1 rules pass/);
			exits(await desk.mozart('resume', id), 0);
			assert.deepEqual(starts(), ['1', '2', '3', '4']);
			assert.match(exits(await desk.mozart('recover', id, '--repair'), 0).stderr, /Nothing to repair/);
		}));

	it('loses a last line that a crash has cut off, says so, and goes on', () =>
		withDesk(async desk => {
			const {id, journal, starts} = await killed(desk);
			const torn = '{"seq":99,"at":17';
			appendFileSync(journal, torn);
			assert.match(exits(await desk.mozart('status'), 0).stdout, /interrupted/, 'to look changes nothing');
			assert.ok(readFileSync(journal, 'utf8').endsWith(torn));
			const {stderr} = exits(await desk.mozart('resume', id), 0);
			assert.ok(stderr.includes(`cut off by a crash and is dropped (${torn.length} bytes)`), stderr);
			assert.deepEqual(starts(), ['1', '2', '3', '4']);
			assert.equal(replay(readFacts(stateOf(desk, id))).result, 'completed');
		}));

	it('stops the run loudly when it is deleted under it, and is never silently started over', () =>
		withDesk(async desk => {
			writeJob(desk, {batches: 2, concurrency: 1, script: gated});
			const run = desk.start(['run', 'work.yaml']);
			await eventually('the child', () => pids(desk).length === 1);
			const id = theId(desk);
			desk.discard('workspace/.mozart');
			desk.write('go', '');
			const {stdout, stderr} = exits(await run.ended, 3);
			assert.match(stderr, /^The run was stopped: \S+journal\.jsonl was deleted or moved while the run was writing it/);
			assert.doesNotMatch(stdout, /batch 2\/2 +attempt/);
			assert.deepEqual(pids(desk).filter(runs), []);
			assert.match((await desk.mozart('list')).stdout, /missing/);
			const resumed = exits(await desk.mozart('resume', id), 2);
			assert.match(
				resumed.stderr,
				/There is no state of this job: it has not been run yet, or its state was deleted\./,
			);
			assert.match(
				exits(await desk.mozart('run', id), 0).stderr,
				/was run before, but its state is gone: it begins anew/,
			);
		}));

	it('is a loss, not a beginning, when only the journal is gone', () =>
		withDesk(async desk => {
			writeJob(desk, {batches: 2});
			exits(await desk.mozart('run', 'work.yaml'), 0);
			desk.discard(`workspace/.mozart/${theId(desk)}/journal.jsonl`);
			const {stderr} = exits(await desk.mozart('run', 'work.yaml'), 3);
			assert.match(stderr, /journal\.jsonl is gone, while other state of this job is still there/);
			exits(await desk.mozart('run', 'work.yaml', '--fresh'), 0);
		}));

	it('is private, and hidden from git', () =>
		withDesk(async desk => {
			writeJob(desk);
			exits(await desk.mozart('run', 'work.yaml'), 0);
			assert.equal(readFileSync(desk.at('workspace/.mozart/.gitignore'), 'utf8'), '*\n');
			const state = stateOf(desk, theId(desk));
			const listed = spawnSync('find', [desk.at('workspace/.mozart'), '-perm', '/077'], {encoding: 'utf8'});
			assert.equal(listed.stdout, '');
			assert.ok(existsSync(`${state}/checkpoint.json`));
		}));
});
