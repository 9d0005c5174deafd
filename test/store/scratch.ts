import assert from 'node:assert/strict';
import {execFileSync} from 'node:child_process';
import {chmodSync, mkdtempSync, realpathSync, rmSync, writeFileSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import type {TestContext} from 'node:test';
import {fileURLToPath} from 'node:url';
import {buildSync} from 'esbuild';
import {StoreError} from '../../source/store/store-failure.js';

/** A folder of the test's own, gone after it. */
export const scratch = (t: TestContext): string => {
	const folder = realpathSync(mkdtempSync(join(tmpdir(), 'mozart-store-')));
	t.after(() => rmSync(folder, {recursive: true, force: true}));
	return folder;
};

const mount = (t: TestContext, options: string): string | undefined => {
	if (process.platform !== 'linux' || process.getuid?.() !== 0) {
		t.skip('mounting a tmpfs needs root on Linux');
		return undefined;
	}
	const folder = realpathSync(mkdtempSync(join(tmpdir(), 'mozart-disk-')));
	try {
		execFileSync('mount', ['-t', 'tmpfs', '-o', options, 'tmpfs', folder], {stdio: 'pipe'});
	} catch (error) {
		rmSync(folder, {recursive: true, force: true});
		t.skip(`a tmpfs cannot be mounted here: ${(error as Error).message.split('\n')[0]}`);
		return undefined;
	}
	t.after(() => {
		execFileSync('umount', ['-l', folder]);
		rmSync(folder, {recursive: true, force: true});
	});
	return folder;
};

/** A disk of 64 KB, or of another size, or undefined when the test is skipped. */
export const smallDisk = (t: TestContext, size = '64k'): string | undefined => mount(t, `size=${size}`);

/** Gives a small disk room. */
export const enlarge = (disk: string) => execFileSync('mount', ['-o', 'remount,size=4m', disk], {stdio: 'pipe'});

/** Takes all space that a small disk has. */
export const fill = (disk: string) => {
	for (let n = 0; ; n++) {
		try {
			writeFileSync(join(disk, `filler-${n}`), 'x'.repeat(4096));
		} catch {
			return;
		}
	}
};

/** A folder that cannot be written: a read-only disk for root, taken permissions for others. */
export const readOnlyFolder = (t: TestContext): string | undefined => {
	if (process.getuid?.() === 0) return mount(t, 'ro,size=64k');
	const folder = scratch(t);
	chmodSync(folder, 0o500);
	return folder;
};

/** Bundles a child program, so that it starts in a tenth of the time a loader would take. */
export const bundleChild = (name: string, folder: string): string => {
	const outfile = join(folder, `${name}.mjs`);
	buildSync({
		entryPoints: [fileURLToPath(new URL(`./children/${name}.ts`, import.meta.url))],
		outfile,
		bundle: true,
		platform: 'node',
		format: 'esm',
		logLevel: 'error',
	});
	return outfile;
};

/** The value, or the failure as a test failure. */
export const ok = <T extends object>(result: T): Exclude<T, {failure: unknown}> => {
	if ('failure' in result) throw new Error(`failed: ${JSON.stringify(result.failure)}`);
	return result as Exclude<T, {failure: unknown}>;
};

/** The failure, or a test failure when there is none. */
export const failureOf = <T extends object>(result: T): Extract<T, {failure: unknown}>['failure'] => {
	if (!('failure' in result)) throw new Error('expected a failure');
	return (result as Extract<T, {failure: unknown}>).failure;
};

/** Whether what was thrown is a failure of the store of this kind, in such words. */
export const storeError = (kind: string, pattern: RegExp) => (error: unknown) => {
	assert.ok(error instanceof StoreError, String(error));
	assert.equal(error.failure.kind, kind);
	assert.match(error.message, pattern);
	return true;
};
