import type {BatchStatus} from '../core/run.js';

/** One sign a status on every face; it alone must be enough where there is no colour. */
export const statusSigns: Record<BatchStatus, string> = {
	pending: '·',
	running: '▶',
	stopping: '◼',
	rechecking: '?',
	waiting: '◔',
	held: '‖',
	completed: '✓',
	failed: '✗',
	skipped: '↷',
};
