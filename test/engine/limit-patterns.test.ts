import assert from 'node:assert/strict';
import {after, describe, test} from 'node:test';
import {createResetReader} from '../../source/backends/reset-reader.js';
import {type Failure, failureKindSchema} from '../../source/core/failure.js';
import {limitInReply, withLimitPatterns} from '../../source/engine/limit-patterns.js';
import {closeMatcher} from '../../source/validation/match.js';

describe('the job’s own patterns for limits', () => {
	after(closeMatcher);
	const failed = (raw?: string, kind: Failure['kind'] = 'transient'): Failure => ({
		kind,
		message: 'my-cli ended with exit code 1.',
		...(raw === undefined ? {} : {raw}),
	});

	test('a match in the last words, letters of any case, is a limit', async () => {
		assert.deepEqual(await withLimitPatterns(failed('Error: Too Many Requests'), ['quota', 'too many\\srequests']), {
			kind: 'rate_limit',
			message:
				'A limit was met: the last words match "too many\\\\srequests" of rate_limit.detection_patterns. my-cli ended with exit code 1.',
			raw: 'Error: Too Many Requests',
		});
	});

	test('it lifts when the same line says so', async () => {
		const raw = 'retrying in 1s\nquota exceeded, try again in 10 minutes\nwait 5s';
		const readReset = createResetReader({now: () => 0, env: {TZ: 'UTC'}});
		const judged = await withLimitPatterns(failed(raw), ['quota'], {readReset});
		assert.equal(judged.until, 600_000);
		assert.match(judged.message, /^A limit was met that lifts 1970-01-01 00:10 UTC: the last words match "quota"/);
		assert.equal((await withLimitPatterns(failed(raw), ['retrying'], {readReset})).until, 1_000);
	});

	test('only what the CLI said in its own name is looked at, where that is known', async () => {
		const failure = failed('↳ wrote 429 lines');
		assert.deepEqual(await withLimitPatterns(failure, ['429'], {said: ''}), failure);
		assert.equal((await withLimitPatterns(failure, ['429'], {said: 'Error 429'})).kind, 'rate_limit');
		assert.equal((await withLimitPatterns(failure, ['429'], {said: undefined})).kind, 'rate_limit');
	});

	test('of a run that ended well the whole reply has to match: it may talk about limits as it likes', async () => {
		const readReset = createResetReader({now: () => 0, env: {TZ: 'UTC'}});
		const reply = 'Quota exceeded, try again in 10 minutes';
		assert.deepEqual(await limitInReply(reply, ['nothing', 'quota exceeded.*'], {readReset}), {
			kind: 'rate_limit',
			message:
				'A limit was met that lifts 1970-01-01 00:10 UTC: the last words match "quota exceeded.*" of rate_limit.detection_patterns.',
			until: 600_000,
			raw: reply,
		});
		for (const said of ['Quota exceeded is handled now', '', undefined])
			assert.equal(await limitInReply(said, ['quota exceeded', '429']), undefined);
	});

	test('what matches nothing, said nothing or was said long before is left as it is', async () => {
		for (const raw of ['all is well', undefined, `quota\n${'x'.repeat(2_000)}`])
			assert.deepEqual(await withLimitPatterns(failed(raw), ['quota']), failed(raw));
		assert.deepEqual(await withLimitPatterns(failed('quota'), []), failed('quota'));
	});

	test('only a failure for which there was no better word is looked at', async () => {
		const kinds = [];
		for (const kind of failureKindSchema.options) {
			const judged = await withLimitPatterns(failed('quota', kind), ['quota']);
			if (judged.kind !== kind) kinds.push(kind);
		}
		assert.deepEqual(kinds, ['transient', 'timeout']);
	});

	test('a pattern that is not valid or could take forever matches nothing, and the next one is tried', async () => {
		const failure = failed(`${'x'.repeat(60)} quota`);
		assert.equal((await withLimitPatterns(failure, ['(', '^(x+x+)+y', 'quota'], {limitMs: 50})).kind, 'rate_limit');
		assert.deepEqual(await withLimitPatterns(failure, ['(', '^(x+x+)+y'], {limitMs: 50}), failure);
	});
});
