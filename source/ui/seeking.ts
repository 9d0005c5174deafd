import type {Run} from '../core/run.js';
import type {Filter} from '../headless/batch-filter.js';
import {fitting, further, type Listed, listedOf} from './filter/listed.js';
import {editLine, emptyLine, type InputLine, insertText} from './input-line.js';
import type {Intent} from './keymap.js';
import {afterKey, type Found, readAt, type Shown, searched, searchedOn} from './reading/reading.js';
import type {Finding, ViewAction, ViewState} from './view-state.js';

/**
 * What is typed after `/`: a text to look for where one is zoomed, else what the batches of the list must fit. It takes
 * effect while it is typed; `before` is how it was, for who thinks better of it.
 */
export type Seeking = {about: 'text' | 'list'; line: InputLine; before: Finding};

/** What the keys that read and find work on. */
export type Desk = {
	run: Run;
	view(): ViewState;
	act(action: ViewAction): void;
	filter: Filter;
	/** The zoomed text; undefined while another one is about to be shown. */
	shown(): Shown | undefined;
	/** Rows of the list. */
	listRows: number;
};

const findingOf = ({reading, search, filter}: ViewState): Finding => ({
	...(reading && {reading}),
	...(search && {search}),
	...(filter !== undefined && {filter}),
});

/** A key while something is typed after `/`. */
export function typeSought(key: string, desk: Desk): void {
	const {seeking} = desk.view();
	if (!seeking) return;
	const {line, about, before} = seeking;
	const isEmpty = line.text === '';
	if (key === 'escape' || key === '^c' || (isEmpty && key === 'backspace'))
		return desk.act({type: 'find', state: before});
	if (key !== 'return') return seek({...seeking, line: editLine(line, key)}, desk);
	if (isEmpty) return desk.act({type: 'find', state: nothingSought(seeking)});
	if (about === 'text' && !readable(desk))
		return desk.act({type: 'find', state: {...before, search: {query: line.text, isAwaited: true}}});
	// It was found while it was typed: it only stays as it is.
	const isFound = about === 'text' ? desk.view().search?.at : numbersOf(desk)?.length;
	desk.act({type: 'find', state: isFound ? findingOf(desk.view()) : before});
	if (!isFound) {
		const words = about === 'text' ? `“${line.text}” does not stand in what is shown` : `no batch fits “${line.text}”`;
		desk.act({type: 'say', message: words});
	}
}

const selectionOf = ({selected, follow}: ViewState) => ({selected, follow});

/** An empty search or filter ends the one before. */
function nothingSought({about, before}: Seeking): Finding {
	const {search: _search, filter, ...rest} = before;
	return about === 'text' && filter !== undefined ? {...rest, filter} : rest;
}

/** A text that is pasted while something is typed. */
export function pasteSought(text: string, desk: Desk): void {
	const {seeking} = desk.view();
	if (seeking) seek({...seeking, line: insertText(seeking.line, text)}, desk);
}

/** Looks again with each key, from where one was before. */
function seek(seeking: Seeking, desk: Desk): void {
	const {line, before, about} = seeking;
	const query = line.text;
	if (about === 'list') {
		const {filter: _filter, ...rest} = before;
		if (query.trim() === '') return desk.act({type: 'find', state: {...rest, seeking}});
		const selected = fitting(desk.filter(desk.run, query), before.selected ?? 1);
		const chosen = selected === undefined ? {} : {selected, follow: false};
		return desk.act({type: 'find', state: {...rest, ...chosen, filter: query, seeking}});
	}
	const {search: _search, ...rest} = before;
	if (query === '') return desk.act({type: 'find', state: {...before, seeking}});
	const shown = readable(desk);
	if (!shown) return desk.act({type: 'find', state: {...rest, seeking}});
	const {reading} = before;
	const found = searched(query, shown, reading);
	// What goes on stands still while one looks for something in it.
	const held = found.reading ?? heldAt(shown);
	desk.act({type: 'find', state: {...rest, ...(held && {reading: held}), search: found.search, seeking}});
}

/** The text, where it is there to be searched. */
function readable(desk: Desk): Shown | undefined {
	const shown = desk.shown();
	return shown?.doc.isComing ? undefined : shown;
}

/** Once the text is there: looks for what was typed, or entered, before it was. */
export function seekAwaited(desk: Desk): void {
	const {seeking, search, ...view} = desk.view();
	const isTyped = seeking?.about === 'text' && seeking.line.text !== '' && !search;
	if (view.screen.name !== 'zoom' || (!isTyped && !search?.isAwaited)) return;
	const shown = readable(desk);
	if (!shown) return;
	if (isTyped) return seek(seeking, desk);
	const {search: _search, reading: before, ...rest} = findingOf(desk.view());
	const {reading, search: done, said} = searched(search?.query ?? '', shown, before);
	desk.act({type: 'find', state: {...rest, ...(reading && {reading}), ...(done.at && {search: done})}});
	if (said !== undefined) desk.act({type: 'say', message: said});
}

function heldAt(shown: Shown): Finding['reading'] {
	const {doc, place} = readAt(shown, undefined);
	return shown.follows ? {held: doc, place} : undefined;
}

/** The batches that the list's filter lets through; undefined without one. */
const numbersOf = ({run, filter, view}: Desk): readonly number[] | undefined => {
	const wanted = view().filter;
	return wanted === undefined ? undefined : filter(run, wanted);
};

const listed = (desk: Desk): Listed => listedOf(desk.run.total, desk.view().selected, numbersOf(desk));

/** Keys that move and find: in the zoomed text, else in the list. False for a key that does neither. */
export function find(intent: Intent, desk: Desk): boolean {
	const isZoomed = desk.view().screen.name === 'zoom';
	switch (intent) {
		case 'seek': {
			const view = desk.view();
			const before = {...findingOf(view), ...selectionOf(view)};
			const seeking: Seeking = {about: isZoomed ? 'text' : 'list', line: emptyLine, before};
			desk.act({type: 'find', state: {...before, seeking}});
			return true;
		}
		case 'next':
		case 'previous':
			if (isZoomed) searchOn(intent === 'next' ? 1 : -1, desk);
			else filterOn(intent === 'next' ? 1 : -1, desk);
			return true;
		case 'back':
			return leaveFinding(desk);
		case 'follow': {
			const {reading} = desk.view();
			if (!isZoomed || !reading?.held) return false;
			read('follow', desk);
			return true;
		}
		case 'down':
		case 'up':
		case 'page-down':
		case 'page-up':
		case 'top':
		case 'bottom':
			if (isZoomed) read(intent, desk);
			else desk.act({type: 'move', to: further(listed(desk), stepOf(intent, desk)), total: desk.run.total});
			return true;
		default:
			return false;
	}
}

type Motion = 'down' | 'up' | 'page-down' | 'page-up' | 'top' | 'bottom';

function stepOf(motion: Motion, {listRows, run}: Desk): number {
	const half = Math.max(1, Math.ceil(listRows / 2));
	return {down: 1, up: -1, 'page-down': half, 'page-up': -half, top: -run.total, bottom: run.total}[motion];
}

function read(intent: Motion | 'follow', desk: Desk): void {
	const shown = desk.shown();
	if (!shown) return;
	const {reading: before, ...rest} = findingOf(desk.view());
	const reading = afterKey(intent, shown, before);
	desk.act({type: 'find', state: {...rest, ...(reading && {reading})}});
}

function searchOn(by: 1 | -1, desk: Desk): void {
	const shown = readable(desk);
	const {search, reading, ...rest} = findingOf(desk.view());
	if (!shown) return;
	if (!search) return desk.act({type: 'say', message: 'nothing is looked for yet: / and a text'});
	const found: Found = searchedOn(search, by, shown, reading);
	const state = {...rest, ...(found.reading && {reading: found.reading}), search: found.search};
	desk.act({type: 'find', state});
	if (found.said !== undefined) desk.act({type: 'say', message: found.said});
}

/** The next batch that fits; past the last one the list begins again. */
function filterOn(by: 1 | -1, desk: Desk): void {
	const list = listed(desk);
	if (desk.view().filter === undefined)
		return desk.act({type: 'say', message: 'no filter is set: / and a number, a status or a name'});
	const isEnd = by > 0 ? list.selected === list.length - 1 : list.selected === 0;
	const to = isEnd ? list.numberAt(by > 0 ? 0 : list.length - 1) : further(list, by);
	desk.act({type: 'move', to, total: desk.run.total});
	if (isEnd) desk.act({type: 'say', message: `the list began again at the ${by > 0 ? 'top' : 'bottom'}`});
}

/** The search ends first, then the zoom; in the list the filter. */
function leaveFinding(desk: Desk): boolean {
	const view = desk.view();
	const {search, filter, ...rest} = findingOf(view);
	if (view.screen.name === 'zoom' && search) {
		desk.act({type: 'find', state: {...rest, ...(filter !== undefined && {filter})}});
		return true;
	}
	if (view.screen.name === 'run' && filter !== undefined) {
		desk.act({type: 'find', state: rest});
		return true;
	}
	return false;
}
