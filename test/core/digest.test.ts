import assert from 'node:assert/strict';
import {readFileSync} from 'node:fs';
import {describe, it} from 'node:test';
import {digestOf, digestSchema} from '../../source/core/digest.js';
import {eventSchema} from '../../source/core/event.js';
import {summarize} from '../../source/core/summary.js';
import {digestLines, digestMarkdown, numberWords} from '../../source/headless/digest-text.js';
import {nextLines} from '../../source/headless/summary-lines.js';
import {replay} from '../program/jobs.js';
import {makeJob} from '../support/job.js';
import {World} from '../support/world.js';

const fixture = (name: string) => readFileSync(new URL(`../fixtures/digest/${name}`, import.meta.url), 'utf8');

/** A night with Claude Code: a completion, a limit of hours, two batches that fail alike, one that just made it, one skipped. */
const recorded = replay(
	fixture('journal.jsonl')
		.trimEnd()
		.split('\n')
		.slice(1)
		.map(line => eventSchema.parse(JSON.parse(line))),
);

describe('the digest', () => {
	const digest = digestOf(recorded, {id: 'chapters-1a2b3c', now: recorded.at + 3_600_000});

	it('of a recorded run is as recorded, in all three forms', () => {
		assert.deepEqual(digestSchema.parse(digest), JSON.parse(fixture('digest.json')));
		assert.equal(`${digestLines(digest).join('\n')}\n`, fixture('digest.txt'));
		assert.equal(`${digestMarkdown(digest).join('\n')}\n`, fixture('digest.md'));
	});

	it('does not grow with the time since the run has ended', () => {
		assert.equal(digest.elapsedMs, recorded.at - recorded.startedAt);
	});

	it('of a run that was cut off tells of the time until then, and of no wait', async () => {
		const world = new World(makeJob({batches: 3, rules: 0}));
		world.open();
		await world.settle();
		const until = world.time + 20 * 3_600_000;
		world.attempts[0]?.end({exitCode: 1, failure: {kind: 'rate_limit', message: 'limit', until}});
		await world.settle();
		const run = world.engine.getSnapshot();
		const at = {id: 'j', now: run.at + 9 * 3_600_000};
		const cutOff = digestOf(run, {...at, state: 'interrupted'});
		assert.equal(cutOff.elapsedMs, run.at - run.startedAt);
		assert.match(digestLines(cutOff)[1] ?? '', /; a limit lasts until (tomorrow )?\d\d:\d\d:\d\d$/);
		assert.match(digestLines(digestOf(run, at))[1] ?? '', /9 h 0 min; it waits until /);
	});

	it('of what is held alone says how it is queued again, since to resume it would not be enough', async () => {
		const world = new World(makeJob({batches: 2, rules: 0, onFailure: 'continue', retry: {max_retries: 0}}));
		const commands = () =>
			digestOf(world.engine.getSnapshot(), {id: 'j', now: world.time}).next.map(({command}) => command);
		world.open();
		await world.settle();
		await world.engine.send({type: 'hold', batch: 2});
		await world.engine.send({type: 'stop', mode: 'now'});
		world.attempts[0]?.end({aborted: true});
		await world.settle();
		assert.deepEqual(commands(), ['mozart resume j'], 'batch 1 is open');
		world.open();
		await world.settle();
		world.attempts[0]?.end({exitCode: 1, failure: {kind: 'transient', message: 'no'}});
		await world.settle();
		assert.equal(world.engine.getSnapshot().phase, 'paused');
		assert.deepEqual(commands(), ['mozart logs j 1', 'mozart retry j', 'mozart resume j']);
		const [line] = nextLines(summarize(world.engine.getSnapshot(), world.time), 'j');
		assert.equal(line, 'Queue what is held again: mozart retry j    Then: mozart resume j');
	});

	it('counts the moves to another CLI', async () => {
		const world = new World(makeJob({batches: 1, rules: 0, fallbacks: 1}));
		world.open();
		await world.settle();
		const until = world.time + 3 * 3_600_000;
		world.attempts[0]?.end({exitCode: 1, failure: {kind: 'rate_limit', message: 'limit', until}});
		await world.settle();
		const moved = digestOf(world.engine.getSnapshot(), {id: 'j', now: world.time});
		assert.equal(moved.moves, 1);
		assert.match(digestLines(moved)[1] ?? '', /attempts?, 1 move to another CLI in /);
	});

	it('names the next command for how the job stands', async () => {
		const commands = (state?: 'interrupted') => {
			const run = world.engine.getSnapshot();
			return digestOf(run, {id: 'j', now: world.time, ...(state && {state})}).next.map(({command}) => command);
		};
		const world = new World(makeJob({batches: 3, rules: 0}));
		world.open();
		await world.settle();
		assert.deepEqual(commands(), ['mozart attach j']);
		assert.deepEqual(commands('interrupted'), ['mozart resume j']);
		await world.engine.send({type: 'stop', mode: 'now'});
		world.attempts[0]?.end({aborted: true});
		await world.settle();
		assert.deepEqual(commands(), ['mozart resume j']);
		world.open([{type: 'run-reopened', selection: [[1, 1]]}]);
		await world.settle();
		world.attempts[0]?.end();
		await world.settle();
		assert.deepEqual(commands(), ['mozart run j']);
		world.open();
		await world.settle();
		for (let batch = 2; batch <= 3; batch++) {
			world.attempts[0]?.end();
			await world.settle();
		}
		assert.deepEqual(commands(), []);
	});

	it('says how many are open, held and skipped, and until when it waits', async () => {
		const world = new World(makeJob({batches: 6, rules: 0, concurrency: 2}));
		world.open();
		await world.settle();
		await world.engine.send({type: 'skip', batch: 6});
		await world.engine.send({type: 'hold', batch: 5});
		world.attempts[0]?.end({exitCode: 1, failure: {kind: 'rate_limit', message: 'limit', until: world.time + 60_000}});
		await world.settle();
		const now = digestOf(world.engine.getSnapshot(), {id: 'j', now: world.time});
		assert.deepEqual([now.open, now.held, now.skipped, now.waits], [4, [5], [6], 1]);
		assert.ok((now.waitingUntil ?? 0) >= world.time + 60_000);
		const text = digestLines(now).join('\n');
		assert.match(text, /^test: running · 0\/6 completed · 1 skipped · 1 held · 4 open\n/);
		assert.match(text, /1 wait for a limit in .*; it waits until \d\d:\d\d:\d\d\n/);
		assert.match(text, /\nHeld until you say retry:\n {2}batch 5\n/);
	});

	it('quotes what children have said as one harmless line', () => {
		const evil = {
			...digest,
			failed: [{kind: 'transient' as const, message: '\x1b[2J*bold*\n# [x](y) `z` &lt;', batches: [1]}],
		};
		assert.match(digestLines(evil).join('\n'), /^ {2}batch 1: \*bold\* # \[x\]\(y\) `z` &lt;$/m);
		assert.match(digestMarkdown(evil).join('\n'), /^- batch 1: \\\*bold\\\* \\# \\\[x\\\]\(y\) \\`z\\` \\&lt;$/m);
	});

	it('stays readable when thousands fail, each in its own way', () => {
		const words = 'one two three four five six seven eight nine ten eleven twelve'.split(' ');
		const failed = Array.from({length: 5000}, (_, index) => ({
			kind: 'transient' as const,
			message: `${words[index % 12]} ${words[Math.floor(index / 12) % 12]}`,
			batches: Array.from({length: 60}, (_, batch) => batch * 2),
		}));
		const lines = digestLines({...digest, failed});
		assert.ok(lines.length < 60 && lines.every(line => line.length < 300));
		assert.ok(lines.includes('  and 4980 more kinds of failure'));
	});

	it('writes rows of numbers as ranges', () => {
		const cases: [number[], string][] = [
			[[], ''],
			[[1], '1'],
			[[1, 2], '1, 2'],
			[[1, 2, 3, 7], '1 to 3, 7'],
			[Array.from({length: 30}, (_, index) => index * 2), '0, 2, 4, 6, 8, 10, 12, 14, 16, 18, 20, 22 and 18 more'],
		];
		for (const [numbers, words] of cases) assert.equal(numberWords(numbers), words);
	});
});
