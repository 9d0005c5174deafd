import {useEffect, useMemo, useState} from 'react';
import type {Batch, Run} from '../../core/run.js';
import type {Doc} from '../reading/place.js';
import {line, type StyledLine} from '../styled-line.js';
import type {Evidence} from '../tabs/evidence.js';
import {harmless, tabLines} from '../tabs/tab-lines.js';
import type {Tab} from '../view-state.js';

/** The tab that is shown; looked up again when something has happened to the batch. Empty for the output. */
export function useTabDoc(tab: Tab, older: number, batch: Batch, run: Run, evidence: Evidence | undefined): Doc {
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
			if (isWanted) setFound({of: `${tab} ${number}`, lines: harmless(lines)});
		};
		tabLines(tab, older, batch, run, evidence).then(show, error => show([line(String(error), 'bad')]));
		return () => {
			isWanted = false;
		};
	}, [state, evidence]);
	const of = `${tab} ${number}`;
	const isFound = tab !== 'output' && found?.of === of;
	return useMemo(() => {
		if (tab !== 'output' && !evidence)
			return {of, first: 0, lines: [line('Nothing can be looked up from here.', 'dim')]};
		return {of, first: 0, lines: isFound ? found.lines : [], isComing: !isFound};
	}, [of, tab, isFound, found, evidence]);
}
