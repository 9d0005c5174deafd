import type {Command} from '../../core/command.js';
import type {Intent} from '../keymap.js';
import type {Question, Tab} from '../view-state.js';

/** What a line that was entered leads to. */
export type Outcome =
	/** The same as a key. */
	| {type: 'key'; intent: Intent}
	/** `message`: what to say unless one of them is refused. */
	| {type: 'send'; commands: readonly Command[]; message?: string}
	| {type: 'ask'; question: Question}
	| {type: 'go'; batch: number}
	| {type: 'tab'; tab: Tab}
	/** The list shows what fits; an empty text ends the filter. */
	| {type: 'filter'; text: string}
	| {type: 'quit-now'}
	/** Why it leads to nothing. */
	| {type: 'say'; message: string};
