import {type JobRow, type Opening, onEnter} from './job-row.js';

/** What the list of jobs shows, apart from the jobs. A job is known by its id: the list moves while one looks. */
export type PickerState = {
	selected?: string;
	/** What a yes would lead to. */
	question?: {text: string; opening: Opening};
	/** The answer to the last key. */
	message?: string;
};

/** What a key leads to: another state, or the end with what is to be opened, if anything. */
export type PickerStep = {state: PickerState} | {end: Opening | undefined};

const howToBegin = 'A new one: mozart init writes a job file to begin with, and mozart run FILE runs it.';

/** Place of the selected job; the first one where it is not there any more. */
export const placeOf = (rows: readonly JobRow[], {selected}: PickerState): number =>
	Math.max(
		0,
		rows.findIndex(({id}) => id === selected),
	);

/** A key by its name in `keysOf`. `page` is half of what is seen. */
export function pressed(state: PickerState, key: string, rows: readonly JobRow[], page: number): PickerStep {
	const {question} = state;
	const rest: PickerState = state.selected === undefined ? {} : {selected: state.selected};
	if (key === '^c') return {end: undefined};
	if (question) {
		if (key === 'y') return {end: question.opening};
		return key === 'l' ? {end: {how: 'look', id: question.opening.id}} : {state: rest};
	}
	const at = placeOf(rows, state);
	const move = (to: number): PickerStep => {
		const row = rows[Math.max(0, Math.min(to, rows.length - 1))];
		return {state: row ? {selected: row.id} : {}};
	};
	switch (key) {
		case 'q':
		case 'escape':
			return {end: undefined};
		case 'j':
		case 'down':
			return move(at + 1);
		case 'k':
		case 'up':
			return move(at - 1);
		case '^d':
		case 'pagedown':
			return move(at + page);
		case '^u':
		case 'pageup':
			return move(at - page);
		case 'g':
		case 'home':
			return move(0);
		case 'G':
		case 'end':
			return move(rows.length);
		case 'return': {
			const row = rows[at];
			if (!row) return {state: {message: howToBegin}};
			const reply = onEnter(row);
			if ('open' in reply) return {end: reply.open};
			const next = {selected: row.id};
			if ('say' in reply) return {state: {...next, message: reply.say}};
			return {state: {...next, question: {text: reply.text, opening: reply.ask}}};
		}
		case 'n':
			return {state: {...rest, message: howToBegin}};
		case '?':
			return {state: {...rest, message: 'j k move · ↵ attach, go on or look · n a new job · q quit'}};
		default:
			return {state: rest};
	}
}
