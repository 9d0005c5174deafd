import wrapAnsi from 'wrap-ansi';
import type {Run} from '../core/run.js';
import {oneLine} from '../process/sanitize.js';
import {choicesOf} from './questions.js';
import type {ViewState} from './view-state.js';

/** Rows that a question or an answer takes at most. */
const mostRows = 4;

/** The open question or the answer to the last key, in as many lines as it needs; none where there is nothing to say. */
export function spokenLines({question, message}: ViewState, columns: number): string[] {
	if (!question && message === undefined) return [];
	return wrapAnsi(question ? questionWords(question) : oneLine(message ?? ''), Math.max(1, columns), {hard: true})
		.split('\n')
		.slice(0, mostRows);
}

function questionWords(question: NonNullable<ViewState['question']>): string {
	const {text, choices} = choicesOf(question);
	return `${text} ${choices.map(({key, text}) => `${key} ${text}`).join(' · ')} · any other key: no`;
}

/** The most useful keys of the moment, as many as fit; where one only watches, none that steer. */
export function hintWords(run: Run, screen: ViewState['screen'], columns: number, isWatching = false): string {
	const hints = hintsFor(screen, run, isWatching);
	while (hints.length > 2 && hints.join(' · ').length > columns) hints.splice(-2, 1);
	return hints.join(' · ');
}

function linesHints({phase}: Run, isWatching: boolean): string[] {
	const back = 'v: back to the screen';
	if (phase === 'ended') return ['the run is over', back, 'q leave'];
	if (isWatching) return ['only watching', back, 'q leave'];
	if (phase === 'stopping') return ['about to end', back, 'd detach', 'q quit'];
	const pausing = phase === 'running' ? ['p pause', 'P pause now'] : ['p go on'];
	return [back, ...pausing, '+ - at once', 'd detach', 'q quit'];
}

function hintsFor(screen: ViewState['screen'], run: Run, isWatching: boolean): string[] {
	if (screen.name === 'help') return ['j k scroll', 'esc back'];
	if (screen.name === 'lines') return linesHints(run, isWatching);
	if (screen.name !== 'change') return isWatching ? watcherHints(run) : hintsOf(run);
	return screen.hash === undefined
		? ['e edit again', 'esc back', 'j k scroll']
		: ['y take it', 'n drop it', 'j k scroll', 'e edit again'];
}

const last = ['/ filter', '↵ zoom', '? help'];

const watcherHints = ({phase}: Run) => [phase === 'ended' ? 'the run is over' : 'only watching', 'q leave', ...last];

function hintsOf(run: Run): string[] {
	switch (run.phase) {
		case 'running':
			return ['q quit', 'p pause', 'r retry', 's skip', 'x stop', ...last];
		case 'paused':
			return ['q quit', 'p go on', 'r retry', 's skip', ...last];
		case 'stopping':
			return ['about to end', 'q quit', ...last];
		case 'ended':
			return ['the run is over', 'q leave', 'r retry', ...last];
	}
}
