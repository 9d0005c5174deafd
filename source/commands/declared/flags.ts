import {type Command, Option} from 'commander';

// Flags that several commands have, and what is said of them.

export const json = new Option('--json', 'answer as data, one JSON value a line');
export const set = new Option('--set <a.b=value>', 'change a field of the job file for this job; may be repeated')
	.argParser((value: string, before: string[]) => [...before, value])
	.default([], 'none');
const noTui = new Option('--no-tui', 'plain lines, no screen');
const screenReader = new Option(
	'--screen-reader',
	'lines that can be listened to, in place of a screen; the same keys steer',
);
const noAnimation = new Option('--no-animation', 'a screen on which nothing turns, and clocks move every ten seconds');
const startBatch = new Option('-s, --start-batch <n>', 'run only the batches from this one on');
const batches = new Option('--batches <list>', 'run only these batches, such as 3-7,9');
const maxParallel = new Option('--max-parallel <n>', 'live batches at once, in place of the job file’s');
export const force = new Option('--force', 'take over a job that was locked on another host');
const detach = new Option('--detach', 'start it without a terminal, and come back at once; then: mozart attach');

/** Which batches are run. */
export const selecting = [startBatch, batches];
/** What is shown of a run, and how. */
export const showing = [noTui, screenReader, noAnimation, json];
/** How a run is done and shown. */
export const running = [maxParallel, force, noTui, screenReader, noAnimation, detach, set, json];

/** A job, as it is given to a command. */
export const whichJob = 'id, beginning of an id, whole name, or job file';

/** Adds flags to a command, in the order of its help. */
export const withFlags = (command: Command, flags: readonly Option[]): Command =>
	flags.reduce((flagged, flag) => flagged.addOption(flag), command);
