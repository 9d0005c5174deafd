import assert from 'node:assert/strict';
import test from 'node:test';
import {tabTitle} from '../../source/ui/tab-title.js';
import {tabs} from '../../source/ui/view-state.js';

/** Cells of a title's rule and glyph. */
const around = 5;

test('the open tab is seen at any width that has room for its name', () => {
	for (const tab of tabs) {
		for (const isRead of [true, false]) {
			for (const place of ['', 'lines 1000-1020 of 2000', `lines 1-2 of 3 · /${'x'.repeat(100)} 3 of 17`]) {
				for (let columns = tab.length + 2 + around; columns <= 200; columns++) {
					const title = tabTitle(12, tab, {place, isRead, columns});
					assert.ok(title.slice(0, columns - around).includes(`[${tab}]`), `${columns}: ${title}`);
				}
			}
		}
	}
});

test('the others are named where there is room, else by their keys, else counted', () => {
	const place = 'lines 1-20 of 99';
	const title = (columns: number, isRead = false) => tabTitle(3, 'prompt', {place, isRead, columns});
	assert.equal(title(100), 'batch 3 1 output 2 validation 3 attempts [prompt] 5 events · lines 1-20 of 99');
	assert.equal(title(50), 'batch 3 1 2 3 [prompt] 5 · lines 1-20 of 99');
	assert.equal(title(46, true), 'batch 3 · lines 1-20 of 99 · [prompt] 4/5');
	assert.equal(title(30), 'batch 3 [prompt] 4/5');
	assert.equal(title(18), '[prompt] 4/5 · batch 3');
});
