import assert from 'node:assert/strict';
import {spawn} from 'node:child_process';
import {once} from 'node:events';
import {test} from 'node:test';
import {isAlive, processIdentity, processIdentitySchema} from '../../source/process/identity.js';
import {parsePs, parseStat, readProcess} from '../../source/process/process-table.js';
import {markerIn, parseMarkedPs} from '../../source/process/strays.js';

const linux = {skip: process.platform === 'linux' ? false : 'reads /proc'};

test('this process is alive, and its identity survives being written down', () => {
	const identity = processIdentity();
	assert.ok(identity);
	assert.equal(identity.pid, process.pid);
	assert.ok(isAlive(processIdentitySchema.parse(JSON.parse(JSON.stringify(identity)))));
});

test('the same pid with another start time or from another boot is not alive', () => {
	const identity = processIdentity();
	assert.ok(identity);
	assert.equal(isAlive({...identity, startTime: '1'}), false);
	assert.equal(isAlive({...identity, bootId: 'an earlier boot'}), false);
});

test('a process that has ended has no identity, and a pid that cannot be has none', async () => {
	const child = spawn('sleep', ['60']);
	await once(child, 'spawn');
	const identity = processIdentity(child.pid);
	assert.ok(identity && isAlive(identity));
	child.kill('SIGKILL');
	await once(child, 'exit');
	assert.equal(isAlive(identity), false);
	assert.equal(processIdentity(2 ** 22 + 1), undefined);
});

test('a zombie is not alive', linux, () => {
	const child = spawn('true');
	const pid = child.pid ?? 0;
	// Nobody asks how it ended while this loop holds the thread.
	while (readProcess(pid)?.alive);
	assert.equal(readProcess(pid)?.alive, false);
	assert.equal(processIdentity(pid), undefined);
});

test('a program’s name with blanks and parentheses does not confuse the reading', () => {
	const fields = 'S 7 42 43 0 -1 4194560 1 0 0 0 0 0 0 0 20 0 1 0 987654 3 4';
	const row = {pid: 42, parent: 7, group: 42, session: 43, alive: true, startTime: '987654'};
	assert.deepEqual(parseStat(`42 (sh) ${fields}`), row);
	assert.deepEqual(parseStat(`42 (a) Z (b) 1 2) ${fields}\n`), row);
	assert.equal(parseStat(`42 (x) ${fields.replace('S', 'Z')}`)?.alive, false);
	assert.equal(parseStat(''), undefined);
	assert.equal(parseStat('42 (cut'), undefined);
});

test('where there is no /proc, the answers of ps are read', () => {
	const answer =
		'    1     0     1 Ss   Tue Nov 24 12:00:01 2026\n  812     1   812 Z+   Tue Nov  3 09:01:02 2026    \n\n';
	const row = {session: 0, alive: true};
	assert.deepEqual(parsePs(answer), [
		{...row, pid: 1, parent: 0, group: 1, startTime: 'Tue Nov 24 12:00:01 2026'},
		{...row, pid: 812, parent: 1, group: 812, alive: false, startTime: 'Tue Nov  3 09:01:02 2026'},
	]);
	assert.deepEqual(
		parseMarkedPs(
			'  5 sh -c x MOZART_ATTEMPT=run/1-1 A=b\n  6 sh NOT_MOZART_ATTEMPT=run/1-1\n 17 a B= MOZART_ATTEMPT=r/2\n',
		),
		[
			{pid: 5, marker: 'run/1-1'},
			{pid: 17, marker: 'r/2'},
		],
	);
});

test('the marker is an entry of its own in an environment, not a part of another', () => {
	const marker = (text: string) => markerIn(Buffer.from(text));
	assert.equal(marker('A=b\0MOZART_ATTEMPT=run/1-1\0C=d\0'), 'run/1-1');
	assert.equal(marker('MOZART_ATTEMPT=first'), 'first');
	assert.equal(marker('A=MOZART_ATTEMPT=no\0XMOZART_ATTEMPT=no\0MOZART_ATTEMPT=yes\0'), 'yes');
	assert.equal(marker('A=MOZART_ATTEMPT=no\0'), undefined);
	assert.equal(marker(''), undefined);
});
