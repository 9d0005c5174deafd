import {spawn} from 'node:child_process';
import {once} from 'node:events';
import {mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync} from 'node:fs';
import {cpus, tmpdir} from 'node:os';
import {join, resolve} from 'node:path';
import {parseArgs} from 'node:util';
import {median} from './figures.js';

// What short commands cost against `node -e 0`: process by process, each right after one of the base.
const {values: flags} = parseArgs({
	options: {check: {type: 'boolean', default: false}, rounds: {type: 'string', default: '21'}},
});
const rounds = Number(flags.rounds);
const project = resolve(import.meta.dirname, '..');
const launcher = join(project, 'dist/launch.cjs');
const say = (line: string) => void process.stdout.write(`${line}\n`);

type Command = {words: string[]; limit: number};
type Cost = {wallMs: number; cpuMs: number};

const commands: Command[] = [
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
	// The compile cache lies in TMPDIR, too: filled by the warm-up, gone with `root`.
	const env = {PATH: '/usr/bin:/bin', HOME: root, XDG_STATE_HOME: root, TMPDIR: root, BENCH_REPORT: report};
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

const base = (root: string) => cost(['-e', '0'], root);
const mozart = ({words}: Pick<Command, 'words'>, root: string) => cost([launcher, ...words], root);

const root = mkdtempSync(join(tmpdir(), 'mozart-startup-'));
try {
	mkdirSync(join(root, 'job'));
	writeFileSync(join(root, 'job', 'thousand.yaml'), bigJob);
	await mozart({words: ['run', '--no-tui', join('job', 'thousand.yaml')]}, root);
	for (const command of commands) await mozart(command, root);

	const [first] = cpus();
	say(`${cpus().length} cores (${first?.model.trim()}), ${process.platform}, Node ${process.versions.node}`);
	const pairs = new Map<Command, {mine: Cost; theirs: Cost}[]>(commands.map(command => [command, []]));
	for (let round = 0; round < rounds; round++) {
		for (const command of commands) {
			const theirs = await base(root);
			pairs.get(command)?.push({mine: await mozart(command, root), theirs});
		}
	}

	let good = true;
	say('\n| | wall | CPU | ms, wall | ms, CPU | limit |\n|---|---|---|---|---|---|');
	for (const [{words, limit}, costs] of pairs) {
		const ratio = (key: keyof Cost) => median(costs.map(({mine, theirs}) => mine[key] / theirs[key]));
		const middle = (key: keyof Cost) => median(costs.map(({mine}) => mine[key])).toFixed(0);
		const [wall, cpu] = [ratio('wallMs'), ratio('cpuMs')];
		// A figure that is no number breaks its limit, too.
		const holds = wall <= limit && cpu <= limit;
		if (!holds) good = false;
		const name = `mozart ${words[0]}`;
		const cells = [name, `${wall.toFixed(2)}×`, `${cpu.toFixed(2)}×`, middle('wallMs'), middle('cpuMs')];
		say(`| ${[...cells, `${limit}×${holds ? '' : ' BROKEN'}`].join(' | ')} |`);
	}
	const bases = [...pairs.values()].flat().map(({theirs}) => theirs);
	const middle = (key: keyof Cost) => median(bases.map(cost => cost[key])).toFixed(0);
	say(`| node -e 0 | 1× | 1× | ${middle('wallMs')} | ${middle('cpuMs')} | |`);
	say(`\nMedians of ${rounds} rounds, each a process right after one of the base.`);
	say(good ? 'Every limit holds.\n' : 'A limit is broken.\n');
	if (flags.check && !good) process.exitCode = 1;
} finally {
	rmSync(root, {recursive: true, force: true});
}
