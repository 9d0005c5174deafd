import assert from 'node:assert/strict';
import {
	existsSync,
	mkdirSync,
	mkdtempSync,
	readdirSync,
	realpathSync,
	rmSync,
	symlinkSync,
	writeFileSync,
} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {afterEach, beforeEach, describe, it} from 'node:test';
import {type HeldState, type HoldOptions, holdState} from '../../source/store/hold-state.js';

describe('holding the state of a job', () => {
	let folder: string;
	beforeEach(() => {
		folder = realpathSync(mkdtempSync(join(tmpdir(), 'mozart-hold-')));
	});
	afterEach(() => rmSync(folder, {recursive: true, force: true}));

	const hold = (options: Partial<HoldOptions> = {}, workspace = join(folder, 'workspace')) =>
		holdState({file: join(folder, 'work.yaml'), name: 'work', workspace}, {now: 1_000, ...options});
	const held = async (...words: Parameters<typeof hold>): Promise<HeldState> => {
		const result = await hold(...words);
		assert.ok('lock' in result, JSON.stringify(result));
		return result;
	};

	it('hangs on the real path of the workspace, and leaves no other folder behind', async () => {
		mkdirSync(join(folder, 'real'));
		symlinkSync(join(folder, 'real'), join(folder, 'link'));
		const {id, workspace, lock} = await held({}, join(folder, 'link/workspace'));
		assert.equal(workspace, join(folder, 'real/workspace'));
		assert.deepEqual(readdirSync(join(workspace, '.mozart')).sort(), ['.gitignore', id].sort());
		await lock.release();
		const again = await held({}, join(folder, 'real/workspace'));
		assert.equal(again.id, id);
		await again.lock.release();
	});

	it('is for one at a time', async () => {
		const {lock} = await held();
		for (const fresh of [false, true]) {
			const other = await hold({fresh});
			assert.ok('heldBy' in other);
			assert.equal(other.heldBy.pid, process.pid);
		}
		await lock.release();
		await (await held()).lock.release();
	});

	it('puts the old state aside for a fresh start, and holds the new one', async () => {
		const {paths, lock} = await held();
		writeFileSync(paths.journal, 'old');
		await lock.release();
		const {movedTo, ...fresh} = await held({fresh: true});
		assert.ok(movedTo !== undefined && existsSync(join(movedTo, 'journal.jsonl')));
		assert.equal(existsSync(fresh.paths.journal), false);
		assert.ok('heldBy' in (await hold()));
		await fresh.lock.release();
		await (await held()).lock.release();
	});

	it('says what is wrong with the place', async () => {
		writeFileSync(join(folder, 'workspace'), 'a file');
		const result = await hold();
		assert.ok('failure' in result);
		assert.match(result.failure.message, /^A folder is needed at /);
	});
});
