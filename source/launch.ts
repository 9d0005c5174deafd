#!/usr/bin/env node
// Runs on any Node with modules, so that an old one gets a sentence and no stack trace: nothing newer may stand here.
import {spawn, spawnSync} from 'node:child_process';
import fs from 'node:fs';
import module from 'node:module';
import {isatty} from 'node:tty';

const needed = [22, 13];
const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);
const [flag = '', ...more] = process.argv.slice(2);

/** Commands that may open a screen over a run of their own; without one, the list of jobs can lead there. */
const mayOpenScreen = ['run', 'resume', ''];
/** With one of these they surely do not. */
const opensNone = ['--json', '--no-tui', '--detach', '--dry-run', '-n', '--help', '-h'];

if (major < needed[0]! || (major === needed[0] && minor < needed[1]!)) {
	process.stderr.write(
		`mozart needs Node ${needed.join('.')} or newer; this is Node ${process.versions.node}. Install a newer one, for example: npm install --global node@24\n`,
	);
	process.exitCode = 2;
} else if (['-V', '--version'].includes(flag) && more.length === 0) {
	// Scripts ask this often: no need to load a program for it. The path is that of the bundle's.
	const {version} = module.createRequire(import.meta.url)('../../package.json');
	process.stdout.write(`${version}\n`);
} else if (needsParent()) {
	attend();
} else {
	// Before anything large is loaded: what is compiled once is kept below the system's temporary folder.
	module.enableCompileCache();
	// Put together so that the bundler leaves this import for the moment it runs.
	const cli = new URL('../cli.js', import.meta.url).href;
	import(cli);
}

function needsParent(): boolean {
	if (!mayOpenScreen.includes(flag) || more.some(word => opensNone.includes(word))) return false;
	return isatty(0) && isatty(1) && process.env.MOZART_PARENT !== String(process.ppid);
}

/**
 * A shell waits for the process that it has started, and no process can hand its work to another. So that a screen can be
 * left while the run goes on, the shell gets this one to wait for, which does nothing but start the real one, hand on what
 * it is told, and end with it, or before it when it lets go. See `process/parent.ts` for the other side.
 */
function attend(): void {
	const child = spawn(process.execPath, [...process.execArgv, ...process.argv.slice(1)], {
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
	child.on('exit', (code, signal) => {
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
