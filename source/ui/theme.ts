import type {BatchStatus} from '../core/run.js';
import type {Summary} from '../core/summary.js';

export type Look = {glyph: string; color?: string; dim?: boolean};

/** One glyph and one colour a status; the glyph alone must be enough where there is no colour. */
export const statusLooks: Record<BatchStatus, Look> = {
	pending: {glyph: '·', dim: true},
	running: {glyph: '▶', color: 'cyan'},
	stopping: {glyph: '◼', color: 'yellow'},
	rechecking: {glyph: '?', color: 'cyan'},
	waiting: {glyph: '◔', color: 'yellow'},
	held: {glyph: '‖', color: 'magenta'},
	completed: {glyph: '✓', color: 'green'},
	failed: {glyph: '✗', color: 'red'},
	skipped: {glyph: '↷', dim: true},
};

export const stateColors: Record<Summary['state'], string> = {
	running: 'cyan',
	pausing: 'yellow',
	paused: 'yellow',
	stopping: 'yellow',
	completed: 'green',
	failed: 'red',
	cancelled: 'magenta',
};

/** Marks the selected batch also where neither colour nor inverse text is shown. */
export const selectionMark = '›';

/** Below this width there is room for the list or the output, not for both. */
export const foldColumns = 60;

/** Frames a second at most: each costs some 10 ms of CPU whatever has changed. */
export const maxFps = 10;
