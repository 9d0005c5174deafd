import assert from 'node:assert/strict';
import test from 'node:test';
import {loadScreen} from '../../source/ui/load-screen.js';

test('what the screen hides from its libraries while they load is there again afterwards', async () => {
	const before = Object.getOwnPropertyDescriptor(globalThis, 'fetch');
	const {openScreen} = await loadScreen();
	assert.equal(typeof openScreen, 'function');
	assert.deepEqual(Object.getOwnPropertyDescriptor(globalThis, 'fetch'), before);
});
