import assert from 'node:assert/strict';
import {execFileSync} from 'node:child_process';
import {
	chmodSync,
	chownSync,
	existsSync,
	mkdirSync,
	readdirSync,
	readFileSync,
	renameSync,
	rmSync,
	statSync,
	symlinkSync,
	utimesSync,
	writeFileSync,
} from 'node:fs';
import path from 'node:path';
import {describe, it} from 'node:test';
import {type Desk, exits, withDesk} from '../program/program.js';

const isRoot = process.getuid?.() === 0;
const somebodyElse = 12_345;

/** Runs a command with a cache folder of its own, and sees that it answers as ever. */
async function ask(desk: Desk, cache = desk.at('cache')): Promise<void> {
	const {ended} = desk.start(['completion', 'fish'], {env: {...desk.env, XDG_CACHE_HOME: cache}});
	const {stdout, stderr} = exits(await ended, 0);
	assert.match(stdout, /^# Completion of mozart for fish/);
	assert.equal(stderr, '');
}

/** The folder of this build's code. */
function folderOf(desk: Desk): string {
	const [name = 'none', ...more] = readdirSync(desk.at('cache/mozart'));
	assert.deepEqual(more, []);
	return desk.at('cache/mozart', name);
}

/** Leaves code behind, and tells where. */
async function keep(desk: Desk): Promise<string> {
	mkdirSync(desk.at('cache'));
	await ask(desk);
	return path.join(folderOf(desk), 'completion');
}

const modeOf = (file: string) => statSync(file).mode & 0o777;

describe('code that is kept from one start to the next', {concurrency: 4}, () => {
	it('lies in a folder of its user’s own, in a file for each command, and is taken as it is', () =>
		withDesk(async desk => {
			const file = await keep(desk);
			assert.deepEqual([modeOf(path.dirname(file)), modeOf(file)], [0o700, 0o600]);
			assert.deepEqual(readdirSync(path.dirname(file)), ['completion']);
			const {ino} = statSync(file);
			await ask(desk);
			assert.equal(statSync(file).ino, ino, 'it was not made again');
		}));

	for (const [what, damage] of [
		['has changed in the middle', code => code.fill(0x5a, code.length >> 1, (code.length >> 1) + 64)],
		['is cut off', code => code.subarray(0, code.length >> 1)],
		['is empty', () => Buffer.alloc(0)],
		['is something else', () => Buffer.from('not code at all\n'.repeat(1000))],
	] as [string, (code: Buffer) => Buffer][]) {
		it(`is ignored where it ${what}, and made anew`, () =>
			withDesk(async desk => {
				const file = await keep(desk);
				const before = readFileSync(file);
				writeFileSync(file, damage(Buffer.from(before)));
				await ask(desk);
				assert.ok(Math.abs(readFileSync(file).length - before.length) < before.length / 4);
				const {ino} = statSync(file);
				await ask(desk);
				assert.equal(statSync(file).ino, ino);
			}));
	}

	for (const [whose, open] of [
		['that others may write', file => chmodSync(file, 0o666)],
		[
			'behind a link',
			file => {
				renameSync(file, `${file}.elsewhere`);
				symlinkSync(`${file}.elsewhere`, file);
			},
		],
	] as [string, (file: string) => void][]) {
		it(`is not read from a file ${whose}, which is replaced`, () =>
			withDesk(async desk => {
				const file = await keep(desk);
				open(file);
				await ask(desk);
				assert.equal(modeOf(file), 0o600);
				assert.ok(readdirSync(path.dirname(file), {withFileTypes: true}).every(entry => entry.isFile()));
			}));
	}

	it('is not read from a file of another user', {skip: !isRoot && 'only root can give files away'}, () =>
		withDesk(async desk => {
			const file = await keep(desk);
			chownSync(file, somebodyElse, somebodyElse);
			await ask(desk);
			assert.equal(statSync(file).uid, process.getuid?.());
		}),
	);

	it('is not kept in a folder of another user', {skip: !isRoot && 'only root can give files away'}, () =>
		withDesk(async desk => {
			mkdirSync(desk.at('cache'));
			chownSync(desk.at('cache'), somebodyElse, somebodyElse);
			await ask(desk);
			assert.deepEqual(readdirSync(desk.at('cache')), []);
		}),
	);

	it('is done without where there is no place for it', () =>
		withDesk(async desk => {
			await ask(desk, desk.write('a-file', ''));
			await ask(desk, '/nowhere/at/all');
			// Making folders below it never ends by Node's own way.
			await ask(desk, '/proc/none');
			const nowhere = desk.start(['completion', 'fish'], {env: {PATH: desk.env.PATH, HOME: ''}});
			exits(await nowhere.ended, 0);
			assert.deepEqual(readdirSync(desk.jobs), ['a-file']);
		}));

	it('is not waited for where something else lies in its place', () =>
		withDesk(async desk => {
			const file = await keep(desk);
			rmSync(file);
			execFileSync('mkfifo', [file]);
			await ask(desk);
			assert.ok(statSync(file).isFile(), 'it is replaced');
		}));

	it('is not kept of a command that was used wrongly', () =>
		withDesk(async desk => {
			mkdirSync(desk.at('cache'));
			const wrong = desk.start(['sttus'], {env: {...desk.env, XDG_CACHE_HOME: desk.at('cache')}});
			exits(await wrong.ended, 2);
			assert.deepEqual(readdirSync(desk.at('cache')), []);
		}));

	it('of the latest builds alone is kept', () =>
		withDesk(async desk => {
			for (let build = 1; build <= 8; build++) {
				const folder = desk.at('cache/mozart', `code-${build}`);
				mkdirSync(folder, {recursive: true});
				utimesSync(folder, 1_700_000_000 + build, Date.now() / 1000 - 1000 + build);
			}
			await ask(desk);
			const left = readdirSync(desk.at('cache/mozart')).filter(name => /^code-\d$/.test(name));
			assert.deepEqual(left.sort(), ['code-5', 'code-6', 'code-7', 'code-8']);
		}));

	it('of builds that have not been used for a month is removed when a new one comes', () =>
		withDesk(async desk => {
			const at = (name: string) => desk.at('cache/mozart', name);
			for (const [name, days] of [
				['code-old', 31],
				['code-recent', 29],
				['other', 31],
			] as const) {
				mkdirSync(at(name), {recursive: true});
				writeFileSync(at(`${name}/file`), '');
				const then = Date.now() / 1000 - days * 24 * 60 * 60;
				utimesSync(at(name), then, then);
			}
			await ask(desk);
			assert.deepEqual(
				['code-old', 'code-recent', 'other'].map(name => existsSync(at(name))),
				[false, true, true],
			);
		}));
});
