import {type Event, eventSchema} from '../core/event.js';
import type {Run} from '../core/run.js';
import type {Engine} from '../engine/engine.js';
import {eventLines} from '../headless/event-line.js';
import {stripControls} from '../process/sanitize.js';
import {type FactPlaces, readLastFacts} from '../store/read-facts.js';
import type {StreamedLines} from '../ui/streamed-lines.js';

/** How many lines are told of what has happened before. */
const mostLines = 200;

/** What happens to a run as lines, from its journal and then from its engine: nothing is told twice, and nothing left out in between. */
export function streamEvents(
	{getSnapshot, subscribe}: Pick<Engine, 'getSnapshot' | 'subscribe'>,
	{paths, id}: {paths: FactPlaces; id: string},
): StreamedLines {
	let told = 0;

	function linesFor(events: readonly Event[], run: Run): string[] {
		const fresh = events.filter(({seq}) => seq > told);
		told = fresh.at(-1)?.seq ?? told;
		// A job that was cut anew can have fewer batches than it had.
		return fresh
			.filter(event => !('batch' in event && (event.batch ?? 0) > run.total))
			.flatMap(event => eventLines(event, run).map(stripControls));
	}

	function past(events: readonly Event[]): string[] {
		const known = told;
		const lines = linesFor(events, getSnapshot());
		const isCut = (events[0]?.seq ?? 1) > known + 1 || lines.length > mostLines;
		return isCut ? [`… what came before: mozart logs ${id}`, ...lines.slice(-mostLines)] : lines;
	}

	return {
		listen(listener) {
			let waiting: {events: readonly Event[]; run: Run}[] | undefined = [];
			let isListening = true;
			const tell = (lines: readonly string[]) => {
				if (isListening && lines.length > 0) listener(lines);
			};
			const stop = subscribe((events, run) => {
				if (waiting) waiting.push({events, run});
				else tell(linesFor(events, run));
			});
			void readLastFacts<Event>(paths, eventSchema).then(events => {
				if (!isListening) return;
				tell(past(events));
				for (const {events, run} of waiting ?? []) tell(linesFor(events, run));
				waiting = undefined;
			});
			return () => {
				isListening = false;
				stop();
			};
		},
	};
}
