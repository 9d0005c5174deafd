import {spawn, spawnSync} from 'node:child_process';
import fs from 'node:fs';

/** Room for what a start makes, MB: else V8 stops to tidy up before the first frame is drawn. */
const moreRoom = '--min-semi-space-size=32';
/** How Node ends when it does not know a flag. */
const unknownFlag = 9;

/**
 * A shell waits for the process that it has started, and no process can hand its work to another. So that a screen can be
 * left while the run goes on, the shell gets this one to wait for, which does nothing but start the real one, hand on what
 * it is told, and end with it, or before it when it lets go. See `process/parent.ts` for the other side.
 */
export function attend(flags: readonly string[] = [moreRoom]): void {
	const child = spawn(process.execPath, [...flags, ...process.execArgv, ...process.argv.slice(1)], {
		stdio: ['inherit', 'inherit', 'inherit', 'ipc'],
		env: {...process.env, MOZART_PARENT: String(process.pid)},
	});
	const handedOn: readonly NodeJS.Signals[] = ['SIGINT', 'SIGTERM', 'SIGHUP'];
	for (const signal of handedOn) process.on(signal, () => child.connected && child.send({signal}, () => {}));
	child.on('message', () => {
		child.removeAllListeners('exit');
		child.disconnect();
		child.unref();
	});
	child.on('error', error => {
		process.stderr.write(`mozart could not be started: ${error.message}\n`);
		process.exitCode = 3;
	});
	child.on('exit', (code, signal) => {
		if (code === unknownFlag && flags.length > 0) {
			attend([]);
			return;
		}
		if (signal === null) {
			process.exitCode = code ?? 1;
			return;
		}
		// While there is a screen, the program heeds these itself.
		if (!handedOn.includes(signal)) giveTerminalBack();
		for (const one of handedOn) process.removeAllListeners(one);
		process.kill(process.pid, signal);
	});
}

/** What a screen that was killed, perhaps amid a frame, could not do: show it, the main buffer, the cursor, plain pasting, line editing. */
function giveTerminalBack(): void {
	try {
		fs.writeSync(1, '\x1b[?2026l\x1b[?1049l\x1b[?25h\x1b[?2004l');
		spawnSync('stty', ['sane'], {stdio: 'inherit'});
	} catch {
		// The terminal is gone.
	}
}
