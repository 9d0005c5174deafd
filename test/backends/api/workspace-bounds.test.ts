import assert from 'node:assert/strict';
import {lstatSync, mkdirSync, readdirSync, readFileSync, statSync, symlinkSync, writeFileSync} from 'node:fs';
import path from 'node:path';
import {describe, it} from 'node:test';
import {Worker} from 'node:worker_threads';
import fc from 'fast-check';
import {wayTo} from '../../../source/backends/api/tools/way.js';
import {Place, secret} from './workspace.js';

/** All that lies outside of the workspace, with its content. */
function outsideOf({outside, root}: Place): string {
	const found: string[] = [];
	const look = (folder: string) => {
		for (const name of readdirSync(folder).sort()) {
			const file = path.join(folder, name);
			if (file === root) continue;
			const stats = lstatSync(file);
			found.push(`${file} ${stats.isFile() ? readFileSync(file, 'utf8') : stats.mode}`);
			if (stats.isDirectory()) look(file);
		}
	};
	look(outside);
	return found.join('\n');
}

/** Every tool that takes a path, aimed at one. */
const aimed = (written: string): [tool: string, input: object][] => [
	['read_file', {path: written}],
	['write_file', {path: written, content: 'mine'}],
	['edit_file', {path: written, old_text: 'what', new_text: 'mine'}],
	['list_files', {folder: written}],
	['search_files', {query: 'nobody', folder: written}],
];

async function assertShut(place: Place, written: string): Promise<void> {
	const before = outsideOf(place);
	for (const [tool, input] of aimed(written)) {
		const {text, isError} = await place.call(tool, input);
		assert.ok(isError, `${tool} ${JSON.stringify(written)}: ${text}`);
		assert.ok(!text.includes(secret.trim()), `${tool} ${written}`);
	}
	assert.equal(outsideOf(place), before);
}

describe('the workspace’s bounds', () => {
	it('are not left by dots, absolute paths or odd characters', async () => {
		using place = new Place().write('a/b', 'x');
		const {outside, root} = place;
		const ways = [
			'../secret.txt',
			'a/../../secret.txt',
			'./a/./../..',
			`${outside}/secret.txt`,
			`${root}/../secret.txt`,
		];
		const odd = [
			'/',
			'//',
			'/etc/passwd',
			`${root}x`,
			'~',
			'~/x',
			'a\0',
			'\ud800',
			'../workspace/a/b',
			`/proc/self/root${outside}/secret.txt`,
		];
		for (const written of [...ways, ...odd]) await assertShut(place, written);
	});

	it('are not left by links, be they files, folders, the workspace’s parents or broken', async () => {
		using place = new Place().write('real/a.txt', 'inside');
		const {outside} = place;
		mkdirSync(path.join(outside, 'folder'));
		writeFileSync(path.join(outside, 'folder', 'secret.txt'), secret);
		symlinkSync('../secret.txt', place.file('file'));
		symlinkSync(path.join(outside, 'folder'), place.file('folder'));
		symlinkSync('../new.txt', place.file('broken'));
		symlinkSync('folder', place.file('twice'));
		symlinkSync('.', place.file('self'));
		symlinkSync('self/../..', place.file('up'));
		for (const written of [
			'file',
			'folder',
			'folder/secret.txt',
			'folder/new/er.txt',
			'broken',
			'twice/secret.txt',
			'up',
			'up/secret.txt',
			'self/self/up/secret.txt',
		]) {
			await assertShut(place, written);
		}
		symlinkSync('real', place.file('inner'));
		assert.match(
			await place.refused('read_file', {path: 'inner/a.txt'}),
			/inner is a link, and links are not followed\. Try real itself\./,
		);
		assert.match(await place.refused('read_file', {path: 'file'}), /not followed\.$/);
		assert.ok(!(await place.done('search_files', {query: 'nobody'})).includes('secret.txt'));
		assert.ok(!(await place.done('list_files', {glob: 'folder/*'})).includes('secret'));
	});

	it('leave out the state of the run, however it is written', async () => {
		using place = new Place().write('.mozart/id/journal.jsonl', secret).write('sub/.mozart/x', secret);
		const {root} = place;
		const spelled = [
			'.mozart',
			'.MOZART',
			'./a/../.Mozart/',
			'.mozart.',
			'.mozart ',
			'.moz\u200bart',
			'．mozart',
			`${root}/.mozart`,
			'sub/.mozart',
		];
		for (const written of spelled) {
			await assertShut(place, written);
			await assertShut(place, `${written}/id/journal.jsonl`);
		}
		symlinkSync('.mozart', place.file('state'));
		await assertShut(place, 'state');
		assert.doesNotMatch(await place.refused('read_file', {path: 'state'}), /Try/);
		assert.equal(readFileSync(place.file('.mozart/id/journal.jsonl'), 'utf8'), secret);
		assert.match(await place.done('search_files', {query: 'nobody'}), /Nothing was found/);
		assert.equal(await place.done('list_files', {}), 'state (a link)\nsub/ (empty)');
		assert.match(await place.refused('read_file', {path: 'mozart'}), /list_files shows/);
	});

	it('are kept by any path at all', () => {
		const name = fc.constantFrom(
			'..',
			'.',
			'',
			'a',
			'b',
			'...',
			'.mozart',
			'~',
			' ',
			'ws',
			'etc',
			'\0',
			'\ud800',
			'\n',
		);
		const written = fc.array(name, {maxLength: 8}).map(names => names.join('/'));
		const any = fc.oneof(
			written,
			fc.string({unit: 'binary'}),
			written.map(rest => `/ws/${rest}`),
			written.map(rest => `/${rest}`),
		);
		fc.assert(
			fc.property(any, text => {
				const way = wayTo(text, ['/ws']);
				if ('problem' in way) return;
				const reached = path.posix.resolve('/ws', ...way);
				assert.ok(reached === '/ws' || reached.startsWith('/ws/'));
				assert.equal(reached, path.posix.resolve('/ws', text));
				assert.ok(
					way.every(one => one !== '' && one !== '.' && one !== '..' && !/[/\0]/.test(one) && one !== '.mozart'),
				);
			}),
			{numRuns: 500},
		);
	});

	it('hold in any tree of folders, files and links, whatever is called', async () => {
		const name = fc.constantFrom('a', 'b', 'c');
		const target = fc.constantFrom(
			'..',
			'../secret.txt',
			'../..',
			'a',
			'../a',
			'../../secret.txt',
			'/',
			'.mozart',
			'.',
		);
		const thing = fc.record({at: fc.array(name, {minLength: 1, maxLength: 3}), link: fc.option(target)});
		const written = fc.array(fc.oneof(name, fc.constantFrom('..', 'secret.txt', '.mozart')), {
			minLength: 1,
			maxLength: 5,
		});
		await fc.assert(
			fc.asyncProperty(fc.array(thing, {maxLength: 6}), written, async (things, names) => {
				using place = new Place();
				for (const {at, link} of things) {
					try {
						// Made by hand, so that no link is followed here.
						for (let depth = 1; depth < at.length; depth += 1) {
							const folder = place.file(at.slice(0, depth).join('/'));
							if (!lstatSync(folder, {throwIfNoEntry: false})) mkdirSync(folder);
							if (!lstatSync(folder).isDirectory()) throw new Error('not there');
						}
						const file = place.file(at.join('/'));
						if (link === null) writeFileSync(file, 'inside', {flag: 'wx'});
						else symlinkSync(link, file);
					} catch {
						// Where one is in the way of another there is just less.
					}
				}
				const before = outsideOf(place);
				for (const [tool, input] of aimed(names.join('/'))) {
					const {text} = await place.call(tool, input);
					assert.ok(!text.includes(secret.trim()), `${tool}: ${text}`);
				}
				assert.equal(outsideOf(place), before);
			}),
			{numRuns: 30},
		);
	});

	it('are not left by a link that is made between look and use', async t => {
		if (process.platform !== 'linux') return t.skip('only Linux opens a name in a folder that is open');
		using place = new Place().write('door/secret.txt', 'inside\n').write('door/in/x', '');
		mkdirSync(path.join(place.outside, 'trap', 'in'), {recursive: true});
		writeFileSync(path.join(place.outside, 'trap', 'secret.txt'), secret);
		symlinkSync(path.join(place.outside, 'trap'), place.file('link'));
		const before = outsideOf(place);
		const swapper = new Worker(swapping, {eval: true, workerData: place.root});
		try {
			await new Promise(resolve => swapper.once('message', resolve));
			const seen = new Set<string>();
			for (let round = 0; round < 25 || (seen.size < 2 && round < 5_000); round += 1) {
				const answers = await Promise.all([
					place.call('read_file', {path: 'door/secret.txt'}),
					place.call('write_file', {path: `door/in/${round % 9}`, content: 'mine'}),
					place.call('write_file', {path: `door/new/${round % 9}`, content: 'mine'}),
					place.call('search_files', {query: 'nobody'}),
					place.call('list_files', {folder: 'door'}),
				]);
				for (const {text} of answers) assert.ok(!text.includes(secret.trim()), text);
				seen.add(answers[0].isError ? 'refused' : 'read');
			}
			assert.deepEqual([...seen].sort(), ['read', 'refused'], 'the door was open and shut by turns');
		} finally {
			await swapper.terminate();
		}
		assert.equal(outsideOf(place), before);
		assert.ok(statSync(place.root).isDirectory());
		return undefined;
	});
});

/** Puts a link in place of a folder and the folder back, as fast as it can; a folder that is made meanwhile gives way. */
const swapping = `
const {parentPort, workerData} = require('node:worker_threads');
const {renameSync, rmSync} = require('node:fs');
const at = name => workerData + '/' + name;
function move(from, to) {
	for (;;) {
		try {
			return renameSync(at(from), at(to));
		} catch {}
		try {
			rmSync(at(to), {recursive: true, force: true});
		} catch {}
	}
}
parentPort.postMessage('ready');
for (;;) {
	move('door', 'away');
	move('link', 'door');
	move('door', 'link');
	move('away', 'door');
}
`;
