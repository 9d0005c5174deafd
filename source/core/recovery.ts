import {batchAt} from './batch-table.js';
import type {Fact} from './event.js';
import {reduce} from './reduce.js';
import type {Run} from './run.js';

/** Facts about attempts that were under way when the program that ran them ended without saying so. */
export function lostAttempts(run: Run): Fact[] {
	return run.live.flatMap(number => {
		const batch = batchAt(run, number);
		const cut = batch.status === 'stopping' || (batch.status === 'running' && !batch.outcome);
		if (!cut) return [];
		// A stop that a person asked for is no crash: it does not count towards the losses.
		const losses = batch.status === 'stopping' ? batch.losses : batch.losses + 1;
		return [{type: 'attempt-lost' as const, batch: number, attempt: batch.attempt, losses}];
	});
}

/** A run whose program is gone, as it stands where that has left it: for a look. Nothing of this is written. */
export function atRest(run: Run): Run {
	if (run.phase === 'ended') return run;
	const facts: Fact[] = [
		...lostAttempts(run),
		{type: 'run-ended', result: 'paused', reason: 'interrupted: its program ended without saying so'},
	];
	return facts.reduce((at, fact) => reduce(at, {...fact, seq: at.seq + 1, at: run.at}), run);
}
