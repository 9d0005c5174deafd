import assert from 'node:assert/strict';
import test, {describe} from 'node:test';
import {promptRows} from '../../../source/ui/command-line/prompt-rows.js';
import {nothingTyped, offersFor, type Typing, typeKey} from '../../../source/ui/command-line/typing.js';
import {emptyLine, insertText} from '../../../source/ui/input-line.js';
import {makeJob} from '../../support/job.js';
import {World} from '../../support/world.js';

const world = new World(makeJob({batches: 30, rules: 0, retry: {max_retries: 0}, onFailure: 'continue'}));
world.open();
await world.settle();
for (let batch = 1; batch <= 12; batch++) {
	const failure = {kind: 'transient', message: 'broken'} as const;
	world.attempts[0]!.end(batch % 4 === 0 ? {exitCode: 1, failure} : {});
	await world.settle();
}
const run = world.engine.getSnapshot();

const typed = (text: string, from: Typing = nothingTyped): Typing => ({...from, line: insertText(emptyLine, text)});
const after = (typing: Typing, ...keys: string[]): Typing =>
	keys.reduce((at, key) => typeKey(at, key, {run, history: ['pause', 'retry 4']}) ?? nothingTyped, typing);
const text = (typing: Typing) => typing.line.text;

describe('a command that is typed', () => {
	test('what the word can be is offered: names, then what makes sense for the name', () => {
		assert.deepEqual(offersFor(typed('re'), run), ['resume', 'retry']);
		assert.deepEqual(offersFor(typed('retry '), run), ['failed', '4', '8', '12']);
		assert.deepEqual(offersFor(typed('retry 1'), run), ['12']);
		assert.deepEqual(offersFor(typed('stop '), run), ['13']);
		assert.deepEqual(offersFor(typed('tab v'), run), ['validation']);
		assert.deepEqual(offersFor(typed('resume '), run), []);
		assert.deepEqual(offersFor(after(typed('retry '), 'left'), run), [], 'only at the end of the line');
	});

	test('Tab puts in the one word there is, with a space where another follows', () => {
		assert.equal(text(after(typed('sk'), 'tab')), 'skip ');
		assert.equal(text(after(typed('det'), 'tab')), 'detach');
		assert.equal(text(after(typed('tab va'), 'tab')), 'tab validation');
		assert.equal(text(after(typed('xyz'), 'tab')), 'xyz');
	});

	test('Tab goes through several in turn, and any other key takes the one that stands there', () => {
		const one = after(typed('retry '), 'tab');
		assert.equal(text(one), 'retry failed');
		assert.equal(text(after(one, 'tab')), 'retry 4');
		assert.equal(text(after(one, 'tab', 'tab', 'tab', 'tab')), 'retry failed');
		assert.equal(text(after(one, 'tab', '-', '9')), 'retry 4-9');
	});

	test('up and down go through what was entered, and back to what was being typed', () => {
		const draft = typed('go');
		assert.equal(text(after(draft, 'up')), 'retry 4');
		assert.equal(text(after(draft, 'up', 'up', 'up')), 'pause');
		assert.equal(text(after(draft, 'up', 'up', 'down')), 'retry 4');
		assert.equal(text(after(draft, 'up', 'down')), 'go');
		assert.equal(text(after(draft, 'down')), 'go');
	});

	test('backspace on an empty line closes it', () => {
		assert.equal(typeKey(typed('a'), 'backspace', {run, history: []})?.line.text, '');
		assert.equal(typeKey(nothingTyped, 'backspace', {run, history: []}), undefined);
	});
});

describe('what is shown of it', () => {
	const whole = ({before, chosen, after}: {before: string; chosen: string; after: string}) => before + chosen + after;

	test('the words that are offered fit, the chosen one among them', () => {
		for (const columns of [200, 80, 40, 20]) {
			for (let tabs = 0; tabs < 14; tabs++) {
				const {offers} = promptRows(after(nothingTyped, ...Array(tabs).fill('tab')), run, {columns, rows: 24});
				assert.ok(offers);
				assert.ok(whole(offers).length <= columns, `${columns}: ${whole(offers)}`);
				assert.equal(offers.chosen !== '', tabs > 0);
			}
		}
	});

	test('the meaning of the command that it can only be', () => {
		assert.equal(
			promptRows(typed('retry 4'), run, {columns: 80, rows: 24}).usage?.slice(0, 22),
			'retry N|N-M|failed  qu',
		);
		assert.equal(promptRows(typed('re'), run, {columns: 80, rows: 24}).usage, undefined);
		assert.deepEqual(Object.keys(promptRows(typed('retry 4'), run, {columns: 40, rows: 4})), ['line']);
	});
});
