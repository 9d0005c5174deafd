import {readEvents} from './event.js';

/** What a session had cost when an attempt ended, US dollars, by the end of that attempt's log; 0 where it does not tell. */
export function sessionCostIn(log: string): number {
	for (const line of log.split('\n').reverse()) {
		for (const event of readEvents(line) ?? []) if (event.type === 'result') return event.total_cost_usd ?? 0;
	}
	return 0;
}
