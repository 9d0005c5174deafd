import assert from 'node:assert/strict';
import test, {describe} from 'node:test';
import {readLine, specs} from '../../../source/ui/command-line/commands.js';
import {makeJob} from '../../support/job.js';
import {World} from '../../support/world.js';

/** Six batches: 1 completed, 2 failed, 3 held, 4 running, 5 and 6 pending. */
async function mixedRun() {
	const world = new World(makeJob({batches: 6, rules: 0, retry: {max_retries: 0}, onFailure: 'continue'}));
	world.open();
	await world.settle();
	world.attempts[0]!.end();
	await world.settle();
	world.attempts[0]!.end({exitCode: 1, failure: {kind: 'transient', message: 'broken'}});
	await world.settle();
	await world.engine.send({type: 'hold', batch: 3});
	world.attempts[0]!.end({aborted: true});
	await world.settle();
	return world.engine.getSnapshot();
}

const run = await mixedRun();
const read = (text: string) => readLine(text, run);
const said = (text: string) => {
	const outcome = read(text);
	assert.equal(outcome?.type, 'say', JSON.stringify(outcome));
	return outcome?.type === 'say' ? outcome.message : '';
};

describe('commands of the line', () => {
	test('each leads to what its words say', () => {
		assert.deepEqual(read('pause'), {type: 'send', commands: [{type: 'pause', mode: 'drain'}]});
		assert.deepEqual(read('pause now'), {type: 'key', intent: 'pause-now'});
		assert.deepEqual(read('resume'), {type: 'send', commands: [{type: 'resume'}]});
		assert.deepEqual(read('retry 2'), {type: 'send', commands: [{type: 'retry', batch: 2}]});
		assert.deepEqual(read('retry failed'), {type: 'send', commands: [{type: 'retry', batch: 2}]});
		assert.deepEqual(read('skip 5'), {type: 'send', commands: [{type: 'skip', batch: 5}]});
		assert.deepEqual(read('concurrency 4'), {type: 'send', commands: [{type: 'set-concurrency', concurrency: 4}]});
		assert.deepEqual(read('goto 6'), {type: 'go', batch: 6});
		assert.deepEqual(read('6'), {type: 'go', batch: 6});
		assert.deepEqual(read('tab validation'), {type: 'tab', tab: 'validation'});
		assert.deepEqual(read('tab 5'), {type: 'tab', tab: 'events'});
		assert.deepEqual(read('quit'), {type: 'key', intent: 'quit'});
		assert.deepEqual(read('quit now'), {type: 'quit-now'});
		assert.equal(read('   '), undefined);
	});

	test('a range takes the batches that it can be done to, and says how many', () => {
		assert.deepEqual(read('retry 2-6'), {
			type: 'send',
			commands: [
				{type: 'retry', batch: 2},
				{type: 'retry', batch: 3},
			],
			message: '2 batches: queued again',
		});
		assert.deepEqual(read('stop 5-6'), {
			type: 'send',
			commands: [
				{type: 'hold', batch: 5},
				{type: 'hold', batch: 6},
			],
			message: '2 batches: held until retried',
		});
		assert.deepEqual(read('skip 5,6')?.type, 'send');
	});

	test('what ends an attempt or runs finished work again asks first, and names the attempt', () => {
		assert.deepEqual(read('stop 4'), {type: 'ask', question: {about: 'hold', batch: 4, attempt: 1}});
		assert.deepEqual(read('retry 1'), {type: 'ask', question: {about: 'retry', batch: 1}});
		assert.deepEqual(read('skip 4-5'), {
			type: 'ask',
			question: {
				about: 'several',
				text: '1 of them running: end those attempts. Skip 2 batches?',
				commands: [
					{type: 'skip', batch: 4, attempt: 1},
					{type: 'skip', batch: 5},
				],
			},
		});
	});

	test('where nothing can be done the engine is asked for the reason', () => {
		assert.deepEqual(read('end-wait 5-6'), {type: 'send', commands: [{type: 'end-wait', batch: 5}]});
	});

	test('the beginning of a name is enough where it fits one, and else it says which', () => {
		assert.deepEqual(read('q'), {type: 'key', intent: 'quit'});
		assert.deepEqual(read('ski 6'), {type: 'send', commands: [{type: 'skip', batch: 6}]});
		assert.equal(said('re 3'), 're can be resume or retry');
	});

	test('what is not understood says what to write instead', () => {
		assert.equal(said('rtry 3'), 'there is no command “rtry”: did you mean retry?');
		assert.equal(said('xyzzy'), 'there is no command “xyzzy”; tab shows all');
		assert.equal(said('retry'), 'which batch? retry N, or a range: retry N-M');
		assert.equal(said('retry 7'), 'there is no batch 7: the job has 6');
		assert.equal(said('skip 5-9'), 'there is no batch 9: the job has 6');
		assert.equal(said('skip 0'), 'there is no batch 0: the job has 6');
		assert.equal(said('skip 6-3'), '6-3 runs backwards: write 3-6');
		assert.equal(said('skip x'), '“x” is no batch: write a number, or a range such as 3-7');
		assert.equal(said('goto 1-2'), 'which batch? goto N');
		assert.equal(said('tab colours'), 'there is no tab “colours”: output, validation, attempts, prompt, events');
		assert.equal(said('pause later'), 'write pause, or pause now');
		assert.equal(said('concurrency many'), 'how many at once? concurrency N');
		assert.equal(said('resume 3'), 'nothing can follow it: “3” is too much');
	});

	test('no name is the beginning of another, so that each can be meant', () => {
		for (const {name} of specs)
			assert.deepEqual(
				specs.filter(other => other.name.startsWith(name)).map(other => other.name),
				[name],
			);
	});
});
