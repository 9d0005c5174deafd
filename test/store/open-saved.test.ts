import assert from 'node:assert/strict';
import {readdirSync, rmSync, truncateSync, writeFileSync} from 'node:fs';
import {type TestContext, test} from 'node:test';
import {openSaved, readSaved} from '../../source/store/open-saved.js';
import {openStateFolder} from '../../source/store/state-folder.js';
import {known, schemas, writeFive} from './facts.js';
import {failureOf, ok, scratch} from './scratch.js';

/** A job with five facts, a checkpoint at the third and one before it at the second. */
const setUp = async (t: TestContext) => {
	const {paths} = ok(await openStateFolder(scratch(t), 'a-1'));
	await writeFive(ok(await openSaved(paths, schemas)));
	return paths;
};

test('damaged checkpoints cost time and no facts', async t => {
	const paths = await setUp(t);
	writeFileSync(paths.checkpoint, '{');
	const before = ok(await openSaved(paths, schemas));
	assert.deepEqual(known(before), [2, [3, 4, 5]]);
	assert.equal(before.setAside.length, 1);
	await before.journal.close();
	writeFileSync(paths.checkpoint, '{');
	writeFileSync(`${paths.checkpoint}.bak`, '{');
	assert.deepEqual(known(ok(await readSaved(paths, schemas))), [undefined, [1, 2, 3, 4, 5]]);
	const whole = ok(await openSaved(paths, schemas));
	assert.deepEqual(known(whole), [undefined, [1, 2, 3, 4, 5]]);
	assert.equal(whole.setAside.length, 2);
	await whole.journal.close();
});

test('a checkpoint whose place in the journal is wrong is not used', async t => {
	const paths = await setUp(t);
	writeFileSync(paths.checkpoint, JSON.stringify({format: 1, seq: 3, offset: 60, state: {count: 99}}));
	const saved = ok(await openSaved(paths, schemas));
	assert.deepEqual(known(saved), [undefined, [1, 2, 3, 4, 5]]);
	await saved.journal.close();
});

test('a lost journal never begins anew while anything else of the job is there', async t => {
	const paths = await setUp(t);
	truncateSync(paths.journal, 60);
	assert.equal(failureOf(await openSaved(paths, schemas)).kind, 'journal-behind');
	truncateSync(paths.journal, 0);
	assert.equal(failureOf(await openSaved(paths, schemas)).kind, 'journal-damaged');
	rmSync(paths.journal);
	assert.equal(failureOf(await openSaved(paths, schemas)).kind, 'journal-missing');
	writeFileSync(paths.checkpoint, '{');
	rmSync(`${paths.checkpoint}.bak`);
	for (let again = 0; again < 2; again++) {
		assert.equal(failureOf(await openSaved(paths, schemas)).kind, 'journal-missing');
	}
	for (const name of readdirSync(paths.root)) if (name.startsWith('checkpoint')) rmSync(`${paths.root}/${name}`);
	writeFileSync(paths.stdoutLog(1, 1), 'x');
	assert.equal(failureOf(await openSaved(paths, schemas)).kind, 'journal-missing');
	rmSync(paths.stdoutLog(1, 1));
	const fresh = ok(await openSaved(paths, schemas));
	assert.deepEqual(known(fresh), [undefined, []]);
	await fresh.journal.close();
});
