import assert from 'node:assert/strict';
import {existsSync, readdirSync} from 'node:fs';
import path from 'node:path';
import {DatabaseSync} from 'node:sqlite';
import {describe, it} from 'node:test';
import {batchAt} from '../../source/core/batch-table.js';
import {rowsIn} from '../store/history/tables.js';
import {done, linesOf, readFacts, replay, stateOf, writeJob} from './jobs.js';
import {type Desk, eventually, exits, runs, withDesk} from './program.js';

/** Seeded, so that a failing series of kills can be repeated nearly as it was. */
function seeded(seed: number): (below: number) => number {
	let state = seed;
	return below => {
		state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
		return Math.floor((state / 2 ** 32) * below);
	};
}

const soon = (ms: number) => new Promise<void>(resolve => setTimeout(resolve, ms));

/** Whether a process runs, for a script: an orphan that has ended may wait long for somebody to ask how. */
const isAlive = `alive() { case $(ps -o stat= -p "$1") in ''|Z*) return 1;; esac; }`;

/**
 * Notes in `log` when it really starts and ends, by the mark that every attempt carries, and whether another attempt of
 * the same batch is alive. Some batches are quick and some slow; one in three prints, and so dies with its reader.
 */
const witnessed = `${isAlive}; mark=\${MOZART_ATTEMPT##*:}
old=$(cat "pid-$1" 2>/dev/null) && alive "$old" && echo "overlap $mark" >> log
echo $$ > "pid-$1"; echo "start $mark" >> log
case $1 in *[147]) sleep 0.02;; *[258]) sleep 0.15;; *) for i in 1 2 3 4 5; do echo "$i"; sleep 0.02; done;; esac
mkdir -p "$2/out"; echo done > "$2/tmp-$1"; mv "$2/tmp-$1" "$2/out/$1"
echo "end $mark" >> log`;

type Witness = {what: string; batch: number; attempt: number};

const witnesses = (desk: Desk, folder: string): Witness[] =>
	linesOf(desk.at(folder, 'log')).map(line => {
		const {1: what = '', 2: batch, 3: attempt} = /^(\w+) (\d+)#(\d+)$/.exec(line) ?? assert.fail(line);
		return {what, batch: Number(batch), attempt: Number(attempt)};
	});

const idsIn = (desk: Desk, workspace: string) =>
	existsSync(desk.at(workspace, '.mozart'))
		? readdirSync(desk.at(workspace, '.mozart')).filter(name => !name.startsWith('.'))
		: [];

/** What must be true of a job that was killed again and again, from its journal and from what its children have seen. */
function judge(desk: Desk, folder: string): number {
	const [id = ''] = idsIn(desk, `${folder}/workspace`);
	const facts = readFacts(stateOf(desk, id, `${folder}/workspace`));
	const run = replay(facts);
	const seen = witnesses(desk, folder);
	assert.deepEqual(
		seen.filter(({what}) => what === 'overlap'),
		[],
		'an orphan was ended before the next attempt began',
	);
	const started = seen.filter(({what}) => what === 'start').map(({batch, attempt}) => `${batch}#${attempt}`);
	assert.equal(new Set(started).size, started.length, 'no attempt was started twice');
	const recorded = new Set(
		facts.flatMap(fact => (fact.type === 'attempt-started' ? [`${fact.batch}#${fact.attempt}`] : [])),
	);
	for (const mark of started) assert.ok(recorded.has(mark), `${mark} was on disk before it started`);
	const spawned = new Set(
		facts.flatMap(fact => (fact.type === 'attempt-spawned' ? [`${fact.batch}#${fact.attempt}`] : [])),
	);
	let lost = 0;
	for (let batch = 1; batch <= run.total; batch++) {
		assert.equal(batchAt(run, batch).status, 'completed');
		const mine = seen.filter(one => one.batch === batch);
		const losses = facts.filter(fact => fact.type === 'attempt-lost' && fact.batch === batch).length;
		assert.ok(
			mine.filter(({what}) => what === 'start').length <= 1 + losses,
			`batch ${batch} ran again only when it was in flight`,
		);
		assert.equal(facts.filter(fact => fact.type === 'batch-completed' && fact.batch === batch).length, 1);
		const finished = mine.find(({what}) => what === 'end');
		const again = mine.find(({what, attempt}) => what === 'start' && finished && attempt > finished.attempt);
		// Whose start had not reached the disk may run again: nobody can know that it was finished.
		if (finished && spawned.has(`${batch}#${finished.attempt}`))
			assert.equal(again, undefined, `batch ${batch} was finished already`);
		lost += losses;
	}
	return lost;
}

/** What the history was told while programs died, and caught up, is what the journals tell from the beginning. */
async function rebuildsTheSame(desk: Desk): Promise<void> {
	const rows = () => {
		const db = new DatabaseSync(path.join(desk.folder, 'state/mozart/history.db'));
		const found = rowsIn(db);
		db.close();
		return found;
	};
	exits(await desk.mozart('history'), 0);
	const told = rows();
	assert.match(exits(await desk.mozart('history', 'rebuild'), 0).stdout, /^Told anew: \d runs \(\d+ facts\)\.\n$/);
	assert.deepEqual(rows(), told);
}

describe('kill -9', {concurrency: 4}, () => {
	it('at 25 random moments loses nothing, runs nothing twice that was finished, and leaves no orphan', () =>
		withDesk(async desk => {
			const random = seeded(20260101);
			let kills = 0;
			let lost = 0;
			const kept = new Set<string>();
			for (let job = 1; kills < 25; job++) {
				const file = `${job}/work.yaml`;
				const more = {state_backend: job % 2 === 0 ? 'sqlite' : 'json'};
				kept.add(more.state_backend);
				writeJob(desk, {script: witnessed, batches: 24, concurrency: 3, more}, file);
				for (let code: number | null = null; code !== 0; ) {
					const run = desk.start(['run', file, '--json']);
					if (kills < 25) {
						const events = 1 + random(24);
						await Promise.race([
							run.ended,
							run.until('its next events', () => run.events.length >= events).catch(() => {}),
						]);
						await soon(random(40));
						run.kill('SIGKILL');
					}
					const ended = await run.ended;
					code = ended.code;
					if (ended.signal === 'SIGKILL') kills++;
					// A batch that was lost three times has failed, and is queued again by the next run.
					else assert.ok(code === 0 || code === 1, ended.stderr);
				}
				lost += judge(desk, String(job));
				const status = exits(await desk.mozart('status', file, '--json'), 0);
				const {state, batches} = JSON.parse(status.stdout);
				const [id = ''] = idsIn(desk, `${job}/workspace`);
				const run = replay(readFacts(stateOf(desk, id, `${job}/workspace`)));
				assert.equal(state, 'completed');
				assert.deepEqual(batches, run.batches.flat(), 'checkpoint and journal tell the same');
			}
			assert.ok(kept.size === 2, 'journals and databases were tried');
			await rebuildsTheSame(desk);
			assert.ok(lost >= 15, `${lost} attempts were cut off`);
		}));

	it('leaves an orphan, which the next run ends before it begins', () =>
		withDesk(async desk => {
			const script = (
				trap: string,
			) => `${isAlive}; old=$(cat pid 2>/dev/null) && { alive "$old" && echo alive > overlap; ${done}; exit; }
${trap}echo $$ > pid; while :; do sleep 0.05; done`;
			for (const words of [['resume'], ['run', '--fresh']]) {
				// One of the two orphans does not heed TERM.
				const trap = words[0] === 'resume' ? "trap '' TERM; " : '';
				writeJob(desk, {script: script(trap)}, `${words[0]}/work.yaml`);
				const at = (name: string) => desk.at(words[0] ?? '', name);
				const run = desk.start(['run', `${words[0]}/work.yaml`, '--json']);
				await run.event('attempt-spawned');
				const orphan = await eventually('the child', () => Number(linesOf(at('pid'))[0]));
				run.kill('SIGKILL');
				await run.ended;
				assert.ok(runs(orphan), 'the child has outlived the program');
				const next = exits(await desk.mozart(...words, `${words[0]}/work.yaml`), 0);
				assert.match(next.stderr, /Ended \d process(es)? that a crashed run had left behind\./);
				assert.ok(!runs(orphan));
				assert.ok(!existsSync(at('overlap')), 'it was dead before the batch ran again');
			}
		}));

	it('asks the rules first: what had been finished is completed without a second run', () =>
		withDesk(async desk => {
			writeJob(desk, {script: `echo $$ >> starts; ${done}; while [ ! -e go ]; do sleep 0.02; done`});
			const run = desk.start(['run', 'work.yaml', '--json']);
			await run.event('attempt-spawned');
			await eventually('the result', () => existsSync(desk.at('workspace/out/1')));
			run.kill('SIGKILL');
			await run.ended;
			const {stdout, stderr} = exits(await desk.mozart('resume', 'work.yaml'), 0);
			assert.match(
				stderr,
				/Cut off when the last run ended: 1 attempt; rules are checked before anything is run again\./,
			);
			assert.match(stdout, /checking its rules before anything is run\n.*completed: 1 of 1 rules pass/);
			assert.equal(linesOf(desk.at('starts')).length, 1);
		}));

	it('fails a batch at its third loss, and a run takes it up afresh', () =>
		withDesk(async desk => {
			writeJob(desk, {script: `echo $$ >> starts; while [ ! -e go ]; do sleep 0.02; done; ${done}`});
			for (let loss = 1; loss <= 3; loss++) {
				const run = desk.start([loss === 1 ? 'run' : 'resume', 'work.yaml', '--json']);
				await run.event('attempt-spawned');
				await eventually('the child', () => linesOf(desk.at('starts')).length === loss);
				run.kill('SIGKILL');
				await run.ended;
			}
			const {stdout} = exits(await desk.mozart('resume', 'work.yaml'), 1);
			assert.match(stdout, /batch 1\/1 +FAILED: its attempts were lost in 3 crashes of the program; look at its log/);
			assert.equal(linesOf(desk.at('starts')).length, 3);
			desk.write('go', '');
			exits(await desk.mozart('run', 'work.yaml'), 0);
			assert.equal(linesOf(desk.at('starts')).length, 4);
		}));

	it('between the last batch and the end is made good by the next run', () =>
		withDesk(async desk => {
			writeJob(desk);
			exits(await desk.mozart('run', 'work.yaml'), 0);
			const [id = ''] = idsIn(desk, 'workspace');
			const journal = `workspace/.mozart/${id}/journal.jsonl`;
			const lines = linesOf(desk.at(journal));
			assert.match(lines.at(-1) ?? '', /"run-ended"/);
			desk.write(journal, `${lines.slice(0, -1).join('\n')}\n`);
			for (const name of readdirSync(desk.at('workspace/.mozart', id)))
				if (name.startsWith('checkpoint')) desk.discard(`workspace/.mozart/${id}/${name}`);
			assert.match(exits(await desk.mozart('status'), 0).stdout, /interrupted/);
			assert.match(exits(await desk.mozart('resume', id), 0).stdout, /work: completed · 1\/1/);
			assert.match(exits(await desk.mozart('status'), 0).stdout, /\): completed\n/);
		}));
});
