// Runs on any Node, so that an old one gets a sentence and no stack trace: nothing newer may stand here.
import {join} from 'node:path';
import packageJson from '../../package.json' with {type: 'json'};

/** As package.json says it: `>=22.13`. */
const needed = packageJson.engines.node.slice(2).split('.').map(Number);
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
	// Scripts ask this often: no need to load a program for it.
	process.stdout.on('error', () => {});
	process.stdout.write(`${packageJson.version}\n`);
} else {
	void start();
}

// What an ordinary start does not need is loaded when it is: each of Node's modules takes a millisecond or two.
async function start(): Promise<void> {
	const hasParent = process.env.MOZART_PARENT === String(process.ppid);
	let isScreen = false;
	if ([...mayOpenScreen, 'attach'].includes(flag) && !more.some(word => opensNone.includes(word))) {
		const {isatty} = process.getBuiltinModule('node:tty');
		isScreen = isatty(0) && isatty(1);
	}
	if (isScreen && mayOpenScreen.includes(flag) && !hasParent) {
		const {attend} = await import('./attend.js');
		attend();
		return;
	}
	const {runProgram} = await import('./kept-code.js');
	// The build puts both files into one folder. A screen needs other code than plain lines do.
	runProgram(join(__dirname, 'mozart.cjs'), isScreen ? `${flag || 'jobs'}-screen` : flag);
}
