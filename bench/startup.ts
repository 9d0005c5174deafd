import {spawn} from 'node:child_process';
import {once} from 'node:events';
import {mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync} from 'node:fs';
import {cpus, loadavg, tmpdir} from 'node:os';
import {join, resolve} from 'node:path';
import {parseArgs} from 'node:util';
import {median} from './figures.js';
import {bareInk, type Cost, firstFrame, mozartRun} from './first-frame.js';

// What a start costs: short commands against `node -e 0`, the first frame of a screen against the least app that Ink can
// draw. Process by process, each right beside one of the base.
const {values: flags} = parseArgs({
	options: {check: {type: 'boolean', default: false}, rounds: {type: 'string', default: '21'}},
});
const rounds = Number(flags.rounds);
const project = resolve(import.meta.dirname, '..');
const launcher = join(project, 'dist/launch.cjs');
const say = (line: string) => void process.stdout.write(`${line}\n`);
/** The program keeps its code after 5 s at the latest. */
const warmUpMs = 6000;

type Pair = {mine: Cost; theirs: Cost};
/** `limit` is for the median of the ratios of wall time. */
type Figure = {name: string; base: string; limit: number; measure(): Promise<Pair>};

const commands: {words: string[]; limit: number}[] = [
	{words: ['--version'], limit: 1.5},
	{words: ['--help'], limit: 3},
	{words: ['validate', join(project, 'examples/hello.yaml')], limit: 3},
	{words: ['status'], limit: 3},
];

const bigJob = `name: thousand
backend:
  type: command
  command: ['true']
batch: {size: 1, total_items: 1000}
prompt: {template: 'Batch {{ batch_num }} of {{ total_batches }}: nothing to do.'}
validations:
  - type: command_succeeds
    command: ['true']
parallel: {max_concurrent: 4}
pause_between_batches_seconds: 0
`;

/** Runs Node and tells what the process has cost: wall time from outside, CPU time with all threads from inside. */
async function cost(args: readonly string[], root: string): Promise<Cost> {
	const report = join(root, 'cpu');
	// The kept code lies in XDG_CACHE_HOME: filled by the warm-up, gone with `root`.
	const env = {
		...{PATH: '/usr/bin:/bin', HOME: root, XDG_STATE_HOME: root, XDG_CACHE_HOME: root, TMPDIR: root},
		BENCH_REPORT: report,
	};
	const started = performance.now();
	const child = spawn(process.execPath, ['--require', join(import.meta.dirname, 'usage.cjs'), ...args], {
		cwd: root,
		env,
		stdio: ['ignore', 'ignore', 'inherit'],
	});
	const [code] = await once(child, 'exit');
	const wallMs = performance.now() - started;
	if (code !== 0) throw new Error(`node ${args.join(' ')} ended with exit code ${code}`);
	return {wallMs, cpuMs: Number(readFileSync(report, 'utf8'))};
}

/** Gets everything ready, caches filled. */
async function figures(root: string): Promise<Figure[]> {
	mkdirSync(join(root, 'job'));
	writeFileSync(join(root, 'job', 'thousand.yaml'), bigJob);
	const mozart = (words: readonly string[]) => cost([launcher, ...words], root);
	await mozart(['run', '--no-tui', join('job', 'thousand.yaml')]);
	for (const {words} of commands) await mozart(words);
	const bare = await bareInk(root);
	for (const contestant of [bare, mozartRun]) await firstFrame(contestant, root, warmUpMs);
	let round = 0;
	return [
		...commands.map(({words, limit}) => ({
			...{name: `mozart ${words[0]}`, base: 'node -e 0', limit},
			async measure() {
				const theirs = await cost(['-e', '0'], root);
				return {mine: await mozart(words), theirs};
			},
		})),
		{
			...{name: 'first frame, 120×40', base: bare.name, limit: 1.5},
			async measure() {
				if (round++ % 2 === 0) return {mine: await firstFrame(mozartRun, root), theirs: await firstFrame(bare, root)};
				const theirs = await firstFrame(bare, root);
				return {mine: await firstFrame(mozartRun, root), theirs};
			},
		},
	];
}

const root = mkdtempSync(join(tmpdir(), 'mozart-startup-'));
try {
	const [first] = cpus();
	const load = loadavg()[0] ?? 0;
	say(`${cpus().length} cores (${first?.model.trim()}), ${process.platform}, Node ${process.versions.node}`);
	if (load > cpus().length / 4)
		say(`The machine had other work to do: a load of ${load.toFixed(1)} at the start. Ratios come out too high.`);
	const taken = new Map<Figure, Pair[]>((await figures(root)).map(figure => [figure, []]));
	for (let n = 0; n < rounds; n++) for (const [figure, pairs] of taken) pairs.push(await figure.measure());

	let good = true;
	const middle = (pairs: readonly Pair[], of: (pair: Pair) => number) => median(pairs.map(of));
	const ms = (pairs: readonly Pair[], whose: keyof Pair, key: keyof Cost) =>
		middle(pairs, pair => pair[whose][key]).toFixed(0);
	const row = (...cells: string[]) => say(`| ${cells.join(' | ')} |`);
	say('');
	row('', 'wall', 'limit', 'CPU', 'ms: wall', 'CPU', 'the base', 'its ms: wall', 'CPU');
	row(...Array(9).fill('---'));
	for (const [{name, base, limit}, pairs] of taken) {
		const wall = middle(pairs, ({mine, theirs}) => mine.wallMs / theirs.wallMs);
		const cpu = middle(pairs, ({mine, theirs}) => mine.cpuMs / theirs.cpuMs);
		// A figure that is no number breaks its limit, too.
		const holds = wall <= limit;
		if (!holds) good = false;
		const ratios = [`${wall.toFixed(2)}×`, `${limit}×${holds ? '' : ' BROKEN'}`, `${cpu.toFixed(2)}×`];
		const own = [ms(pairs, 'mine', 'wallMs'), ms(pairs, 'mine', 'cpuMs')];
		row(name, ...ratios, ...own, base, ms(pairs, 'theirs', 'wallMs'), ms(pairs, 'theirs', 'cpuMs'));
	}
	say(`\nMedians of ${rounds} rounds, each a process right beside one of the base.`);
	say(good ? 'Every limit holds.\n' : 'A limit is broken.\n');
	if (flags.check && !good) process.exitCode = 1;
} finally {
	rmSync(root, {recursive: true, force: true});
}
