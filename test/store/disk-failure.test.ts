import assert from 'node:assert/strict';
import {mkdirSync, mkdtempSync, rmSync, writeFileSync} from 'node:fs';
import {readFile} from 'node:fs/promises';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {test} from 'node:test';
import {moveAside} from '../../source/store/aside.js';
import {diskFailure} from '../../source/store/disk-failure.js';

const thrown = async (work: Promise<unknown>): Promise<unknown> =>
	work.then(
		() => assert.fail('it worked'),
		(error: unknown) => error,
	);

test('a folder where a file should be is said as such, read or moved aside', async () => {
	const folder = mkdtempSync(join(tmpdir(), 'mozart-disk-'));
	try {
		const file = join(folder, 'checkpoint.json');
		mkdirSync(file);
		const wanted = `A file is needed at ${file}, but a folder is there: move it away, then run the same command again.`;
		assert.equal(diskFailure(await thrown(readFile(file)), file).message, wanted);
		const moved = diskFailure(await thrown(moveAside(file)), folder);
		assert.equal(moved.message, wanted);
		assert.equal(moved.path, file);
	} finally {
		rmSync(folder, {recursive: true});
	}
});

test('what is not permitted for another reason, and what is no system error, is not taken for a folder', () => {
	const folder = mkdtempSync(join(tmpdir(), 'mozart-disk-'));
	try {
		const path = join(folder, 'a');
		writeFileSync(path, '');
		const error = Object.assign(new Error('EPERM'), {code: 'EPERM', syscall: 'link', path});
		assert.match(diskFailure(error, path).message, /^You may not write or read /);
		assert.throws(() => diskFailure(new TypeError('a bug'), path), /a bug/);
	} finally {
		rmSync(folder, {recursive: true});
	}
});
