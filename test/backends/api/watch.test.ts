import assert from 'node:assert/strict';
import {once} from 'node:events';
import {describe, test} from 'node:test';
import {setTimeout as later} from 'node:timers/promises';
import {createWatch} from '../../../source/backends/api/watch.js';

describe('the watch over an attempt', () => {
	const watchOf = (times: {timeoutMs?: number; idleMs?: number}, signal = new AbortController().signal) =>
		createWatch({signal, timeoutMs: 60_000, idleMs: 60_000, ...times});

	test('ends it after a silence; the first reason is the one', async () => {
		const stop = new AbortController();
		const watch = watchOf({idleMs: 5}, stop.signal);
		await once(watch.signal, 'abort');
		stop.abort();
		assert.equal(watch.ending(), 'silence');
		watch.stop();
	});

	test('lets tools take longer than the API may be silent, and looks on afterwards', async () => {
		const watch = watchOf({idleMs: 5});
		watch.rest();
		await later(20);
		assert.equal(watch.ending(), undefined);
		watch.alive();
		await once(watch.signal, 'abort');
		assert.equal(watch.ending(), 'silence');
		watch.stop();
	});

	test('ends it when its time is over, tools or no tools', async () => {
		const watch = watchOf({timeoutMs: 5});
		watch.rest();
		await once(watch.signal, 'abort');
		assert.equal(watch.ending(), 'timeout');
		watch.stop();
	});

	test('ends nothing any more when the attempt is over, and keeps no timer', async () => {
		const stop = new AbortController();
		const watch = watchOf({timeoutMs: 5, idleMs: 5}, stop.signal);
		watch.stop();
		watch.alive();
		await later(20);
		stop.abort();
		assert.deepEqual([watch.ending(), watch.signal.aborted], [undefined, false]);
	});

	test('is over at once where the stop came before', () => {
		const watch = watchOf({}, AbortSignal.abort());
		assert.deepEqual([watch.ending(), watch.signal.aborted], ['aborted', true]);
		watch.stop();
	});
});
