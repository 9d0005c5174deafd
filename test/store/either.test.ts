import assert from 'node:assert/strict';
import {spawn} from 'node:child_process';
import {once} from 'node:events';
import {
	existsSync,
	readdirSync,
	readFileSync,
	renameSync,
	rmSync,
	statSync,
	truncateSync,
	writeFileSync,
} from 'node:fs';
import {join} from 'node:path';
import {createInterface} from 'node:readline';
import {DatabaseSync} from 'node:sqlite';
import {describe, type TestContext, test} from 'node:test';
import type {KeptAs} from '../../source/store/kept-as.js';
import {openSaved, readSaved} from '../../source/store/open-saved.js';
import {readEnds} from '../../source/store/read-ends.js';
import {readFacts, readLastFacts} from '../../source/store/read-facts.js';
import {repairSaved} from '../../source/store/repair-saved.js';
import {openStateFolder, type StatePaths} from '../../source/store/state-folder.js';
import {fact, factSchema, facts, known, schemas, writeFive} from './facts.js';
import {bundleChild, enlarge, failureOf, fill, ok, readOnlyFolder, scratch, smallDisk, storeError} from './scratch.js';

const changed = (file: string, sql: string) => {
	const db = new DatabaseSync(file);
	db.exec(sql);
	db.close();
};

/** How each way of keeping the state is looked at and hurt from outside. */
const ways = {
	json: {
		fileOf: ({journal}: StatePaths) => journal,
		hurt: ({journal}: StatePaths) =>
			writeFileSync(journal, readFileSync(journal, 'utf8').replace('{"seq":4,', '{"seq":4')),
		makeNewer: ({journal}: StatePaths) => writeFileSync(journal, '{"format":7,"kind":"mozart-journal"}\n'),
		writeInto: ({journal}: StatePaths) => writeFileSync(journal, 'hello', {flag: 'a'}),
	},
	sqlite: {
		fileOf: ({stateDb}: StatePaths) => stateDb,
		hurt: ({stateDb}: StatePaths) => changed(stateDb, `UPDATE facts SET fact = '{"seq":4' WHERE seq = 4`),
		makeNewer: ({stateDb}: StatePaths) => changed(stateDb, 'PRAGMA user_version = 7'),
		writeInto: ({stateDb}: StatePaths) => changed(stateDb, `INSERT INTO facts VALUES (9, 'hello')`),
	},
};

for (const kept of ['json', 'sqlite'] as const) {
	const {fileOf, hurt, makeNewer, writeInto} = ways[kept];
	const folders = async (t: TestContext, folder = scratch(t)) => ok(await openStateFolder(folder, 'hello-1a2b')).paths;
	const openIt = async (paths: StatePaths) => ok(await openSaved(paths, schemas, kept));

	/** A job with five facts, a checkpoint at the third and one before it at the second. */
	const setUp = async (t: TestContext) => {
		const paths = await folders(t);
		await writeFive(await openIt(paths));
		return paths;
	};

	describe(`state that is kept as ${kept}`, () => {
		test('gives back what was appended, in private files, and takes no more once it is closed', async t => {
			const paths = await folders(t);
			const {journal, events} = await openIt(paths);
			assert.deepEqual(events, []);
			await journal.append(facts(1, 3));
			await journal.append([]);
			await Promise.all([journal.append([fact(4)]), journal.append(facts(5, 6))]);
			assert.equal(journal.seq, 6);
			const inUse = readdirSync(paths.root).filter(name => statSync(join(paths.root, name)).isFile());
			for (const name of inUse) assert.equal(statSync(join(paths.root, name)).mode & 0o777, 0o600, name);
			assert.deepEqual(ok(await readFacts(paths, factSchema)).events, facts(1, 6), 'also while it is open');
			await journal.close();
			assert.ok(existsSync(fileOf(paths)));
			assert.equal(existsSync(`${paths.stateDb}-wal`), false, 'all is in the one file');
			assert.deepEqual(ok(await readFacts(paths, factSchema)).events, facts(1, 6));
			assert.deepEqual(await readLastFacts(paths, factSchema), facts(1, 6));
			assert.deepEqual(await readEnds(paths), {startedAt: fact(1).at, last: {seq: 6, at: fact(6).at}});
			const again = await openIt(paths);
			assert.deepEqual([again.events, again.torn, again.setAside], [facts(1, 6), undefined, []]);
			await again.journal.close();
			await assert.rejects(again.journal.append([fact(7)]), /closed/);
		});

		test('opens as its last checkpoint and the facts after it', async t => {
			const paths = await setUp(t);
			const saved = await openIt(paths);
			assert.deepEqual(known(saved), [3, [4, 5]]);
			assert.equal(saved.journal.seq, 5);
			await saved.journal.close();
			assert.deepEqual(known(ok(await readSaved(paths, schemas))), [3, [4, 5]]);
		});

		test('facts whose numbers do not follow, or that could not be read again, are a bug and write nothing', async t => {
			const paths = await folders(t);
			const {journal} = await openIt(paths);
			await assert.rejects(journal.append([fact(2)]), /fact 2 cannot follow fact 0/);
			await assert.rejects(journal.append([fact(1), fact(3)]), /fact 3 cannot follow fact 1/);
			await assert.rejects(journal.append([fact(1), {...fact(2), at: Number.NaN}]), /expected number/);
			await journal.append([fact(1)]);
			await journal.close();
			assert.deepEqual(ok(await readFacts(paths, factSchema)).events, [fact(1)]);
		});

		test('that is deleted, moved or replaced is noticed at the next append, and no more is taken', async t => {
			const hands: ((file: string) => void)[] = [
				file => rmSync(file),
				file => rmSync(join(file, '..'), {recursive: true}),
				file => renameSync(join(file, '..'), join(file, '..', '..', 'elsewhere')),
				file => {
					rmSync(file);
					writeFileSync(file, 'something else');
				},
			];
			for (const hand of hands) {
				const paths = await folders(t);
				const {journal} = await openIt(paths);
				await journal.append([fact(1)]);
				hand(fileOf(paths));
				await assert.rejects(journal.append([fact(2)]), storeError('journal-vanished', /deleted or moved .*git clean/));
				await assert.rejects(journal.append([fact(3)]), storeError('journal-vanished', /deleted or moved/));
				assert.equal(journal.seq, 1);
				await journal.close();
			}
		});

		test('that something else writes into is noticed', async t => {
			const paths = await folders(t);
			const {journal} = await openIt(paths);
			await journal.append([fact(1)]);
			writeInto(paths);
			await assert.rejects(journal.append([fact(2)]), storeError('journal-altered', /Something else changed/));
			await journal.close();
		});

		test('never begins anew while anything else of the job is there', async t => {
			const paths = await setUp(t);
			truncateSync(fileOf(paths), 0);
			assert.equal(failureOf(await openSaved(paths, schemas, kept)).kind, 'journal-damaged');
			rmSync(fileOf(paths));
			writeFileSync(paths.stdoutLog(1, 1), 'x');
			assert.equal(failureOf(await openSaved(paths, schemas, kept)).kind, 'journal-missing');
			rmSync(paths.stdoutLog(1, 1));
			for (const name of readdirSync(paths.root)) if (name.startsWith('checkpoint')) rmSync(join(paths.root, name));
			const fresh = await openIt(paths);
			assert.deepEqual(known(fresh), [undefined, []]);
			await fresh.journal.close();
		});

		test('with damage in the middle is refused, and mended up to the damage when it is asked for', async t => {
			const paths = await setUp(t);
			hurt(paths);
			const before = readFileSync(fileOf(paths));
			for (const failure of [
				failureOf(await openSaved(paths, schemas, kept)),
				failureOf(await readSaved(paths, schemas)),
				failureOf(await readFacts(paths, factSchema)),
			]) {
				assert.equal(failure.kind, 'journal-damaged');
				assert.match(failure.message, /it is not JSON .* Nothing was changed.*mozart recover hello-1a2b --repair$/);
			}
			assert.deepEqual(readFileSync(fileOf(paths)), before, 'nothing was changed');
			const done = ok(await repairSaved(paths, factSchema));
			assert.equal(done.kept, 3);
			assert.match(done.message, /^Facts 1 to 3 are kept; dropped: .* kept as /);
			assert.deepEqual(readFileSync(done.keptAs[0] ?? ''), before);
			const {journal, events} = await openIt(paths);
			assert.deepEqual(events, facts(1, 3));
			await journal.append([fact(4)]);
			await journal.close();
			assert.match(ok(await repairSaved(paths, factSchema)).message, /^Nothing to repair: .* holds 4 facts/);
		});

		test('of a newer format is refused by name, and not touched', async t => {
			const paths = await setUp(t);
			makeNewer(paths);
			const before = readFileSync(fileOf(paths));
			for (const result of [
				await openSaved(paths, schemas, kept),
				await readSaved(paths, schemas),
				await repairSaved(paths, factSchema),
			]) {
				assert.equal(failureOf(result).kind, 'journal-newer');
				assert.match(failureOf(result).message, /newer Mozart \(journal format 7, this one knows 1\): update Mozart/);
			}
			assert.deepEqual(readFileSync(fileOf(paths)), before);
		});

		test('ends the appends with a sentence when the disk is full, and opens again with all that was safe', async t => {
			const disk = smallDisk(t, '256k');
			if (!disk) return;
			const paths = await folders(t, disk);
			const {journal, checkpoint} = await openIt(paths);
			const sizes = [900, 7000, 30];
			let seq = 0;
			const failure = await (async () => {
				for (;;) {
					await journal.append([fact(seq + 1, 'x'.repeat(sizes[seq % 3]!)), fact(seq + 2)]);
					seq += 2;
				}
			})().catch(error => error);
			assert.ok(storeError('disk', /No space is left .*: free some, then run the same command again/)(failure));
			assert.ok(seq > 6);
			await assert.rejects(journal.append([fact(seq + 3)]), storeError('disk', /No space is left/));
			await checkpoint.save({seq, offset: journal.offset, state: {count: seq}}).catch(() => {});
			await journal.close();
			assert.equal(ok(await readFacts(paths, factSchema)).events.length, seq);
			enlarge(disk);
			const again = await openIt(paths);
			assert.deepEqual([again.journal.seq, again.torn], [seq, undefined]);
			await again.journal.append([fact(seq + 1)]);
			await again.journal.close();
		});

		test('cannot be made on a full disk or in a read-only folder, and says why', async t => {
			const readOnly = readOnlyFolder(t);
			if (readOnly) {
				const paths = {
					...(await folders(t)),
					journal: join(readOnly, 'journal.jsonl'),
					stateDb: join(readOnly, 'state.db'),
				};
				const failure = failureOf(await openSaved(paths, schemas, kept));
				assert.match(failure.message, /( is on a read-only disk|: change its owner)/);
			}
			const disk = smallDisk(t);
			if (!disk) return;
			const paths = await folders(t, disk);
			fill(disk);
			assert.match(failureOf(await openSaved(paths, schemas, kept)).message, /No space is left/);
			assert.deepEqual(readdirSync(paths.root), ['attempts', 'snapshots'], 'nothing half done stays');
		});
	});
}

test('a writer killed at any moment loses nothing that it called safe, however it keeps its state', async t => {
	const child = bundleChild('appender', scratch(t));
	const kills: Record<KeptAs, number[]> = {json: [1, 9, 17], sqlite: [1, 9, 17]};
	for (const kept of ['json', 'sqlite'] as const) {
		const {paths} = ok(await openStateFolder(scratch(t), 'job-1'));
		let safe = 0;
		for (const enough of kills[kept]) {
			const writer = spawn(process.execPath, [child, paths.root, kept], {stdio: ['ignore', 'pipe', 'inherit']});
			let told = 0;
			createInterface({input: writer.stdout}).on('line', line => {
				safe = Number(line);
				if (++told === enough) writer.kill('SIGKILL');
			});
			await once(writer, 'close');
			const {events} = ok(await readFacts(paths, factSchema));
			assert.ok(events.length >= safe, `${events.length} facts on disk, ${safe} were safe`);
			const saved = ok(await readSaved(paths, schemas));
			const [{count} = {count: 0}] = [saved.state];
			assert.ok(count >= safe && count + saved.events.length === events.length, JSON.stringify({count, safe}));
		}
	}
});
