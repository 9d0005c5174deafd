import {mkdirSync, mkdtempSync, readdirSync, readFileSync, writeFileSync} from 'node:fs';
import {join, resolve} from 'node:path';
import {spawn} from '@lydell/node-pty';
import {build} from 'esbuild';

/** What one start has cost: wall time from outside, CPU time of the whole process tree. */
export type Cost = {wallMs: number; cpuMs: number};

/** A program that fills a terminal of 120×40. */
export type Contestant = {
	name: string;
	/** Gets the folder ready; returns the arguments of Node. */
	args(folder: string): string[];
	/** All of them are on the screen when the first frame is whole: what stands in its first row, and in its last. */
	shows: readonly string[];
};

const project = resolve(import.meta.dirname, '..');
const lastWords = '? help';
const jobName = 'first-frame';

const jobFile = `name: ${jobName}
backend:
  type: command
  command: [sleep, '60']
batch: {size: 10, total_items: 560}
prompt: {template: 'Batch {{ batch_num }} of {{ total_batches }}.'}
`;

/** A job that was never run before, on its screen. */
export const mozartRun: Contestant = {
	name: 'mozart run',
	args(folder) {
		const job = join(folder, 'job.yaml');
		writeFileSync(job, jobFile);
		return [join(project, 'dist/launch.cjs'), 'run', job];
	},
	shows: [jobName, lastWords],
};

/**
 * The least app that Ink can draw, as such an app is usually shipped: one ES module that esbuild has bundled, started by a
 * launcher that turns Node's compile cache on.
 */
export async function bareInk(root: string): Promise<Contestant> {
	const folder = join(root, 'bare');
	await build({
		entryPoints: [join(import.meta.dirname, 'bare-ink.tsx')],
		outdir: folder,
		bundle: true,
		splitting: true,
		format: 'esm',
		outExtension: {'.js': '.mjs'},
		platform: 'node',
		target: 'node22',
		jsx: 'automatic',
		minifySyntax: true,
		minifyWhitespace: true,
		define: {'process.env.NODE_ENV': '"production"'},
		banner: {js: "import{createRequire as __cr}from'node:module';const require=__cr(import.meta.url);"},
		external: ['react-devtools-core'],
		logLevel: 'warning',
	});
	const launcher = join(folder, 'launch.mjs');
	writeFileSync(
		launcher,
		"import module from 'node:module';\nmodule.enableCompileCache();\nimport('./bare-ink.mjs');\n",
	);
	return {name: 'bare Ink app', args: () => [launcher], shows: ['bare', lastWords]};
}

/** CPU time of a process so far, with all its threads and the processes it has started, ms; not a number where the system does not tell. */
function cpuTime(pid: number): number {
	try {
		const threads = readdirSync(`/proc/${pid}/task`).map(id => `/proc/${pid}/task/${id}`);
		const own = threads.map(thread => Number(readFileSync(`${thread}/schedstat`, 'utf8').split(' ')[0]) / 1e6);
		const children = threads.flatMap(thread => readFileSync(`${thread}/children`, 'utf8').split(' ').filter(Boolean));
		return [...own, ...children.map(child => cpuTime(Number(child)))].reduce((sum, ms) => sum + ms, 0);
	} catch {
		return Number.NaN;
	}
}

/**
 * What it takes from the start of the process until the first frame is whole on a terminal. The home is new each time; the
 * caches lie in `root`, filled by the start that is to warm up, which goes on for `thenMs`.
 */
export async function firstFrame({name, args, shows}: Contestant, root: string, thenMs = 0): Promise<Cost> {
	const folder = mkdtempSync(join(root, 'run-'));
	const home = join(folder, 'home');
	mkdirSync(home);
	const env = {
		...{PATH: '/usr/bin:/bin', HOME: home, XDG_STATE_HOME: home, XDG_RUNTIME_DIR: home},
		...{XDG_CACHE_HOME: root, TMPDIR: root, LANG: 'C.UTF-8'},
	};
	const words = args(folder);
	const started = performance.now();
	const terminal = spawn(process.execPath, words, {name: 'xterm-256color', cols: 120, rows: 40, cwd: folder, env});
	let said = '';
	let cost: Cost | undefined;
	terminal.onData(text => {
		said += text;
		if (cost || !shows.every(words => said.includes(words))) return;
		cost = {wallMs: performance.now() - started, cpuMs: cpuTime(terminal.pid)};
		setTimeout(() => terminal.kill('SIGTERM'), thenMs);
	});
	await new Promise(end => terminal.onExit(end));
	if (!cost) throw new Error(`${name} has shown no frame: ${said.slice(-2000)}`);
	return cost;
}
