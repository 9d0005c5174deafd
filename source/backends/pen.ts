import {stripControls} from '../process/sanitize.js';

/** Lays out live text: paragraphs stand apart, lines (tool calls and their results) stand together. */
export type Pen = {
	/** A text as a paragraph of its own; nothing for one that is empty. */
	paragraph(text: string): string;
	/** The next piece of a text that comes in pieces; the first begins a paragraph. */
	piece(text: string): string;
	/** One line, which the caller has made safe to show. */
	line(text: string): string;
	/** The last paragraph that was written. */
	last(): string;
};

export function createPen(): Pen {
	/** What was written last. */
	let before: 'nothing' | 'paragraph' | 'pieces' | 'line' = 'nothing';
	let last = '';

	const gapBefore = (next: typeof before) => {
		if (before === 'pieces') return next === 'line' || next === 'paragraph' ? '\n\n' : '';
		if (next === 'line') return before === 'paragraph' ? '\n' : '';
		return before === 'nothing' ? '' : '\n';
	};

	return {
		paragraph(text) {
			const clean = stripControls(text).trim();
			if (clean === '') return '';
			const gap = gapBefore('paragraph');
			before = 'paragraph';
			last = clean;
			return `${gap}${clean}\n`;
		},
		piece(text) {
			const clean = stripControls(text);
			if (clean === '') return '';
			const begins = before !== 'pieces';
			const gap = begins ? gapBefore('pieces') : '';
			before = 'pieces';
			last = begins ? clean : `${last}${clean}`;
			return `${gap}${clean}`;
		},
		line(text) {
			const gap = gapBefore('line');
			before = 'line';
			return `${gap}${text}\n`;
		},
		last: () => last.trim(),
	};
}
