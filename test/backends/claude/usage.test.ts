import assert from 'node:assert/strict';
import {test} from 'node:test';
import {readEvents} from '../../../source/backends/claude/event.js';
import {costOf, usageOf} from '../../../source/backends/claude/usage.js';
import {playRecorded} from './recorded.js';

const round = (number = Number.NaN) => Number(number.toFixed(6));

/** A result of so much cost and so many tokens, by the run itself and by its models. */
function result(costUsd: number, tokensOfRun: number, tokensOfModels: number) {
	const usage = {input_tokens: tokensOfRun, output_tokens: 1};
	const modelUsage = {m: {inputTokens: tokensOfModels, outputTokens: 1}};
	const [event] = readEvents(JSON.stringify({type: 'result', total_cost_usd: costUsd, usage, modelUsage})) ?? [];
	assert.ok(event?.type === 'result');
	return event;
}

test('usage is taken from the result, with the cache’s tokens apart', () => {
	const {seen} = playRecorded('tools');
	const expected = {inputTokens: 3600, outputTokens: 137, cacheReadTokens: 0, cacheWriteTokens: 0, costUsd: 0.01714};
	assert.deepEqual(usageOf(seen.result, 0), expected);
	assert.equal(usageOf(playRecorded('ok-text').seen.result, 0), undefined);
	assert.equal(usageOf(playRecorded('terminated').seen.result, 0), undefined);
});

test('a resumed session’s total counts on: what this run cost is the difference', () => {
	const first = costOf(playRecorded('session-new-json').seen.result!, 0);
	assert.deepEqual([round(first?.ownUsd), round(first?.sessionUsd)], [0.00508, 0.00508]);
	const second = costOf(playRecorded('session-resumed-json').seen.result!, first?.sessionUsd ?? 0);
	assert.deepEqual([round(second?.ownUsd), round(second?.sessionUsd)], [0.00508, 0.01016]);
});

test('versions whose total begins anew are known by their tokens, or by less than was known', () => {
	assert.deepEqual(costOf(result(0.5, 100, 100), 0.25), {ownUsd: 0.5, sessionUsd: 0.75});
	assert.deepEqual(costOf(result(0.125, 100, 300), 0.25), {ownUsd: 0.125, sessionUsd: 0.375});
	assert.deepEqual(costOf(result(0.5, 100, 300), 0.25), {ownUsd: 0.25, sessionUsd: 0.5});
});
