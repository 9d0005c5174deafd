import {useEffect, useState} from 'react';
import type {Batch, Run} from '../../core/run.js';
import {line, type StyledLine} from '../styled-line.js';
import type {Evidence} from '../tabs/evidence.js';
import {tabLines, tabRows} from '../tabs/tab-lines.js';
import type {Tab} from '../view-state.js';

/** Rows of the tab that is shown; looked up again when something has happened to the batch. Empty for the output. */
export function useTabRows(
	tab: Tab,
	older: number,
	batch: Batch,
	run: Run,
	columns: number,
	evidence: Evidence | undefined,
): StyledLine[] {
	const [found, setFound] = useState<{of: string; lines: StyledLine[]}>();
	// Whatever happens to a batch changes one of these.
	const {number, status, attempt, history} = batch;
	const state = [
		tab,
		older,
		number,
		status,
		attempt,
		history.at(-1)?.passed,
		'outcome' in batch && batch.outcome !== undefined,
	].join();
	// biome-ignore lint/correctness/useExhaustiveDependencies: `state` stands for all of batch and run that matters here
	useEffect(() => {
		if (tab === 'output' || !evidence) return;
		let isWanted = true;
		const show = (lines: StyledLine[]) => {
			if (isWanted) setFound({of: `${tab} ${number}`, lines});
		};
		tabLines(tab, older, batch, run, evidence).then(show, error => show([line(String(error), 'bad')]));
		return () => {
			isWanted = false;
		};
	}, [state, evidence]);
	if (tab === 'output') return [];
	if (!evidence) return [line('Nothing can be looked up from here.', 'dim')];
	return found?.of === `${tab} ${number}` ? tabRows(found.lines, columns) : [];
}
