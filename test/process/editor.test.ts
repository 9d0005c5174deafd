import assert from 'node:assert/strict';
import {chmodSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync} from 'node:fs';
import {tmpdir} from 'node:os';
import path from 'node:path';
import {describe, it} from 'node:test';
import {editorOf, openEditor} from '../../source/process/editor.js';
import {readProcess} from '../../source/process/process-table.js';
import {eventually} from '../program/program.js';

const inFolder = async (story: (folder: string) => Promise<void>) => {
	const folder = mkdtempSync(path.join(tmpdir(), 'mozart-editor-'));
	try {
		await story(folder);
	} finally {
		rmSync(folder, {recursive: true});
	}
};
const env = {PATH: process.env.PATH ?? ''};

describe('the person’s editor', () => {
	it('is VISUAL, else EDITOR, else what is there', () =>
		inFolder(async folder => {
			assert.equal(editorOf({VISUAL: 'code --wait', EDITOR: 'vi'}), 'code --wait');
			assert.equal(editorOf({VISUAL: ' ', EDITOR: 'emacs -nw'}), 'emacs -nw');
			assert.equal(editorOf({PATH: folder}), undefined);
			writeFileSync(path.join(folder, 'nano'), '');
			chmodSync(path.join(folder, 'nano'), 0o700);
			assert.equal(editorOf({PATH: `/nowhere:${folder}`}), 'nano');
		}));

	it('gets its own words and the file, whatever that is called', () =>
		inFolder(async folder => {
			const file = path.join(folder, 'a "job" $HOME.yaml');
			writeFileSync(file, 'size: 1\n');
			assert.equal(await openEditor(`sed -i -e 's/1/2/'`, file, env).closed, undefined);
			assert.equal(readFileSync(file, 'utf8'), 'size: 2\n');
		}));

	it('that fails, or is not there, is told', async () => {
		assert.equal(
			await openEditor('false --really', '/dev/null', env).closed,
			'false has ended with code 1: nothing is taken.',
		);
		assert.match(
			(await openEditor('no-such-editor 2>/dev/null', '/dev/null', env).closed) ?? '',
			/^The editor “no-such-editor .*” was not found: set VISUAL or EDITOR/,
		);
	});

	it('can be ended, with what it has started', () =>
		inFolder(async folder => {
			const pid = path.join(folder, 'pid');
			const editor = openEditor(`sh -c 'echo $$ > ${pid}; exec sleep 1000'; :`, '/dev/null', env);
			await eventually('the editor', () => existsSync(pid) && readFileSync(pid, 'utf8').endsWith('\n'));
			await editor.end();
			assert.match((await editor.closed) ?? '', /^sh has ended/);
			assert.ok(!readProcess(Number(readFileSync(pid, 'utf8')))?.alive);
		}));

	it('is ended only when it has put its terminal in order, which takes longer than the shell before it', () =>
		inFolder(async folder => {
			const at = (name: string) => path.join(folder, name);
			const lastWords = `sleep 0.3; echo bye > ${at('bye')}; exit 1`;
			const slow = `exec 2>/dev/null; trap "${lastWords}" TERM; echo ready > ${at('ready')}; while :; do sleep 0.05; done`;
			for (const wait of ['end', 'closed'] as const) {
				const editor = openEditor(`sh -c '${slow}' sh`, '/dev/null', env);
				await eventually('the editor', () => existsSync(at('ready')));
				const ended = editor.end();
				await (wait === 'end' ? ended : editor.closed);
				assert.ok(existsSync(at('bye')), wait);
				rmSync(at('bye'));
				rmSync(at('ready'));
			}
		}));
});
