import assert from 'node:assert/strict';
import test, {describe} from 'node:test';
import {initialView, reduceView, type ViewAction, type ViewState} from '../../source/ui/view-state.js';

const after = (...actions: ViewAction[]): ViewState => actions.reduce(reduceView, initialView);

describe('view state', () => {
	test('a move goes to the batch, ends following, and stays within the job', () => {
		assert.deepEqual(after({type: 'move', to: 3, total: 5}), {...initialView, selected: 3, follow: false});
		assert.equal(after({type: 'move', to: 9, total: 5}).selected, 5);
		assert.equal(after({type: 'move', to: -2, total: 5}).selected, 1);
	});

	test('help and zoom are opened and closed by the same key, and each replaces the other', () => {
		const help: ViewAction = {type: 'toggle-screen', name: 'help'};
		const zoom: ViewAction = {type: 'toggle-screen', name: 'zoom'};
		assert.deepEqual(after(help).screen, {name: 'help', top: 0});
		assert.deepEqual(after(help, help).screen, {name: 'run'});
		assert.deepEqual(after(help, zoom).screen, {name: 'zoom'});
		assert.deepEqual(after(zoom, {type: 'back'}).screen, {name: 'run'});
	});

	test('the help scrolls as far as there is something to see, and begins anew each time', () => {
		const help: ViewAction = {type: 'toggle-screen', name: 'help'};
		const down: ViewAction = {type: 'scroll', by: 5, most: 7};
		assert.deepEqual(after(help, down, down).screen, {name: 'help', top: 7});
		assert.deepEqual(after(help, down, {type: 'scroll', by: -9, most: 7}).screen, {name: 'help', top: 0});
		assert.deepEqual(after(help, down, help, help).screen, {name: 'help', top: 0});
		assert.deepEqual(after(down), initialView);
	});

	test('what is said lasts until the next key, also when the selection goes along', () => {
		const said = after({type: 'say', message: 'no'}, {type: 'followed', batch: 2});
		assert.deepEqual(said, {...initialView, selected: 2, message: 'no'});
		assert.deepEqual(reduceView(said, {type: 'key'}), {...initialView, selected: 2});
	});

	test('an answer that comes late does not end the question that is open by then', () => {
		const asked = after({type: 'ask', question: {about: 'quit'}}, {type: 'say', message: 'no'});
		assert.deepEqual(asked.question, {about: 'quit'});
		assert.equal(reduceView(asked, {type: 'key'}).question, undefined);
	});

	test('following says whether it goes on', () => {
		const toggle: ViewAction = {type: 'toggle-follow'};
		assert.deepEqual(after(toggle), {...initialView, follow: false, message: 'no longer following'});
		assert.deepEqual(after(toggle, toggle), {...initialView, message: 'following what runs'});
	});
});
