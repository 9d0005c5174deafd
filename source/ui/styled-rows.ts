import {shownLine} from '../headless/find-text.js';
import {wrapLine} from './reading/wrap.js';
import {line, type StyledLine} from './styled-line.js';
import {harmless} from './tabs/tab-lines.js';

/** Lines as rows of this width, harmless to show; a row looks as its line does. */
export const styledRows = (shown: readonly StyledLine[], columns: number): StyledLine[] =>
	harmless(shown).flatMap(({text, look}) => wrapLine(shownLine(text), columns).map(row => line(row.text, look)));
