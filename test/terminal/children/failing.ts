import type {Context} from '../../../source/commands/context.js';
import {deferred, followOnScreen} from '../../../source/commands/screen.js';
import {heedSignals} from '../../../source/commands/signals.js';
import {systemClock} from '../../../source/engine/clock.js';
import {openRun} from '../../../source/open-run.js';

// Runs `work.yaml` on a screen; on USR2 the screen breaks, or the program does.
const what = process.argv[2];
let isBroken = false;
process.on('SIGUSR2', () => {
	if (what === 'program') throw new Error('a bug in the program');
	isBroken = true;
});

// As the program itself says a bug, and ends.
process.on('uncaughtException', error => {
	process.stderr.write(`${error.message}\n`);
	process.exit(70);
});

const context: Context = {
	out: line => void process.stdout.write(`${line}\n`),
	err: line => void process.stderr.write(`${line}\n`),
	json: false,
	terminal: true,
	leave: () => process.exit(3),
	clock: systemClock,
	env: process.env,
	cwd: process.cwd(),
};

const opened = await openRun({file: 'work.yaml', sets: [], intent: 'run', clock: systemClock, env: process.env});
if (!('engine' in opened)) throw new Error('work.yaml cannot be run');
const {engine} = opened;
const held = deferred(context);
const heed = heedSignals(held);
const breakable = {
	...opened,
	engine: {
		...engine,
		getSnapshot() {
			const run = engine.getSnapshot();
			if (!run || !isBroken) return run;
			return Object.defineProperty({...run}, 'batches', {
				get() {
					throw new Error('a bug in\nthe screen');
				},
			});
		},
	},
};
const ending = await followOnScreen(breakable, heed, held, {});
held.flush();
heed.release();
process.exitCode = {done: 0, failed: 1, usage: 2, unfinished: 3, locked: 4}[ending];
