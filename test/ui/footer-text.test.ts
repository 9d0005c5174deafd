import assert from 'node:assert/strict';
import test from 'node:test';
import type {Run} from '../../source/core/run.js';
import {hintWords} from '../../source/ui/footer-text.js';

test('beside the lines all keys that work there are named, whatever the run does', () => {
	const words = (phase: Run['phase'], isWatching = false) => hintWords({phase} as Run, {name: 'lines'}, 80, isWatching);
	assert.equal(words('running'), 'v: back to the screen · p pause · P pause now · + - at once · d detach · q quit');
	assert.equal(words('paused'), 'v: back to the screen · p go on · + - at once · d detach · q quit');
	assert.equal(words('stopping'), 'about to end · v: back to the screen · d detach · q quit');
	assert.equal(words('ended'), 'the run is over · v: back to the screen · q leave');
	assert.equal(words('running', true), 'only watching · v: back to the screen · q leave');
	assert.equal(hintWords({phase: 'running'} as Run, {name: 'lines'}, 40), 'v: back to the screen · p pause · q quit');
});
