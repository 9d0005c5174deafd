import {parentOf} from '../process/parent.js';
import {loadPicker} from '../ui/load-screen.js';
import type {Opening} from '../ui/picker/job-row.js';
import type {Context, Ending} from './context.js';
import {heedDoors} from './doors.js';
import {createJobBoard} from './job-board.js';
import {looksOf} from './screen.js';

/** `mozart` alone, on a terminal: this user's jobs, one of which is opened. What follows is as if its command had been typed. */
export async function pick(context: Context): Promise<Ending> {
	const parent = parentOf(context.env);
	const opening = await choose(context);
	if (!opening) return 'done';
	const {how, id} = opening;
	switch (how) {
		case 'attach':
			return (await import('./attach.js')).attach(id, {readOnly: false}, context);
		case 'look':
			return (await import('./look-at.js')).lookAt(id, context);
		case 'resume':
		case 'run':
			return (await import('./run.js')).run(id, {set: []}, how, context, parent);
	}
}

/** Until a job is chosen or the person has enough; told to end, it ends. */
async function choose(context: Context): Promise<Opening | undefined> {
	const {openPicker} = await loadPicker();
	const board = createJobBoard(context);
	const picker = openPicker(board, looksOf(context, {}));
	const {close} = picker;
	const release = heedDoors({onTerminate: close, onInterrupt: close, onHangUp: close, giveBack: close});
	try {
		return await picker.chosen;
	} finally {
		board.stop();
		release();
	}
}
