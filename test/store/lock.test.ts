import assert from 'node:assert/strict';
import {type ChildProcess, execFileSync, fork} from 'node:child_process';
import {once} from 'node:events';
import {mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync} from 'node:fs';
import {open} from 'node:fs/promises';
import {hostname} from 'node:os';
import {join} from 'node:path';
import {type TestContext, test} from 'node:test';
import {processIdentity} from '../../source/process/identity.js';
import {acquireLock, type Lock, type LockResult} from '../../source/store/lock.js';
import {lockOwner} from '../../source/store/lock-owner.js';
import {bundleChild, failureOf, fill, readOnlyFolder, scratch, smallDisk} from './scratch.js';

const now = Date.UTC(2026, 0, 2, 3, 4, 5);
const self = processIdentity(process.pid)!;
const content = (change: object) =>
	JSON.stringify({format: 1, released: false, token: 't', ...self, host: hostname(), since: now, ...change});
const locks = (folder: string) => readdirSync(folder).filter(name => name.startsWith('lock'));
const take = (folder: string, force = false) => acquireLock(folder, {now, force});

const won = (result: LockResult): Lock => {
	if (!('release' in result)) throw new Error(`not won: ${JSON.stringify(result)}`);
	return result;
};
const holder = (result: LockResult) => {
	if (!('heldBy' in result)) throw new Error(`not held: ${JSON.stringify(result)}`);
	return result;
};

/** Real processes that contend for the lock of `folder`; they end with the test. */
const contenders = async (t: TestContext, folder: string, count: number) => {
	const program = bundleChild('contender', scratch(t));
	const children = Array.from({length: count}, () => fork(program, [folder], {execArgv: []}));
	t.after(async () => {
		const living = children.filter(child => child.exitCode === null && child.signalCode === null);
		for (const child of living) child.kill('SIGKILL');
		await Promise.all(living.map(child => once(child, 'exit')));
	});
	await Promise.all(children.map(child => once(child, 'message')));
	return children;
};

type Answer = {won?: boolean; by?: number; problem?: string; failure?: {message: string}};
const ask = async (child: ChildProcess, order: object): Promise<Answer> => {
	const answer = once(child, 'message');
	child.send(order);
	return (await answer)[0];
};
const kill = async (child: ChildProcess) => {
	const exit = once(child, 'exit');
	child.kill('SIGKILL');
	await exit;
};

test('a lock is held by one at a time, names its owner, and is free after release', async t => {
	const folder = scratch(t);
	const lock = won(await take(folder));
	const held = holder(await take(folder));
	assert.deepEqual(held.heldBy, {...self, host: hostname(), since: now});
	assert.equal(held.message, `This job is already run by process ${process.pid}, since 2026-01-02T03:04:05.000Z.`);
	holder(await take(folder, true));
	await lock.release();
	await lock.release();
	const next = won(await take(folder));
	await lock.release();
	holder(await take(folder));
	await next.release();
	assert.deepEqual(locks(folder), ['lock.2']);
});

test('an owner that is gone loses its lock: another start time, another boot, no such process', async t => {
	for (const change of [{startTime: '1'}, {bootId: 'another'}, {pid: 2 ** 22 + 5}]) {
		const folder = scratch(t);
		writeFileSync(join(folder, 'lock.41'), content(change));
		writeFileSync(join(folder, 'lock.9'), content({}));
		writeFileSync(join(folder, 'lock.77-00aa.tmp'), content({}));
		const lock = won(await take(folder));
		assert.deepEqual(locks(folder), ['lock.42']);
		await lock.release();
	}
});

test('a lock of another host is refused unless forced, and its owner then cannot release ours', async t => {
	const folder = scratch(t);
	writeFileSync(join(folder, 'lock.1'), content({host: 'elsewhere', startTime: '1'}));
	const held = holder(await take(folder));
	assert.match(held.message, /on elsewhere, since .* take over with --force/);
	won(await take(folder, true));
	holder(await take(folder));
});

test('who runs a job can be asked without taking its lock', async t => {
	const folder = scratch(t);
	const owner = {...self, host: hostname(), since: now};
	assert.equal(await lockOwner(join(folder, 'none')), undefined);
	assert.equal(await lockOwner(folder), undefined);
	const lock = won(await take(folder));
	assert.deepEqual(await lockOwner(folder), owner);
	await lock.release();
	assert.equal(await lockOwner(folder), undefined);
	writeFileSync(join(folder, 'lock.10'), content({startTime: '1'}));
	assert.equal(await lockOwner(folder), undefined, 'dead');
	writeFileSync(join(folder, 'lock.11'), content({startTime: '1', host: 'elsewhere'}));
	assert.deepEqual(await lockOwner(folder), {...owner, startTime: '1', host: 'elsewhere'});
	writeFileSync(join(folder, 'lock.12'), '{');
	assert.equal(await lockOwner(folder), undefined);
});

test('a lock that cannot be read is refused by name', async t => {
	for (const text of ['', '{', '{"format":1}', content({pid: 'x'}), content({format: 2})]) {
		const folder = scratch(t);
		writeFileSync(join(folder, 'lock.3'), text);
		const failure = failureOf(await take(folder));
		assert.equal(failure.kind, 'lock-unreadable');
		assert.ok(failure.message.startsWith(`${join(folder, 'lock.3')} does not say`), failure.message);
		assert.equal(readFileSync(join(folder, 'lock.3'), 'utf8'), text);
	}
});

test('a lock moved aside with its folder does not touch the lock of the new folder', async t => {
	const folder = join(scratch(t), 'job');
	mkdirSync(folder);
	const old = won(await take(folder));
	renameSync(folder, `${folder}.old`);
	mkdirSync(folder);
	const fresh = won(await take(folder));
	await old.release();
	holder(await take(folder));
	rmSync(folder, {recursive: true});
	await fresh.release();
	assert.match(failureOf(await take(folder)).message, /job is gone/);
});

/** Begins to take a lock and holds it up while it reads the last owner, which `meanwhile` may make an old story. */
const takeSlowly = async (folder: string, n: number, meanwhile: () => void) => {
	const pipe = join(folder, `lock.${n}`);
	execFileSync('mkfifo', [pipe]);
	const taking = take(folder);
	// Opening a pipe for writing waits for its reader.
	const writer = await open(pipe, 'w');
	meanwhile();
	await writer.writeFile(content({startTime: '1'}));
	await writer.close();
	return await taking;
};

test('who was slow to see a dead owner loses, also when its number has become free again', async t => {
	const folder = scratch(t);
	const result = await takeSlowly(folder, 3, () => {
		rmSync(join(folder, 'lock.3'));
		writeFileSync(join(folder, 'lock.5'), content({since: 5}));
	});
	assert.equal(holder(result).heldBy.since, 5);
	assert.deepEqual(locks(folder), ['lock.5']);
});

test('who was slow while the folder was moved aside for a fresh start loses to the owner of the new one', async t => {
	const folder = join(scratch(t), 'job');
	mkdirSync(folder);
	const result = await takeSlowly(folder, 3, () => {
		renameSync(folder, `${folder}.old`);
		mkdirSync(folder);
		writeFileSync(join(folder, 'lock.1'), content({since: 5}));
	});
	assert.equal(holder(result).heldBy.since, 5);
	assert.deepEqual(locks(folder), ['lock.1']);
});

test('a lock on a disk that has filled up is kept until the process ends, and its release hides no other trouble', async t => {
	const disk = smallDisk(t);
	if (!disk) return;
	mkdirSync(join(disk, 'other'));
	const lock = won(await take(disk));
	fill(disk);
	await lock.release();
	holder(await take(disk));
	assert.match(failureOf(await take(join(disk, 'other'))).message, /No space is left/);
});

test('a read-only state folder is said in one sentence', async t => {
	const folder = readOnlyFolder(t);
	if (folder) assert.match(failureOf(await take(folder)).message, /read-only disk|You may not write/);
});

test('of twelve processes that find a dead owner exactly one wins, round after round', async t => {
	const folder = scratch(t);
	const children = await contenders(t, folder, 12);
	for (let round = 0; round < 15; round++) {
		const dead = content(round % 2 ? {startTime: '1'} : {pid: 2 ** 22 + 5});
		const top = Math.max(0, ...locks(folder).map(name => Number(name.slice(5))));
		writeFileSync(join(folder, `lock.${top + 1}`), dead);
		const at = Date.now() + 5;
		const answers = await Promise.all(children.map(child => ask(child, {do: 'take', at})));
		const winners = children.filter((_, i) => answers[i]!.won);
		assert.equal(winners.length, 1, JSON.stringify(answers));
		for (const answer of answers) assert.ok(answer.won || answer.by === winners[0]!.pid, JSON.stringify(answer));
		await ask(winners[0]!, {do: 'release'});
	}
	const churned = await Promise.all(children.map(child => ask(child, {do: 'churn', wins: 3})));
	assert.deepEqual(
		churned.filter(({problem}) => problem),
		[],
	);
});

test('kill -9 frees the lock at once, and a stopped owner keeps it', async t => {
	const folder = scratch(t);
	const [child, other] = await contenders(t, folder, 2);
	assert.equal((await ask(child!, {do: 'take', at: 0})).won, true);
	child!.kill('SIGSTOP');
	assert.equal((await ask(other!, {do: 'take', at: 0})).by, child!.pid);
	assert.equal(holder(await acquireLock(folder, {now: now + 1e12, force: true})).heldBy.pid, child!.pid);
	await kill(child!);
	assert.equal((await ask(other!, {do: 'take', at: 0})).won, true);
	await kill(other!);
	await won(await take(folder)).release();
});
