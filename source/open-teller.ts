import type {Clock} from './engine/clock.js';
import {digestLines, headline} from './headless/digest-text.js';
import {eventLines} from './headless/event-line.js';
import type {Program, Teller} from './notify/notifier.js';
import {createTeller} from './notify/teller.js';
import {oneLine} from './process/sanitize.js';

/** `hh:mm:ss` at the beginning of a line: a message has a time of its own. */
const time = /^\d\d:\d\d:\d\d/;

type Known = {id: string; name: string; clock: Clock; env: Readonly<Record<string, string | undefined>>};

/** A teller that speaks in the words of the plain lines. Apart from `open-run.ts`, so that only who needs it loads it. */
export function openTeller({id, name, clock, env}: Known, program: Program): Teller {
	return createTeller({
		...program,
		job: {id, name: oneLine(name)},
		time: clock,
		...{env, platform: process.platform},
		words: {
			say: (event, run) => eventLines(event, run).map(line => oneLine(line.replace(time, '')))[0],
			headline,
			lines: digestLines,
		},
	});
}
