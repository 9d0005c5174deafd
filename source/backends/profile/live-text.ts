import type {ProfileEvent} from '../../config/profile.js';
import {createPen} from '../pen.js';
import {callWords, firstLine, resultWords} from '../tool-words.js';
import {fits, textAt, valuesAt} from './path.js';

/** Turns events into text for a person who watches. */
export type LiveText = {
	/** What a row of the profile finds to show in an event; often nothing. */
	show(event: unknown, row: ProfileEvent): string;
	/** How the run has ended, where an event tells that by any of the rows that fit it. */
	end(event: unknown, rows: readonly ProfileEvent[]): string;
	/** The last text of the model. */
	said(): string;
};

export function createLiveText(): LiveText {
	const pen = createPen();
	let lastTool = '';

	return {
		show(event, row) {
			const text = textAt(event, row.text);
			const reply = textAt(event, row.reply)?.trim();
			const note = textAt(event, row.note);
			const errors = textAt(event, row.error);
			return [
				text === undefined ? '' : row.delta ? pen.piece(text) : pen.paragraph(text),
				...callsOf(event, row).map(({tool, words}) => {
					lastTool = tool;
					return pen.line(`● ${words}`);
				}),
				...resultsOf(event, row, lastTool).map(words => pen.line(`  ${words}`)),
				note === undefined ? '' : pen.line(`! ${firstLine(note)}`),
				reply === undefined || reply === pen.last() ? '' : pen.paragraph(reply),
				errors === undefined ? '' : pen.line(`✖ ${firstLine(errors)}`),
			].join('');
		},
		end(event, rows) {
			if (rows.some(row => textAt(event, row.error) !== undefined)) return '';
			if (rows.some(row => row.failed)) return pen.line('✖ failed');
			return rows.some(row => row.final) ? pen.line('✔ done') : '';
		},
		said: () => pen.last(),
	};
}

function callsOf(event: unknown, {tool}: ProfileEvent): {tool: string; words: string}[] {
	if (!tool) return [];
	const names = tool.name === undefined ? [] : valuesAt(event, tool.name);
	const inputs = tool.input === undefined ? [] : valuesAt(event, tool.input);
	if (names.length === 0 && tool.called === undefined) return [];
	return Array.from({length: Math.max(names.length, 1)}, (_, index) => {
		const told = names[index];
		const name = typeof told === 'string' && told !== '' ? told : (tool.called ?? '');
		return {tool: name, words: callWords({name, input: inputOf(inputs[index])})};
	});
}

function inputOf(value: unknown): Record<string, unknown> {
	if (typeof value === 'string') return {description: value};
	return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Record<string, unknown>) : {};
}

function resultsOf(event: unknown, {tool_result: result}: ProfileEvent, tool: string): string[] {
	if (!result) return [];
	const failed = result.failed !== undefined && fits(event, result.failed);
	const words = resultWords({content: textAt(event, result.text) ?? '', is_error: failed}, tool);
	return [`${failed ? '✗' : '↳'} ${words}`];
}
