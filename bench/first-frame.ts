import {mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync} from 'node:fs';
import {cpus, tmpdir} from 'node:os';
import {join, resolve} from 'node:path';
import {parseArgs} from 'node:util';
import {spawn} from '@lydell/node-pty';
import {build} from 'esbuild';
import {median} from './figures.js';

/**
 * From the start of the process to the first full frame on a 120×40 terminal, against the least app that Ink can draw,
 * bundled in the same way and started with the same compile cache. Rounds are interleaved.
 */
const limit = 1.5;

const {values: flags} = parseArgs({
	options: {check: {type: 'boolean', default: false}, rounds: {type: 'string', default: '15'}},
});
const rounds = Number(flags.rounds);
const project = resolve(import.meta.dirname, '..');
/** What both write last in a frame. */
const lastWords = '? help';
const say = (line: string) => void process.stdout.write(`${line}\n`);

type Contestant = {name: string; args(folder: string): string[]};

const jobFile = `name: first-frame
backend:
  type: command
  command: [sleep, '60']
batch: {size: 10, total_items: 560}
prompt: {template: 'Batch {{ batch_num }} of {{ total_batches }}.'}
`;

const mozart: Contestant = {
	name: 'mozart run',
	args(folder) {
		const job = join(folder, 'job.yaml');
		writeFileSync(job, jobFile);
		return [join(project, 'dist/launch.cjs'), 'run', job];
	},
};

/** Bundles the bare app, with a launcher that turns the compile cache on before it is loaded, as ours does. */
async function bareInk(root: string): Promise<Contestant> {
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
	return {name: 'bare Ink app', args: () => [launcher]};
}

type Cost = {wallMs: number; cpuMs: number};

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

/** What it took until the last row of the first frame has arrived. */
async function firstFrame({name, args}: Contestant, root: string): Promise<Cost> {
	const folder = mkdtempSync(join(root, 'run-'));
	const home = join(folder, 'home');
	mkdirSync(home);
	const env = {PATH: '/usr/bin:/bin', HOME: home, XDG_STATE_HOME: home, XDG_RUNTIME_DIR: home, TMPDIR: root};
	const words = args(folder);
	const started = performance.now();
	const terminal = spawn(process.execPath, words, {name: 'xterm-256color', cols: 120, rows: 40, cwd: folder, env});
	let said = '';
	let cost: Cost | undefined;
	terminal.onData(text => {
		said += text;
		if (cost || !said.includes(lastWords)) return;
		cost = {wallMs: performance.now() - started, cpuMs: cpuTime(terminal.pid)};
		terminal.kill('SIGTERM');
	});
	await new Promise(end => terminal.onExit(end));
	if (!cost) throw new Error(`${name} has shown no frame: ${said.slice(-2000)}`);
	return cost;
}

const root = mkdtempSync(join(tmpdir(), 'mozart-first-frame-'));
try {
	const bare = await bareInk(root);
	const contestants = [mozart, bare];
	for (const contestant of contestants) await firstFrame(contestant, root);
	const taken = new Map<string, Cost[]>(contestants.map(({name}) => [name, []]));
	for (let round = 0; round < rounds; round++) {
		for (const contestant of round % 2 === 0 ? contestants : contestants.toReversed())
			taken.get(contestant.name)!.push(await firstFrame(contestant, root));
	}
	const [mine, theirs] = [taken.get(mozart.name)!, taken.get(bare.name)!];
	const ratio = (key: keyof Cost) => median(mine.map((cost, round) => cost[key] / theirs[round]![key]));
	const middle = (costs: readonly Cost[], key: keyof Cost) => median(costs.map(cost => cost[key])).toFixed(0);
	const [first] = cpus();
	say(`${cpus().length} cores (${first?.model.trim()}), ${process.platform}, Node ${process.versions.node}`);
	say('\n| first frame, 120×40 | wall ms | CPU ms | wall, each round |\n| --- | --- | --- | --- |');
	for (const [name, costs] of taken) {
		const each = costs.map(({wallMs}) => wallMs.toFixed(0)).join(' ');
		say(`| ${name} | ${middle(costs, 'wallMs')} | ${middle(costs, 'cpuMs')} | ${each} |`);
	}
	const holds = ratio('wallMs') <= limit;
	say(
		`| ratio, limit ${limit} | ${ratio('wallMs').toFixed(2)}${holds ? '' : ' BROKEN'} | ${ratio('cpuMs').toFixed(2)} | |`,
	);
	if (flags.check && !holds) process.exitCode = 1;
} finally {
	rmSync(root, {recursive: true, force: true});
}
