import {useMemo} from 'react';
import type {Batch, Run} from '../../core/run.js';
import {OutputPane} from '../components/output-pane.js';
import {TabPane} from '../components/tab-pane.js';
import {rowsFrom} from '../reading/place.js';
import {placeWords, type Reading, readAt, type Search, type Shown} from '../reading/reading.js';
import {allMatches, matchWords} from '../reading/search.js';
import type {Tab} from '../view-state.js';

type Props = {
	batch: Batch;
	run: Run;
	tab: Tab;
	text: Shown;
	reading: Reading | undefined;
	search: Search | undefined;
	now: number;
	rows: number;
	columns: number;
	/** Grows while the batch prints. */
	turn: number | undefined;
};

/** The focused pane alone, from edge to edge, so that its text can be read and selected. */
export function ZoomScreen({batch, run, tab, text, reading, search, now, rows, columns, turn}: Props) {
	const {doc, place} = readAt(text, reading);
	const shown = rowsFrom(doc, place, text.pane);
	const query = search?.query;
	const matches = useMemo(() => (query === undefined ? [] : allMatches(doc.lines, query)), [doc, query]);
	const words = [placeWords(text, reading, shown), search && matchWords(search, matches)];
	const shared = {
		...{batch, shown, rows, columns, indent: 0},
		place: words.filter(Boolean).join(' · '),
		search: search && {doc, search},
	};
	return tab === 'output' ? (
		<OutputPane isFocused {...{run, now, turn}} {...shared} />
	) : (
		<TabPane isRead tab={tab} {...shared} />
	);
}
