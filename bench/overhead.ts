import {mkdirSync, mkdtempSync, rmSync} from 'node:fs';
import {join} from 'node:path';
import {parseArgs} from 'node:util';
import {bareLoop, mozart} from './contestants.js';
import {calmDisk} from './disk.js';
import {type Comparison, difference, growth, type Round, ratio} from './figures.js';
import {type Measured, measure} from './measure.js';
import {comparisonLines, figureLines, holds, loadNow, machineLines} from './report.js';

const {values: flags} = parseArgs({
	options: {
		check: {type: 'boolean', default: false},
		rounds: {type: 'string', default: '5'},
		batches: {type: 'string', default: '500'},
		'many-batches': {type: 'string', default: '5000'},
		folder: {type: 'string', default: join(import.meta.dirname, '../node_modules/.cache')},
	},
});
const [rounds, few, many] = [Number(flags.rounds), Number(flags.batches), Number(flags['many-batches'])];

const execa = bareLoop('bare execa loop', 'bare-execa.mjs', few);
const spawn = bareLoop('bare spawn loop', 'bare-spawn.mjs', few);
const job = mozart('mozart', few, {rule: false});
const ruled = mozart('mozart, one rule', few, {rule: true});
const single = mozart('mozart, 1 batch', 1, {rule: false});
const long = mozart(`mozart, ${many}`, many, {rule: false});
const longExeca = bareLoop(`bare execa loop, ${many}`, 'bare-execa.mjs', many);
const contestants = [execa, spawn, job, ruled, single, long, longExeca];

const say = (lines: readonly string[]) => void process.stdout.write(`${lines.join('\n')}\n\n`);
const note = (line: string) => void process.stderr.write(`${line}\n`);

async function measureAll(root: string): Promise<Round[]> {
	for (const contestant of contestants) if (contestant.batches < many) await measure(contestant, root);
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

const compare = (done: readonly Round[]): Comparison[] => [
	{what: 'wall, mozart / bare execa', unit: '×', values: ratio(done, job, execa, 'wallMs'), limit: 1.5},
	{what: 'CPU, mozart / bare execa', unit: '×', values: ratio(done, job, execa, 'cpuMs'), limit: 1.5},
	{what: `wall a batch, ${many} / ${few}`, unit: '×', values: growth(done, long, job, single, 'wallMs'), limit: 1.1},
	{what: `CPU a batch, ${many} / ${few}`, unit: '×', values: growth(done, long, job, single, 'cpuMs'), limit: 1.1},
	{what: 'peak, mozart − bare execa', unit: ' MB', values: difference(done, job, execa, 'memoryMb'), limit: 40},
	{what: `peak, the same with ${many}`, unit: ' MB', values: difference(done, long, longExeca, 'memoryMb')},
	{what: 'wall, with a rule / bare execa', unit: '×', values: ratio(done, ruled, execa, 'wallMs')},
	{what: 'CPU, with a rule / bare execa', unit: '×', values: ratio(done, ruled, execa, 'cpuMs')},
	{what: 'wall, mozart / bare spawn', unit: '×', values: ratio(done, job, spawn, 'wallMs')},
	{what: 'CPU, mozart / bare spawn', unit: '×', values: ratio(done, job, spawn, 'cpuMs')},
];

mkdirSync(flags.folder, {recursive: true});
const root = mkdtempSync(join(flags.folder, 'mozart-bench-'));
try {
	const load = loadNow();
	const disk = await calmDisk(root, () =>
		note('many files were deleted here just now: waiting until the disk is calm again'),
	);
	const done = await measureAll(root);
	const comparisons = compare(done);
	say(machineLines(disk, load));
	say(figureLines(contestants, done));
	say(comparisonLines(comparisons));
	const good = comparisons.every(holds);
	say([good ? 'Every limit holds.' : 'A limit is broken.']);
	if (flags.check && !good) process.exitCode = 1;
} finally {
	rmSync(root, {recursive: true});
}
