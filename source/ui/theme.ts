import type {BatchStatus} from '../core/run.js';
import type {Summary} from '../core/summary.js';
import {statusSigns} from '../headless/status-signs.js';
import type {LineLook} from './styled-line.js';

export type Look = {
	glyph: string;
	color?: string;
	/** There is nothing to do about it and nothing to see: it steps back behind what lives. */
	isQuiet: boolean;
};

/** One glyph and one colour a status; the glyph alone must be enough where there is no colour. */
export const statusLooks: Record<BatchStatus, Look> = {
	pending: {glyph: statusSigns.pending, isQuiet: true},
	running: {glyph: statusSigns.running, color: 'cyan', isQuiet: false},
	stopping: {glyph: statusSigns.stopping, color: 'yellow', isQuiet: false},
	rechecking: {glyph: statusSigns.rechecking, color: 'cyan', isQuiet: false},
	waiting: {glyph: statusSigns.waiting, color: 'yellow', isQuiet: false},
	held: {glyph: statusSigns.held, color: 'magenta', isQuiet: false},
	completed: {glyph: statusSigns.completed, color: 'green', isQuiet: true},
	failed: {glyph: statusSigns.failed, color: 'red', isQuiet: false},
	skipped: {glyph: statusSigns.skipped, isQuiet: true},
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

/** How the lines of the tabs are dressed. */
export const lineLooks: Record<LineLook, {color?: string; bold?: boolean; dimColor?: boolean}> = {
	plain: {},
	strong: {bold: true},
	dim: {dimColor: true},
	good: {color: 'green'},
	bad: {color: 'red'},
	added: {color: 'green'},
	removed: {color: 'red'},
	place: {color: 'cyan'},
};

/** Marks the selected batch also where neither colour nor inverse text is shown. */
export const selectionMark = '›';

/** Below this width there is room for the list or the output, not for both. */
export const foldColumns = 60;

/** Frames a second at most for what happens: each costs 5 to 10 ms of CPU whatever has changed. */
export const maxFps = 10;
/** For keys: a person waits for those. */
export const maxKeyFps = 30;

/** Turns where a batch prints. With the frames that are drawn anyway: a timer for each sign would cost more than all else. */
export const spinnerSigns = [...'⠋⠙⠹⠸⠼⠴⠦⠧⠇⠏'];
