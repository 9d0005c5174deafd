import assert from 'node:assert/strict';
import test, {describe} from 'node:test';
import {keymap} from '../../source/ui/keymap.js';
import {helpSpoken} from '../../source/ui/reader/spoken.js';
import {makeJob} from '../support/job.js';
import {keys, onStage, type Stage} from './stage.js';

const watches = 'this screen only watches (a test)';
const job = makeJob({batches: 3, rules: 0});

const sees = (stage: Stage) => {
	const {phase, seq} = stage.world.engine.getSnapshot();
	return {phase, seq, aborted: stage.world.attempts.map(({aborted}) => aborted)};
};

describe('a screen that only watches', () => {
	test('refuses every key that steers at once, with the reason, and asks nothing', () =>
		onStage(job, {watches}, async stage => {
			const before = sees(stage);
			for (const key of ['p', 'P', 'r', 's', 'x', 'w', '+', '-', 'e']) {
				assert.match(await stage.press(key), /\nthis screen only watches \(a test\)$/, key);
				await stage.press('y');
			}
			assert.deepEqual(sees(stage), before);
		}));

	test('refuses commands that steer, also those that lack a word, and still obeys the others', () =>
		onStage(job, {watches}, async stage => {
			const before = sees(stage);
			for (const line of ['pause now', 'retry 1', 'skip 1-2', 'stop', 'conc 4', 'end-wait 1', 'edit'])
				assert.match(await stage.press(`:${line}${keys.enter}`), /\nthis screen only watches \(a test\)$/, line);
			assert.deepEqual(sees(stage), before);
			assert.match(await stage.press(`:goto 3${keys.enter}`), /\n›· 3/);
		}));

	test('offers none of them: not in the footer, nor in the help, nor on the command line', () =>
		onStage(job, {watches, columns: 120, rows: 60}, async stage => {
			assert.match(await stage.frame(), /\nonly watching · q leave · \/ filter · ↵ zoom · \? help$/);
			const help = await stage.press('?');
			assert.match(help, / q {2}leave the screen too\n +\^c {2}leave the screen too\n/);
			assert.doesNotMatch(help.split('\n').slice(2).join('\n'), /pause|retry|skip|stop|wait|at once|edit|quit;/);
			await stage.press('?');
			assert.match(await stage.press(':'), /\ngoto {2}tab {2}filter {2}detach {2}quit {2}help\n: *$/);
			assert.match(await stage.press('stop '), /\n:stop *$/);
		}));

	test('the help that is read aloud leaves them out too', () => {
		const steers = keymap.filter(key => key.steers).map(({help}) => help);
		assert.equal(steers.length, 9);
		const said = helpSpoken(true).join('\n');
		for (const help of steers) assert.ok(!said.includes(help), help);
		assert.match(said, /filter the list/);
	});
});
