import assert from 'node:assert/strict';
import {test} from 'node:test';
import traces from '../fixtures/recorded/runner_traces.json' with {type: 'json'};
import {makeJob} from '../support/job.js';
import {World} from '../support/world.js';

/**
 * Where we answer otherwise than the original, on purpose. Its `max_retries` counted attempts, ours counts retries after
 * the first attempt, so each trace is run with one less.
 */
const differences: Record<number, string> = {
	10: 'an exit code that nobody knows (3) is retried: it says nothing about whether another try can help',
	12: 'limits are told by signals of the CLI, not by the word “rate limit” in the output of any command',
	14: 'auth failures likewise: a command that prints “unauthorized” has failed like any other',
};

type Trace = (typeof traces)[number];

async function play(trace: Trace): Promise<{runs: string[]; delays: number[]; result: string}> {
	const script = [...trace.script] as [number, string, number][];
	const retry = trace.retry as {max_retries?: number};
	const world = new World(
		makeJob({
			batches: trace.total,
			rules: trace.n_validations,
			pause: 7,
			retry: {...trace.retry, max_retries: Math.max(0, (retry.max_retries ?? 3) - 1)},
		}),
	);
	const engine = world.open();
	let over: string | undefined;
	engine.ended.then(run => {
		over = run.result;
	});
	const delays: number[] = [];
	let passing = 0;
	for (;;) {
		await world.settle();
		const [attempt] = world.attempts;
		const [check] = world.checks;
		if (over) break;
		if (attempt) {
			const [exitCode, , passed] = script.shift() ?? [0, '', 0];
			passing = passed;
			attempt.end({
				exitCode,
				...(exitCode ? {failure: {kind: 'transient' as const, message: `exit code ${exitCode}`}} : {}),
			});
		} else if (check) check.answer(passing);
		else {
			// A long wait is looked at again every minute: it is one delay all the same.
			const before = world.time;
			do {
				world.tick();
				await world.settle();
			} while (world.attempts.length === 0);
			delays.push((world.time - before) / 1000);
		}
	}
	const runs = world.prompts.map(mode => (mode === 'completion' ? 'completion' : 'original'));
	return {runs, delays, result: over};
}

for (const [index, trace] of traces.entries()) {
	const title = `recorded trace ${index}: ${JSON.stringify(trace.script.slice(0, 4))}… of ${trace.n_validations} rules`;
	const difference = differences[index];
	test(difference ? `${title} (differs: ${difference})` : title, async () => {
		const {runs, delays, result} = await play(trace);
		const mine = {runs, delays, result};
		const theirs = {runs: trace.runs, delays: trace.delays, result: trace.status};
		if (difference) assert.notDeepEqual(mine, theirs, 'this difference is gone: take it off the list');
		else assert.deepEqual(mine, theirs);
	});
}
