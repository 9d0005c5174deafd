import {mkdtempSync, rmSync, statfsSync} from 'node:fs';
import {cpus, tmpdir, totalmem} from 'node:os';
import {join} from 'node:path';
import {parseArgs} from 'node:util';
import {bareLoop, mozart} from './contestants.js';
import {type Comparison, difference, growth, median, type Round, ratio} from './figures.js';
import {type Measured, measure} from './measure.js';

const {values: flags} = parseArgs({
	options: {
		check: {type: 'boolean', default: false},
		rounds: {type: 'string', default: '5'},
		batches: {type: 'string', default: '500'},
		'many-batches': {type: 'string', default: '5000'},
		folder: {type: 'string', default: tmpdir()},
	},
});
const [rounds, few, many] = [Number(flags.rounds), Number(flags.batches), Number(flags['many-batches'])];

const execaLoop = bareLoop('bare execa loop', 'bare-execa.mjs', few);
const spawnLoop = bareLoop('bare spawn loop', 'bare-spawn.mjs', few);
const job = mozart('mozart', few, {rule: false});
const ruledJob = mozart('mozart, one rule', few, {rule: true});
const oneBatch = mozart('mozart, 1 batch', 1, {rule: false});
const longJob = mozart(`mozart, ${many} batches`, many, {rule: false});
const contestants = [execaLoop, spawnLoop, job, ruledJob, oneBatch, longJob];

const say = (line: string) => void process.stdout.write(`${line}\n`);
const note = (line: string) => void process.stderr.write(`${line}\n`);

async function measureAll(root: string): Promise<Round[]> {
	for (const contestant of contestants.filter(({batches}) => batches <= few)) await measure(contestant, root);
	note('warm-up done');
	const done: Round[] = [];
	while (done.length < rounds) {
		// Each round begins with another one, so that no one always runs after the same neighbour.
		const first = done.length % contestants.length;
		const round = new Map<string, Measured>();
		for (const contestant of [...contestants.slice(first), ...contestants.slice(0, first)]) {
			round.set(contestant.name, await measure(contestant, root));
		}
		done.push(round);
		note(`round ${done.length} of ${rounds} done`);
	}
	return done;
}

const comparisons = (done: readonly Round[]): Comparison[] => [
	{what: 'wall, mozart / bare execa', unit: '×', values: ratio(done, job.name, execaLoop.name, 'wallMs'), limit: 1.5},
	{what: 'CPU, mozart / bare execa', unit: '×', values: ratio(done, job.name, execaLoop.name, 'cpuMs'), limit: 1.5},
	{
		what: 'memory, mozart − bare execa',
		unit: ' MB',
		values: difference(done, job.name, execaLoop.name, 'memoryMb'),
		limit: 40,
	},
	{
		what: `wall a batch, ${many} / ${few}`,
		unit: '×',
		values: growth(done, longJob, job, oneBatch.name, 'wallMs'),
		limit: 1.1,
	},
	{
		what: `CPU a batch, ${many} / ${few}`,
		unit: '×',
		values: growth(done, longJob, job, oneBatch.name, 'cpuMs'),
		limit: 1.1,
	},
	{what: 'wall, with a rule / bare execa', unit: '×', values: ratio(done, ruledJob.name, execaLoop.name, 'wallMs')},
	{what: 'CPU, with a rule / bare execa', unit: '×', values: ratio(done, ruledJob.name, execaLoop.name, 'cpuMs')},
	{what: 'wall, mozart / bare spawn', unit: '×', values: ratio(done, job.name, spawnLoop.name, 'wallMs')},
	{what: 'CPU, mozart / bare spawn', unit: '×', values: ratio(done, job.name, spawnLoop.name, 'cpuMs')},
	{
		what: `memory, mozart ${many} − bare execa`,
		unit: ' MB',
		values: difference(done, longJob.name, execaLoop.name, 'memoryMb'),
	},
];

const tmpfs = 0x01021994;

function sayMachine(root: string): void {
	const {length, 0: first} = cpus();
	const memory = Math.round(totalmem() / 2 ** 30);
	const disk = statfsSync(root).type === tmpfs ? ', STATE IN MEMORY: syncing costs nothing there, give --folder' : '';
	say(
		`${length} cores (${first?.model.trim()}), ${memory} GB, ${process.platform}, Node ${process.versions.node}${disk}`,
	);
}

function sayFigures(done: readonly Round[]): void {
	say('\n| | ms a batch, wall | CPU of Node | CPU of the children | peak MB |\n|---|---|---|---|---|');
	for (const {name, batches} of contestants) {
		const middle = (key: keyof Measured) => median(done.map(round => round.get(name)![key] ?? Number.NaN));
		const each = (key: keyof Measured) => (middle(key) / batches).toFixed(2);
		const cells = [name, each('wallMs'), each('cpuMs'), each('childrenCpuMs'), middle('memoryMb').toFixed(0)];
		say(`| ${cells.join(' | ')} |`);
	}
}

/** Tells whether every limit holds. */
function sayComparisons(done: readonly Round[]): boolean {
	let good = true;
	say('\n| | median | rounds | limit |\n|---|---|---|---|');
	for (const {what, unit, values, limit} of comparisons(done)) {
		const digits = unit === '×' ? 2 : 0;
		const broken = limit !== undefined && !(median(values) <= limit);
		if (broken) good = false;
		const allowed = limit === undefined ? '' : `${limit}${unit}${broken ? ' BROKEN' : ''}`;
		const each = values.map(value => value.toFixed(digits)).join(' ');
		say(`| ${what} | ${median(values).toFixed(digits)}${unit} | ${each} | ${allowed} |`);
	}
	return good;
}

const root = mkdtempSync(join(flags.folder, 'mozart-bench-'));
try {
	const done = await measureAll(root);
	sayMachine(root);
	sayFigures(done);
	const good = sayComparisons(done);
	say(good ? '\nEvery limit holds.' : '\nA limit is broken.');
	if (flags.check && !good) process.exitCode = 1;
} finally {
	rmSync(root, {recursive: true});
}
