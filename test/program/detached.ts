import {existsSync} from 'node:fs';
import type {JobOptions} from './jobs.js';
import {writeJob} from './jobs.js';
import {type Desk, eventually, exits, runs, withDesk} from './program.js';

/** A run that goes on in a process of its own. */
export type Away = {id: string; pid: number; log: string};

/** Says how to end whatever of the job still runs, so that nothing is left behind. */
export async function endAway(desk: Desk, pid: number): Promise<void> {
	if (!runs(pid)) return;
	await desk.mozart('cancel', 'work.yaml');
	if (runs(pid)) process.kill(pid, 'SIGKILL');
	await eventually('its end', () => !runs(pid));
}

/** Starts `work.yaml` with --detach, and ends it after the story. */
export async function withAway(job: JobOptions, story: (desk: Desk, away: Away) => Promise<void>): Promise<void> {
	await withDesk(async desk => {
		writeJob(desk, job);
		const {stdout} = exits(await desk.mozart('run', 'work.yaml', '--detach', '--json'), 0);
		const away: Away = JSON.parse(stdout.trim().split('\n').at(-1) ?? '');
		try {
			await story(desk, away);
		} finally {
			if (existsSync(desk.folder)) await endAway(desk, away.pid);
		}
	});
}
