import assert from 'node:assert/strict';
import test, {describe} from 'node:test';
import {tempoOf} from '../../source/ui/tempo.js';

describe('how lively a screen is', () => {
	const cases: [
		why: string,
		env: Record<string, string>,
		flags: {animation?: boolean},
		animated: boolean,
		seconds: number,
	][] = [
		['at the machine itself', {}, {}, true, 1],
		['over SSH', {SSH_CONNECTION: '10.0.0.1 50000 10.0.0.2 22'}, {}, true, 5],
		['over SSH, on a terminal of it', {SSH_TTY: '/dev/pts/3'}, {}, true, 5],
		['with --no-animation', {}, {animation: false}, false, 10],
		['with MOZART_NO_ANIMATION', {MOZART_NO_ANIMATION: '1'}, {}, false, 10],
		['with that variable empty', {MOZART_NO_ANIMATION: ''}, {}, true, 1],
		['with other clocks', {SSH_TTY: '/dev/pts/3', MOZART_CLOCK_SECONDS: '2'}, {}, true, 2],
		['with clocks that make no sense', {MOZART_CLOCK_SECONDS: 'often'}, {}, true, 1],
		['with clocks that would never move', {MOZART_CLOCK_SECONDS: '0'}, {}, true, 1],
	];
	for (const [why, env, flags, animated, seconds] of cases) {
		test(`${why}: clocks every ${seconds} s, ${animated ? 'signs turn' : 'nothing turns'}`, () =>
			assert.deepEqual(tempoOf(env, flags), {animated, clockMs: seconds * 1000}));
	}
});
