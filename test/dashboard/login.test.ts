import assert from 'node:assert/strict';
import {it} from 'node:test';
import {createTries} from '../../source/dashboard/login.js';

it('wrong passwords from one place make it wait a minute, and very many make all wait', () => {
	let now = 1000;
	const tries = createTries({now: () => now, timer: () => () => {}, random: () => 0});
	for (let count = 0; count < 5; count++) {
		assert.equal(tries.waitFor('a'), 0);
		tries.wrong('a');
		now += 1000;
	}
	assert.deepEqual([tries.waitFor('a'), tries.waitFor('b')], [55_000, 0]);
	for (let count = 0; count < 15; count++) tries.wrong(`place ${count}`);
	assert.deepEqual([tries.waitFor('b'), tries.waitFor('a')], [55_000, 55_000]);
	now += 55_000;
	assert.deepEqual([tries.waitFor('a'), tries.waitFor('b')], [0, 0]);
});
