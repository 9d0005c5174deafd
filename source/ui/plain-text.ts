import {stripControls} from '../process/sanitize.js';

/** A name, reason or message as one harmless line: such texts may quote what a child or a file has said. */
export const oneLine = (text: string): string =>
	stripControls(text)
		.replace(/\s*\n\s*/g, ' ')
		.trim();
