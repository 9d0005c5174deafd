import type {Event} from '../core/event.js';
import type {Run} from '../core/run.js';
import {eventWords} from '../headless/event-line.js';
import {oneLine} from '../process/sanitize.js';

/** What is said of a fact to people; `run` may be a later state than the one after it, in which its batch is no more. */
export const factWords = (fact: Event, run: Run): string[] =>
	'batch' in fact && fact.batch !== undefined && fact.batch > run.total ? [] : eventWords(fact, run).map(oneLine);
