import assert from 'node:assert/strict';
import {spawnSync} from 'node:child_process';
import {after, test} from 'node:test';
import {closeMatcher, matchWithin} from '../../source/validation/match.js';

after(closeMatcher);

test('a match is found in the thread as it is at once', async () => {
	for (const here of [false, true]) {
		assert.deepEqual(await matchWithin(/b+/u, 'aébb', 10_000, here), {match: 'bb', index: 2});
		assert.deepEqual(await matchWithin(/x/u, 'aébb', 10_000, here), {match: undefined});
		assert.deepEqual(await matchWithin(/$/u, '', 10_000, here), {match: '', index: 0});
	}
});

test('a pattern that would take forever is stopped while the program goes on, and the next one gets a new thread', async () => {
	let turns = 0;
	const timer = setInterval(() => turns++, 5);
	const stuck = matchWithin(/(a+)+$/u, `${'a'.repeat(50_000)}!`, 200);
	const waiting = matchWithin(/b/u, 'abc', 10_000);
	assert.deepEqual(await stuck, {timedOut: true});
	clearInterval(timer);
	assert.ok(turns > 3, `${turns} turns`);
	assert.deepEqual(await waiting, {match: 'b', index: 1});
});

test('many at once are answered each with its own', async () => {
	const answers = await Promise.all(Array.from({length: 50}, (_, n) => matchWithin(/\d+/u, `x${n}`, 10_000)));
	assert.deepEqual(
		answers.map(answer => 'match' in answer && answer.match),
		answers.map((_, n) => String(n)),
	);
});

test('an idle thread does not keep the program alive', () => {
	const url = new URL('../../source/validation/match.ts', import.meta.url).href;
	const script = `const {matchWithin} = await import(${JSON.stringify(url)}); console.log(JSON.stringify(await matchWithin(/b/u, 'ab', 20000)), performance.now()); process.on('exit', () => console.log(performance.now()));`;
	const run = spawnSync(process.execPath, ['--import', 'tsx', '--input-type=module', '-e', script], {
		encoding: 'utf8',
		timeout: 60_000,
	});
	assert.match(run.stdout, /"match":"b"/, run.stderr);
	const [answered, ended] = run.stdout.match(/\d+\.\d+/g)!.map(Number);
	assert.ok(ended! - answered! < 4_000, run.stdout);
});
