import {spawn} from 'node:child_process';
import {once} from 'node:events';
import {closeSync, mkdirSync, mkdtempSync, openSync, readFileSync} from 'node:fs';
import {join} from 'node:path';
import {pathToFileURL} from 'node:url';
import type {Contestant} from './contestants.js';

/** One measured process. Wall time from outside, from before its start to after its end; the rest from inside. */
export type Measured = {
	wallMs: number;
	/** User and system time of the Node process with all its threads, without its children. */
	cpuMs: number;
	/** Peak resident memory of the Node process, MB. */
	memoryMb: number;
	/** CPU time of the programs it ran; undefined where the system does not tell. */
	childrenCpuMs?: number;
};

const preload = pathToFileURL(join(import.meta.dirname, 'measure.mjs')).href;

/**
 * Runs a contestant in a process, a home and a state folder of its own below `root`. They stay until everything is
 * measured: ext4 passes over the places of files that were deleted in the last minutes one by one, and the next run
 * would pay for that.
 */
export async function measure(contestant: Contestant, root: string): Promise<Measured> {
	const folder = mkdtempSync(join(root, 'run-'));
	const home = join(folder, 'home');
	mkdirSync(home);
	const args = ['--import', preload, ...contestant.prepare(folder)];
	const report = join(folder, 'report.json');
	const output = join(folder, 'output.txt');
	// The home is new each time, and V8's code is kept in it: every run is the program's very first start there.
	const env = {PATH: '/usr/bin:/bin', HOME: home, XDG_STATE_HOME: home, TMPDIR: root, BENCH_REPORT: report};
	const out = openSync(output, 'w');
	const started = performance.now();
	const child = spawn(process.execPath, args, {cwd: folder, env, stdio: ['ignore', out, out]});
	const [code] = await once(child, 'exit');
	const wallMs = performance.now() - started;
	closeSync(out);
	const said = readFileSync(output, 'utf8');
	if (code !== 0) throw new Error(`${contestant.name} ended with exit code ${code}:\n${said.slice(-2000)}`);
	contestant.prove(said);
	return {wallMs, ...JSON.parse(readFileSync(report, 'utf8'))};
}
