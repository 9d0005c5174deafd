import assert from 'node:assert/strict';
import {execFileSync, spawn} from 'node:child_process';
import {once} from 'node:events';
import {mkdtempSync, readFileSync, rmSync, statSync} from 'node:fs';
import {tmpdir} from 'node:os';
import path from 'node:path';
import {PassThrough, Readable} from 'node:stream';
import {after, before, describe, test} from 'node:test';
import {fileURLToPath} from 'node:url';
import {build} from 'esbuild';
import fc from 'fast-check';
import {createMask} from '../../source/process/mask.js';
import {captureOutput} from '../../source/process/output.js';
import {env} from './children.js';

const mkfifo = process.platform !== 'win32';

/** Feeds chunks to a capture and tells what the listener heard and what the tail holds. */
async function captured(chunks: readonly Uint8Array[], tailBytes: number): Promise<{heard: string; tail: string}> {
	let heard = '';
	const stream = new PassThrough();
	const capture = captureOutput(stream, {
		logFile: undefined,
		tailBytes,
		onText: text => {
			heard += text;
		},
	});
	for (const chunk of chunks) stream.write(chunk);
	stream.end();
	await once(stream, 'end');
	const {tail} = await capture.finish();
	return {heard, tail};
}

test('however the bytes are cut into chunks, the text is the same, and no character is cut in two', async () => {
	const bytes = fc.array(fc.constantFrom(0x41, 0xc3, 0xa4, 0xe2, 0x82, 0xac, 0xf0, 0x9f, 0x98, 0x80, 0xff, 0xed), {
		maxLength: 40,
	});
	await fc.assert(
		fc.asyncProperty(fc.array(bytes), async parts => {
			const chunks = parts.map(part => Uint8Array.from(part));
			const {heard, tail} = await captured(chunks, 1_000_000);
			const whole = Buffer.concat(chunks).toString('utf8');
			assert.equal(heard, whole);
			assert.equal(tail, whole);
		}),
		{numRuns: 200},
	);
});

test('the tail is the end of what came, whole characters only', async () => {
	await fc.assert(
		fc.asyncProperty(fc.array(fc.string({unit: 'grapheme'})), fc.integer({min: 4, max: 30}), async (parts, limit) => {
			const {tail} = await captured(
				parts.map(part => Buffer.from(part)),
				limit,
			);
			const whole = parts.join('');
			assert.ok(whole.endsWith(tail));
			assert.ok(Buffer.byteLength(tail) <= limit);
			assert.ok(Buffer.byteLength(tail) > Math.min(limit, Buffer.byteLength(whole)) - 4);
		}),
		{numRuns: 200},
	);
});

test('a disk that is slower than the child holds the child back, and loses nothing', {skip: !mkfifo}, async () => {
	const folder = mkdtempSync(path.join(tmpdir(), 'slow-'));
	const fifo = path.join(folder, 'log');
	execFileSync('mkfifo', [fifo]);
	const chunk = Buffer.alloc(1 << 16, 'x');
	const chunks = 512;
	let made = 0;
	const child = new Readable({
		read() {
			made++;
			this.push(made > chunks ? null : chunk);
		},
	});
	const capture = captureOutput(child, {logFile: fifo, tailBytes: 10, onText: undefined});
	// Nothing can be written before somebody reads the fifo: the child is asked for no more than what may wait.
	for (let turns = 0; turns < 1_000; turns++) await new Promise(resolve => setImmediate(resolve));
	const [heldBack, asked] = [capture.heldBack(), made];
	const reader = spawn('wc', ['-c', fifo], {stdio: ['ignore', 'pipe', 'ignore']});
	let count = '';
	reader.stdout.on('data', data => {
		count += data;
	});
	const closed = once(reader, 'close');
	if (!child.readableEnded) await once(child, 'end');
	assert.equal((await capture.finish()).logProblem, undefined);
	await closed;
	assert.ok(heldBack);
	assert.ok(asked < 40, `${asked} chunks`);
	assert.equal(Number.parseInt(count, 10), chunks * chunk.length);
	rmSync(folder, {recursive: true});
});

describe('a flood of output', () => {
	let folder = '';
	before(() => {
		folder = mkdtempSync(path.join(tmpdir(), 'flood-'));
	});
	after(() => rmSync(folder, {recursive: true}));

	test('of 200 MB is logged in full and takes the whole program less than 120 MB of memory', async () => {
		const size = 200_000_000;
		await build({
			entryPoints: [fileURLToPath(new URL('../../source/process/run.ts', import.meta.url))],
			outfile: path.join(folder, 'run.mjs'),
			bundle: true,
			platform: 'node',
			format: 'esm',
			banner: {js: "import{createRequire as __cr}from'node:module';const require=__cr(import.meta.url);"},
			logLevel: 'silent',
		});
		const program = `
			import {runProcess} from './run.mjs';
			let heard = 0;
			const result = await runProcess({
				argv: ['sh', '-c', 'yes "a wide line, äöü €" | head -c ${size}'],
				cwd: ${JSON.stringify(folder)},
				env: process.env,
				logs: {stdout: 'out.log', stderr: 'err.log'},
				onOutput: ({text}) => { heard += text.length; },
			});
			console.log(JSON.stringify({exitCode: result.exitCode, heard, tail: result.tails.stdout.length, kilobytes: ${peakKilobytes}}));
		`;
		const child = spawn(process.execPath, ['--input-type=module', '-e', program], {
			cwd: folder,
			env,
			stdio: ['ignore', 'pipe', 'inherit'],
		});
		let answer = '';
		child.stdout.on('data', data => {
			answer += data;
		});
		await once(child, 'close');
		const {exitCode, heard, tail, kilobytes} = JSON.parse(answer);
		assert.equal(exitCode, 0);
		assert.equal(statSync(path.join(folder, 'out.log')).size, size);
		assert.ok(heard > size / 2);
		assert.ok(tail <= 8 * 1024);
		assert.ok(kilobytes < 120_000, `${kilobytes} KB`);
	});
});

import {peakKilobytes} from '../support/peak-memory.js';

test('secrets are in neither log, live text nor tail, however they come', async () => {
	const folder = mkdtempSync(path.join(tmpdir(), 'output-'));
	try {
		const logFile = path.join(folder, 'log');
		const stream = new PassThrough();
		let heard = '';
		const onText = (text: string) => {
			heard += text;
		};
		const mask = createMask(['sëcret-välue']);
		const capture = captureOutput(stream, {logFile, tailBytes: 20, mask, onText});
		for (const byte of Buffer.from('ä sëcret-välue ö, then sëcret-väl')) stream.write(Buffer.of(byte));
		stream.end();
		await once(stream, 'end');
		const {tail} = await capture.finish();
		assert.equal(heard, 'ä *** ö, then ***');
		assert.equal(readFileSync(logFile, 'utf8'), heard);
		assert.equal(tail, heard);
	} finally {
		rmSync(folder, {recursive: true});
	}
});
