import assert from 'node:assert/strict';
import {existsSync, readdirSync, readFileSync, renameSync, statSync, writeFileSync} from 'node:fs';
import {join} from 'node:path';
import {test} from 'node:test';
import * as z from 'zod';
import {openCheckpoint, parseCheckpoint, readCheckpoint} from '../../source/store/checkpoint.js';
import {sealed} from '../../source/store/seal.js';
import {StoreError} from '../../source/store/store-failure.js';
import {scratch, smallDisk} from './scratch.js';

const schema = z.object({done: z.array(z.number())});
const at = (seq: number) => ({seq, offset: seq * 100, state: {done: [seq]}});

test('a checkpoint comes back as it was saved, compact and private, and the one before it is kept', async t => {
	const file = join(scratch(t), 'checkpoint.json');
	const checkpoint = await openCheckpoint(file, schema);
	assert.deepEqual([checkpoint.saved, checkpoint.setAside], [undefined, []]);
	await checkpoint.save(at(1));
	await checkpoint.save(at(2));
	const text = readFileSync(file, 'utf8');
	assert.match(text, /^\{"format":1,"seq":2,"offset":200,"state":\{"done":\[2\]\},"seal":\d+\}$/);
	assert.equal(statSync(file).mode & 0o777, 0o600);
	assert.deepEqual((await openCheckpoint(file, schema)).saved, at(2));
	assert.deepEqual(await readCheckpoint(`${file}.bak`, schema), at(1));
});

test('a save takes the state as it is at the call, and saves keep their order', async t => {
	const file = join(scratch(t), 'checkpoint.json');
	const checkpoint = await openCheckpoint(file, schema);
	const state = {done: [1]};
	const saves = [checkpoint.save({seq: 1, offset: 1, state})];
	state.done.push(2);
	saves.push(checkpoint.save({seq: 2, offset: 2, state}));
	state.done.push(3);
	await Promise.all(saves);
	assert.deepEqual((await readCheckpoint(file, schema))?.state, {done: [1, 2]});
	assert.deepEqual((await readCheckpoint(`${file}.bak`, schema))?.state, {done: [1]});
});

test('a crash between writing and renaming leaves a checkpoint that counts, and no litter', async t => {
	const folder = scratch(t);
	const file = join(folder, 'checkpoint.json');
	const checkpoint = await openCheckpoint(file, schema);
	await checkpoint.save(at(1));
	writeFileSync(`${file}.4242-0011aabb.tmp`, JSON.stringify({format: 1, ...at(2)}).slice(0, 30));
	assert.deepEqual((await openCheckpoint(file, schema)).saved, at(1));
	assert.deepEqual(readdirSync(folder), ['checkpoint.json']);
	renameSync(file, `${file}.bak`);
	assert.deepEqual(await readCheckpoint(file, schema), at(1));
	assert.deepEqual((await openCheckpoint(file, schema)).saved, at(1), 'between the two renames');
});

const damaged: [string, string, RegExp][] = [
	['an empty', '', /is empty/],
	['a cut', '{"format":1,"se', /not JSON/],
	['a foreign', '[1,2]', /not a checkpoint/],
	['a newer', '{"format":2,"seq":1,"offset":1,"state":{"done":[]}}', /newer Mozart \(checkpoint format 2\)/],
	['a changed', sealed(JSON.stringify({format: 1, ...at(1)})).replace('[1]', '[2]'), /changed after it was written/],
	['a misfitting', '{"format":1,"seq":1,"offset":1,"state":{"done":["x"]}}', /does not fit \(done\.0: /],
];
for (const [name, text, problem] of damaged) {
	test(`${name} checkpoint goes aside and is told, and a reader leaves it alone`, async t => {
		const folder = scratch(t);
		const file = join(folder, 'checkpoint.json');
		writeFileSync(file, text);
		assert.equal(await readCheckpoint(file, schema), undefined);
		assert.equal(existsSync(file), true);
		const {saved, setAside} = await openCheckpoint(file, schema);
		assert.equal(saved, undefined);
		assert.equal(setAside.length, 1);
		assert.equal(setAside[0]!.keptAs, join(folder, 'checkpoint.damaged-1.json'));
		assert.match(setAside[0]!.problem, problem);
		assert.equal(readFileSync(setAside[0]!.keptAs, 'utf8'), text);
		assert.equal(existsSync(file), false);
		writeFileSync(file, text);
		const again = await openCheckpoint(file, schema);
		assert.equal(again.setAside[0]!.keptAs, join(folder, 'checkpoint.damaged-2.json'));
	});
}

test('a state is looked through unless the same build has written it', () => {
	const text = (by: string) => sealed(JSON.stringify({format: 1, by, seq: 1, offset: 100, state: {done: 'no list'}}));
	assert.ok('saved' in parseCheckpoint(text('mine'), schema, 'mine'));
	const misfits = {problem: 'its state does not fit (done: Invalid input: expected array, received string)'};
	assert.deepEqual(parseCheckpoint(text('another'), schema, 'mine'), misfits);
	assert.deepEqual(parseCheckpoint(text('mine'), schema, undefined), misfits, 'a program that runs from its sources');
	const unsealed = text('mine').replace(/,"seal".*/, '}');
	assert.deepEqual(parseCheckpoint(unsealed, schema, 'mine'), misfits);
});

test('when the last checkpoint is damaged the one before it is taken', async t => {
	const file = join(scratch(t), 'checkpoint.json');
	writeFileSync(file, '{');
	writeFileSync(`${file}.bak`, JSON.stringify({format: 1, ...at(7)}));
	const {saved, setAside} = await openCheckpoint(file, schema);
	assert.deepEqual(saved, at(7));
	assert.equal(setAside.length, 1);
});

test('a checkpoint that finds no space leaves the one before it and no litter', async t => {
	const disk = smallDisk(t);
	if (!disk) return;
	const file = join(disk, 'checkpoint.json');
	const checkpoint = await openCheckpoint(file, schema);
	await checkpoint.save(at(3));
	const big = {seq: 4, offset: 4, state: {done: Array.from({length: 30_000}, (_, i) => i)}};
	await assert.rejects(checkpoint.save(big), error => {
		assert.ok(error instanceof StoreError);
		assert.match(error.message, /No space is left .*checkpoint\.json/);
		return true;
	});
	assert.deepEqual(readdirSync(disk), ['checkpoint.json']);
	await checkpoint.save(at(5));
	assert.deepEqual(await readCheckpoint(file, schema), at(5));
});
