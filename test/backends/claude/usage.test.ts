import assert from 'node:assert/strict';
import {test} from 'node:test';
import {readEvents} from '../../../source/backends/claude/event.js';
import {costOf, usageOf} from '../../../source/backends/claude/usage.js';
import {tokensOf} from '../../../source/core/usage.js';
import {play, playRecorded} from './recorded.js';

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
	assert.deepEqual(usageOf(seen, 0, true), expected);
	assert.equal(usageOf(playRecorded('ok-text').seen, 0, true), undefined);
});

test('a run that was cut off is as good as its messages: their tokens, and no cost', () => {
	const {seen} = playRecorded('terminated');
	assert.equal(seen.result, undefined);
	assert.deepEqual(usageOf(seen, 0, true), {
		inputTokens: 1200,
		outputTokens: 1,
		cacheReadTokens: 0,
		cacheWriteTokens: 0,
	});
	// One message comes as several events, and each tells its figures so far.
	const said = (id: string, output_tokens: number) =>
		JSON.stringify({
			type: 'assistant',
			message: {id, usage: {input_tokens: 10, cache_read_input_tokens: 5, output_tokens}},
		});
	const cut = play({stdout: [said('m1', 1), said('m1', 4), said('m2', 2)].join('\n')});
	assert.deepEqual(usageOf(cut.seen, 0, true), {
		inputTokens: 20,
		outputTokens: 6,
		cacheReadTokens: 10,
		cacheWriteTokens: 0,
	});
});

test('of a new session the helpers’ tokens count too; a resumed one’s models also hold what came before', () => {
	const seen = {result: result(0.5, 100, 300), messages: new Map()};
	assert.equal(tokensOf(usageOf(seen, 0, true)), 301);
	assert.equal(tokensOf(usageOf(seen, 0.25, false)), 101);
	assert.equal(tokensOf(usageOf({...seen, result: result(0.5, 300, 100)}, 0, true)), 301);
});

test('a resumed run that used nothing costs nothing, though its session’s total is told again', () => {
	const refused = {...result(0.25, 0, 0), usage: {...result(0, 0, 0).usage!, output_tokens: 0}, modelUsage: {}};
	assert.deepEqual(costOf(refused, 0.25), {ownUsd: 0, sessionUsd: 0.25});
	assert.deepEqual(costOf({...refused, total_cost_usd: 0}, 0.25), {ownUsd: 0, sessionUsd: 0.25});
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
