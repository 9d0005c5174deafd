import assert from 'node:assert/strict';
import {appendFileSync, mkdtempSync, rmSync, writeFileSync} from 'node:fs';
import {tmpdir} from 'node:os';
import path from 'node:path';
import {afterEach, beforeEach, describe, test} from 'node:test';
import {createEndReader} from '../../source/store/read-end.js';

describe('reading a file from near its end', () => {
	let folder: string;
	beforeEach(() => {
		folder = mkdtempSync(path.join(tmpdir(), 'mozart-end-'));
	});
	afterEach(() => rmSync(folder, {recursive: true, force: true}));

	async function readAll(reader: ReturnType<typeof createEndReader>) {
		const pieces: Buffer[] = [];
		const {leftOut} = await reader.read(bytes => void pieces.push(bytes));
		return {text: Buffer.concat(pieces).toString(), leftOut};
	}

	test('a short file is read whole, and further as it grows', async () => {
		const file = path.join(folder, 'log');
		const reader = createEndReader(file, 100);
		assert.deepEqual(await readAll(reader), {text: '', leftOut: 0}, 'it is not there yet');
		writeFileSync(file, 'one\ntw');
		assert.deepEqual(await readAll(reader), {text: 'one\ntw', leftOut: 0});
		assert.deepEqual(await readAll(reader), {text: '', leftOut: 0});
		appendFileSync(file, 'o\n');
		assert.deepEqual(await readAll(reader), {text: 'o\n', leftOut: 0});
	});

	test('of a long file the end is read, from the beginning of a line, and the rest is counted', async () => {
		const file = path.join(folder, 'log');
		writeFileSync(file, `${'x'.repeat(200)}\n日本語\nlast\n`);
		const reader = createEndReader(file, 14);
		assert.deepEqual(await readAll(reader), {text: 'last\n', leftOut: 211});
		writeFileSync(file, `${'日本語 line\n'.repeat(30_000)}`);
		const {text, leftOut} = await readAll(createEndReader(file, 200_000));
		assert.ok(text.startsWith('日本語 line\n'));
		assert.equal(Buffer.byteLength(text) + leftOut, 30_000 * 15);
	});

	test('one line that is longer than what is read is left out', async () => {
		const file = path.join(folder, 'log');
		writeFileSync(file, 'x'.repeat(300_000));
		assert.deepEqual(await readAll(createEndReader(file, 150_000)), {text: '', leftOut: 300_000});
	});
});
