import type {Event} from '../core/event.js';
import type {Run} from '../core/run.js';

/** Facts between two checkpoints at least: with many batches a checkpoint is large, so it is written more rarely. */
const fewestFacts = 512;

/**
 * Says when to save: at every pause and end, and otherwise so rarely that the cost a fact stays the same however many
 * batches there are. `save` is called with one state at a time; states that come meanwhile wait for the next occasion.
 */
export function createCheckpointing(save: (run: Run) => Promise<void>) {
	let facts = 0;
	let saving: Promise<void> | undefined;
	let problem: unknown;

	const start = (run: Run) => {
		facts = 0;
		saving = save(run)
			.catch((error: unknown) => {
				// The journal has everything; a checkpoint only saves time.
				problem = error;
			})
			.finally(() => {
				saving = undefined;
			});
	};
	return {
		note(events: readonly Event[], run: Run): void {
			facts += events.length;
			const due = facts >= Math.max(fewestFacts, run.total * 2) || events.some(event => event.type === 'paused');
			if (due && !saving) start(run);
		},
		/** Saves the last state and tells what went wrong with any of the checkpoints. */
		async finish(run: Run): Promise<unknown> {
			await saving;
			start(run);
			await saving;
			return problem;
		},
	};
}
