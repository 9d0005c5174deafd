import type {Intent} from '../keymap.js';
import {type Doc, lastPlace, movedBy, type Pane, type Place, placeFor, start} from './place.js';
import {type Match, nextMatch} from './search.js';

/**
 * Where a person reads in a text. An output that goes on is held as it was when the person began to read, so that what
 * comes in does not move what is read.
 */
export type Reading = {place: Place; held?: Doc};

/** What is looked for in a text, and the match one is at. `isAwaited`: it was entered before the text was there. */
export type Search = {query: string; at?: Match; isAwaited?: boolean};

/** A text as the pane has it, and whether it goes on at its end and is shown from there. */
export type Shown = {doc: Doc; pane: Pane; follows: boolean};

/** The document that is read, and the place: of a text that follows, else of one that is shown from its start. */
export function readAt({doc, pane, follows}: Shown, reading: Reading | undefined): {doc: Doc; place: Place} {
	if (!reading) return {doc, place: follows ? lastPlace(doc, pane) : start};
	const {held} = reading;
	// As long as nothing is gone at its beginning, what comes in below moves nothing.
	const read = held && growth(held, doc)?.gone !== 0 ? held : doc;
	return {doc: read, place: movedBy(read, reading.place, 0, pane)};
}

/** Where one reads after a key that moves; undefined where a text that follows follows again. */
export function afterKey(intent: Intent, shown: Shown, reading: Reading | undefined): Reading | undefined {
	const half = Math.max(1, Math.ceil(shown.pane.rows / 2));
	switch (intent) {
		case 'down':
			return moved(shown, reading, 1);
		case 'up':
			return moved(shown, reading, -1);
		case 'page-down':
			return moved(shown, reading, half);
		case 'page-up':
			return moved(shown, reading, -half);
		case 'top':
			return moved(shown, reading, Number.NEGATIVE_INFINITY);
		case 'bottom':
			return shown.follows ? undefined : {place: lastPlace(shown.doc, shown.pane)};
		case 'follow':
			return shown.follows ? undefined : reading;
		default:
			return reading;
	}
}

function moved(shown: Shown, reading: Reading | undefined, by: number): Reading | undefined {
	const {doc, place} = readAt(shown, reading);
	const {pane, follows} = shown;
	const there = by === Number.NEGATIVE_INFINITY ? start : movedBy(doc, place, by, pane);
	if (!follows) return {place: there};
	if (by < 0) return isAt(place, there) && !reading ? undefined : {held: doc, place: there};
	const isGrown = growth(doc, shown.doc);
	if (!isAt(place, there)) return isAt(there, lastPlace(doc, pane)) && !isGrown ? undefined : {held: doc, place: there};
	// What came in while one was reading is read now; at the very end it is followed again.
	if (!isGrown) return undefined;
	const line = Math.max(0, place.line - isGrown.gone);
	const further = movedBy(shown.doc, {...place, line}, by, pane);
	return isAt(further, lastPlace(shown.doc, pane)) ? undefined : {held: shown.doc, place: further};
}

const isAt = (place: Place, other: Place) => place.line === other.line && place.row === other.row;

/** How many lines at the beginning are gone since; undefined where the later text is no growth of the earlier one. */
function growth(before: Doc, after: Doc): {gone: number} | undefined {
	if (before.of !== after.of) return undefined;
	const grew = after.first + after.lines.length > before.first + before.lines.length;
	return grew ? {gone: after.first - before.first} : undefined;
}

/** What a search comes to: where one reads then, and what is said of it. */
export type Found = {reading: Reading | undefined; search: Search; said?: string};

/** Looks for a text from the first row that is seen. */
export function searched(query: string, shown: Shown, reading: Reading | undefined): Found {
	const {doc, place} = readAt(shown, reading);
	return found({query}, {line: place.line, start: -1}, 1, shown, reading, doc, place);
}

/** The next match (`by` 1) or the one before (-1), from the one that one is at. */
export function searchedOn(search: Search, by: 1 | -1, shown: Shown, reading: Reading | undefined): Found {
	const {doc, place} = readAt(shown, reading);
	const from = search.at ?? {line: place.line, start: by > 0 ? -1 : 0};
	return found(search, from, by, shown, reading, doc, place);
}

function found(
	search: Search,
	from: Match,
	by: 1 | -1,
	shown: Shown,
	reading: Reading | undefined,
	doc: Doc,
	place: Place,
): Found {
	const {query} = search;
	const next = nextMatch(doc.lines, query, from, by);
	if (!next) return {reading, search: {query}, said: `“${query}” does not stand in what is shown`};
	const {match, beganAgain} = next;
	return {
		reading: {
			...(shown.follows && {held: doc}),
			place: placeFor(doc, match, place, shown.pane),
		},
		search: {query, at: match},
		...(beganAgain && {said: `search began again at the ${by > 0 ? 'top' : 'bottom'}`}),
	};
}

/** `lines 120-160 of 900`, and how to come back to the end; nothing where all is seen. */
export function placeWords(
	{doc: now, pane, follows}: Shown,
	reading: Reading | undefined,
	shown: readonly {line: number}[],
): string {
	const {doc} = readAt({doc: now, pane, follows}, reading);
	const [top, bottom] = [shown[0]?.line ?? 0, shown.at(-1)?.line ?? 0];
	const isGrown = follows && doc.of === now.of;
	const all = isGrown ? now.first + now.lines.length : doc.first + doc.lines.length;
	const isAllSeen = top === 0 && bottom >= doc.lines.length - 1 && all === doc.first + doc.lines.length;
	if ((isAllSeen && !(follows && reading)) || (follows && !reading)) return '';
	const words = `lines ${doc.first + top + 1}-${doc.first + bottom + 1} of ${all}`;
	return follows ? `${words} · f follow` : words;
}
