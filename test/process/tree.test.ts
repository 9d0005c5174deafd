import assert from 'node:assert/strict';
import {type ChildProcess, spawn} from 'node:child_process';
import {once} from 'node:events';
import {describe, test} from 'node:test';
import {isAlive, processIdentity} from '../../source/process/identity.js';
import {readProcess} from '../../source/process/process-table.js';
import {killAllNow, runProcess} from '../../source/process/run.js';
import {endMarked, findMarked} from '../../source/process/strays.js';
import {endTree, treeOf} from '../../source/process/tree.js';
import {env, freshMarker, loop, nodeChild, running, startTree} from './children.js';

const linux = {skip: process.platform === 'linux' ? false : 'reads /proc'};

describe('ending a whole tree', () => {
	test('when the time is over', async () => {
		const marker = freshMarker();
		const script = `trap "" TERM; (${loop}) & wait`;
		const result = await runProcess({
			...{argv: ['sh', '-c', script], cwd: process.cwd(), env, marker},
			...{timeoutMs: 300, graceMs: 100},
		});
		assert.deepEqual(
			findMarked(found => found === marker),
			[],
		);
		assert.ok(result.type === 'exited');
		assert.equal(result.timedOut, true);
		assert.equal(result.aborted, false);
		assert.equal(result.endedBy, 'SIGKILL');
		assert.ok(result.durationMs >= 399);
	});

	test('when it is stopped: also a grandchild that ignores TERM and a daemon in a session of its own', async () => {
		const stop = new AbortController();
		const argv = nodeChild(`
			say([background(patient), background(stubborn), background(stubborn, {detached: true})]);
			stay();
		`);
		const {result, members} = await startTree({argv, signal: stop.signal, graceMs: 100});
		assert.equal(members.length, 3);
		stop.abort();
		const ended = await result;
		assert.deepEqual(running(members), []);
		assert.equal(ended.timedOut, false);
		assert.equal(ended.aborted, true);
		assert.equal(ended.endedBy, 'SIGTERM');
		assert.deepEqual(ended.left, []);
	});

	test('by TERM first: what heeds it has its time, and may end in its own way', async () => {
		const stop = new AbortController();
		const argv = nodeChild(`
			process.on('SIGTERM', () => setTimeout(() => { console.log('tidied up'); process.exit(7); }, 50));
			say([background(patient)]);
			stay();
		`);
		const {result, members} = await startTree({argv, signal: stop.signal, graceMs: 60_000});
		stop.abort();
		const ended = await result;
		assert.deepEqual(running(members), []);
		assert.equal(ended.aborted, true);
		assert.equal(ended.timedOut, false);
		assert.equal(ended.exitCode, 7);
		assert.match(ended.tails.stdout, /tidied up/);
	});

	test('by KILL when the grace time is over', async () => {
		const stop = new AbortController();
		const argv = nodeChild(`process.on('SIGTERM', () => {}); say([process.pid]); stay();`);
		const {result, root} = await startTree({argv, signal: stop.signal, graceMs: 50});
		stop.abort();
		const ended = await result;
		assert.equal(ended.endedBy, 'SIGKILL');
		assert.equal(ended.aborted, true);
		assert.equal(isAlive(root), false);
	});

	test('reaches one that left session and parent behind, by its marker', linux, async () => {
		const stop = new AbortController();
		const argv = nodeChild(`
			const middle = spawn(process.execPath, ['-e', \`
				const child = require('node:child_process').spawn('sh', \${JSON.stringify(stubborn)}, {detached: true, stdio: 'ignore'});
				child.unref();
				console.log(child.pid);
			\`], {detached: true});
			let pid = '';
			middle.stdout.on('data', data => (pid += data));
			middle.on('close', () => { say([Number(pid)]); stay(); });
		`);
		const {result, members, root} = await startTree({argv, signal: stop.signal, graceMs: 50, marker: freshMarker()});
		const [stray] = members;
		assert.ok(stray);
		assert.notEqual(readProcess(stray.pid)?.session, root.pid);
		assert.ok(!treeOf({pid: root.pid}).some(row => row.pid === stray.pid), 'parent and session do not lead to it');
		stop.abort();
		await result;
		assert.deepEqual(running(members), []);
	});

	test('leaves what belongs to others alone', async () => {
		const stop = new AbortController();
		const other = await startTree({
			argv: nodeChild('say([background(patient, {detached: true})]); stay();'),
			marker: freshMarker(),
			signal: stop.signal,
			graceMs: 50,
		});
		const mine = new AbortController();
		const argv = nodeChild('say([process.pid]); stay();');
		const {result} = await startTree({argv, marker: freshMarker(), signal: mine.signal});
		mine.abort();
		await result;
		assert.equal(running([...other.members, other.root]).length, 2);
		stop.abort();
		await other.result;
		assert.deepEqual(running([...other.members, other.root]), []);
	});

	test('a grandchild that holds the output open is ended, and blocks nothing', async () => {
		const argv = nodeChild(`
			say([background(patient, {stdio: ['ignore', 'inherit', 'inherit'], detached: true})]);
			process.exitCode = 0;
			process.exit();
		`);
		const {result, members} = await startTree({argv, marker: freshMarker(), graceMs: 60_000});
		const ended = await result;
		assert.deepEqual(running(members), []);
		assert.equal(ended.exitCode, 0);
		assert.equal(ended.aborted, false);
		assert.equal(ended.timedOut, false);
	});

	test('a grandchild that holds the output open and cannot be found blocks nothing either', linux, async () => {
		const argv = nodeChild(`
			const child = spawn('sh', patient, {stdio: ['ignore', 'inherit', 'inherit'], detached: true, env: {PATH: process.env.PATH}});
			say([child.pid]);
			process.exit();
		`);
		const {result, members} = await startTree({argv, marker: freshMarker()});
		assert.equal((await result).exitCode, 0);
		const [lost] = members;
		assert.ok(lost && isAlive(lost), 'without marker, session and parent nothing leads to it');
		process.kill(lost.pid, 'SIGKILL');
	});

	test('a second Ctrl-C KILLs everything at once', async () => {
		const argv = nodeChild('say([background(stubborn), background(stubborn, {detached: true})]); stay();');
		const first = await startTree({argv, marker: freshMarker()});
		const second = await startTree({argv, marker: freshMarker()});
		killAllNow();
		for (const {result, members} of [first, second]) {
			const ended = await result;
			assert.equal(ended.endedBy, 'SIGKILL');
			assert.equal(ended.aborted, false);
			await gone(members);
		}
	});

	/** KILL works at once, but the system may take its time to bury; a test that never ends would say so. */
	async function gone(members: Parameters<typeof running>[0]): Promise<void> {
		while (running(members).length > 0) await new Promise(resolve => setImmediate(resolve));
	}
});

describe('orphans of a crashed run', () => {
	const orphan = async (marker: string, script = `echo; ${loop}`): Promise<ChildProcess> => {
		const child = spawn('sh', ['-c', script], {
			detached: true,
			env: {...env, MOZART_ATTEMPT: marker},
			stdio: ['ignore', 'pipe', 'ignore'],
		});
		await once(child.stdout, 'data');
		return child;
	};

	test('are found and ended by their marker, others are not', async () => {
		const run = freshMarker();
		const [one, two, other] = await Promise.all([
			orphan(`${run}1-1`),
			orphan(`${run}2-1`, `trap "" TERM; echo; ${loop}`),
			orphan(freshMarker()),
		]);
		const exits = Promise.all([once(one, 'exit'), once(two, 'exit')]);
		const found = findMarked(marker => marker.startsWith(run));
		const roots = found.filter(({pid}) => pid === one.pid || pid === two.pid);
		assert.deepEqual(roots.map(({marker}) => marker).sort(), [`${run}1-1`, `${run}2-1`]);

		const {left, found: count} = await endMarked(run, {graceMs: 100});
		assert.deepEqual(left, []);
		assert.ok(count >= 2);
		assert.deepEqual(
			findMarked(marker => marker.startsWith(run)),
			[],
		);
		assert.deepEqual(
			(await exits).map(([, signal]) => signal),
			['SIGTERM', 'SIGKILL'],
		);
		assert.equal(other.exitCode ?? other.signalCode, null);
		other.kill('SIGKILL');
		await once(other, 'exit');
	});

	test('are ended with the commands that were given an environment of their own', async () => {
		const run = freshMarker();
		const child = spawn('sh', ['-c', 'env -i /bin/sh -c "sleep 60 & echo; wait" & wait'], {
			...{env: {...env, MOZART_ATTEMPT: `${run}1-1`}, detached: true, stdio: ['ignore', 'pipe', 'ignore']},
		});
		await once(child.stdout, 'data');
		const tree = treeOf({pid: child.pid ?? 0}).flatMap(({pid}) => processIdentity(pid) ?? []);
		assert.ok(tree.length >= 3);
		assert.equal(findMarked(marker => marker.startsWith(run)).length, 1);
		assert.deepEqual((await endMarked(run, {graceMs: 2_000})).left, []);
		assert.deepEqual(running(tree), []);
	});

	test('when there are none, nothing happens', async () => {
		assert.deepEqual(await endMarked(freshMarker(), {graceMs: 5_000}), {found: 0, left: []});
	});

	test('an empty marker is refused: it would end the work of every run', async () => {
		await assert.rejects(endMarked('', {graceMs: 0}), /empty marker/);
	});

	test('this process is never among them', () => {
		assert.ok(!findMarked(() => true).some(({pid}) => pid === process.pid || pid === 1));
	});
});

describe('a pid that was given to another process', () => {
	test('does not belong to the tree, nor does its group', linux, async () => {
		const child = spawn('sh', ['-c', 'echo; sleep 60 & wait'], {detached: true, stdio: ['ignore', 'pipe', 'ignore']});
		await once(child.stdout, 'data');
		const pid = child.pid ?? 0;
		assert.deepEqual(treeOf({pid, startTime: '1'}), []);
		assert.deepEqual(treeOf({pid, startTime: ''}), []);
		assert.deepEqual(await endTree({pid, startTime: '1'}, {graceMs: 0}), {found: 0, left: []});
		assert.equal(child.exitCode ?? child.signalCode, null);

		const startTime = processIdentity(pid)?.startTime;
		assert.ok(treeOf({pid, startTime}).some(row => row.pid === pid));
		const exit = once(child, 'exit');
		assert.deepEqual((await endTree({pid, startTime}, {graceMs: 0})).left, []);
		assert.deepEqual(await exit, [null, 'SIGKILL']);
	});
});
