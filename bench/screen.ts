import {mkdtempSync, readdirSync, readFileSync, rmSync} from 'node:fs';
import {cpus, tmpdir} from 'node:os';
import {join} from 'node:path';
import {parseArgs} from 'node:util';
import {median} from './figures.js';
import {loadNow} from './report.js';
import {type Stretch, Watched} from './watched.js';

// What the screen costs while it is open, on a pseudo-terminal of 120×40: CPU time, bytes, and the time until a key is answered.
const {values: flags} = parseArgs({
	options: {
		check: {type: 'boolean', default: false},
		seconds: {type: 'string', default: '20'},
		only: {type: 'string', default: 'abcd'},
	},
});
const seconds = Number(flags.seconds);
const say = (line: string) => void process.stdout.write(`${line}\n`);

/** What both clocks of the first second and the compiler cost is no concern here. */
const settleMs = 3000;
const pause = (ms: number) => new Promise(resolve => setTimeout(resolve, ms));

type Figure = {what: string; value: number; unit: string; limit?: number};

const writer = join(import.meta.dirname, 'writer.mjs');
/** A batch that has printed more than its pane can show, and then is silent. */
const told =
	'i=0; while [ $i -lt 40 ]; do i=$((i+1)); echo "line $i of what this batch has said so far, in some sixty signs"; done';
const silent = ['sh', '-c', `${told}; exec sleep 600`];
/** The first so many batches print so many lines a second each, the others nothing. */
const printing = (batches: number, pace: number) => [
	'sh',
	'-c',
	`if [ "$1" -le ${batches} ]; then exec '${process.execPath}' '${writer}' ${pace} 600; else ${told}; exec sleep 600; fi`,
	'sh',
	'{batch_num}',
];

const jobOf = (command: readonly string[], {batches = 56, live = 8} = {}) => ({
	name: 'screen',
	backend: {type: 'command', command},
	batch: {size: 1, total_items: batches},
	prompt: {template: 'Batch {{ batch_num }} of {{ total_batches }}.'},
	parallel: {max_concurrent: live},
});

const load = ({cpuMs, wallMs}: Stretch) => (cpuMs / wallMs) * 100;
const bytesASecond = ({bytes, wallMs}: Stretch) => bytes / wallMs;

async function opened<T>(root: string, job: object, story: (screen: Watched) => Promise<T>): Promise<T> {
	const screen = new Watched(root, job);
	try {
		await screen.writes('? help');
		await pause(settleMs);
		return await story(screen);
	} finally {
		await screen.close();
	}
}

async function quiet(root: string): Promise<Figure[]> {
	const stretch = await opened(root, jobOf(silent), screen => screen.stretch(seconds * 1000));
	return [
		{what: 'a: 8 silent batches, CPU', value: load(stretch), unit: '% of a core', limit: 2},
		{what: 'a: written', value: bytesASecond(stretch), unit: ' KB/s', limit: 1.2},
		{what: 'a: writes', value: (stretch.writes / stretch.wallMs) * 1000, unit: ' a second'},
	];
}

async function oneLine(root: string): Promise<Figure[]> {
	const stretch = await opened(root, jobOf(printing(1, 1)), screen => screen.stretch(seconds * 1000));
	return [
		{what: 'b: one line a second, CPU', value: load(stretch), unit: '% of a core', limit: 4},
		{what: 'b: written', value: bytesASecond(stretch), unit: ' KB/s', limit: 2},
	];
}

/** Four children print 10,000 lines a second in all; the same job without a screen is what the pipes and log files cost. */
async function flood(root: string): Promise<Figure[]> {
	const job = jobOf(['true'], {batches: 4, live: 4});
	const lines = 2500 * seconds;
	const command = [process.execPath, writer, '2500', String(seconds)];
	const flooded = {...job, backend: {type: 'command', command}, pause_between_batches_seconds: 0};
	const half = (seconds * 1000) / 2;

	const plain = new Watched(root, flooded, ['--no-tui']);
	await plain.writes('attempt 1');
	await pause(settleMs);
	const without = await plain.stretch(half);
	await plain.ended;

	const screen = new Watched(root, flooded);
	await screen.writes('? help');
	await pause(settleMs);
	const withScreen = await screen.stretch(half);
	const answers: number[] = [];
	for (let round = 0; round < 5; round++) {
		for (const words of ['esc back', 'p pause']) {
			const answered = screen.writes(words);
			screen.press('?');
			answers.push(await answered);
			await pause(37);
		}
	}
	await screen.writes('the run is over');
	screen.press('q');
	await screen.ended;
	const missing = [plain, screen].map(({folder}) => missingLines(folder, lines));
	return [
		{what: 'c: 10,000 lines a second, CPU without a screen', value: load(without), unit: '% of a core'},
		{what: 'c: on top with the screen', value: load(withScreen) - load(without), unit: '% of a core', limit: 30},
		{what: 'c: written', value: bytesASecond(withScreen), unit: ' KB/s'},
		{what: 'c: a key is answered after, median', value: median(answers), unit: ' ms'},
		{what: 'c: at most', value: Math.max(...answers), unit: ' ms', limit: 100},
		{what: 'c: lines that are missing from the log files', value: missing[0]! + missing[1]!, unit: '', limit: 0},
	];
}

/** Lines that were printed and are not in the log files, at their place. */
function missingLines(folder: string, lines: number): number {
	const state = join(folder, 'workspace/.mozart');
	const attempts =
		readdirSync(state, {recursive: true, encoding: 'utf8'}).find(name => name.endsWith('attempts')) ?? '';
	return [1, 2, 3, 4]
		.map(batch => readFileSync(join(state, attempts, `${batch}-1.stdout.log`), 'utf8').split('\n'))
		.map(found => Array.from({length: lines}, (_, at) => found[at]?.startsWith(`${at + 1} `)).filter(is => !is).length)
		.reduce((sum, missing) => sum + missing);
}

async function long(root: string): Promise<Figure[]> {
	const presses = 200;
	const paceMs = 50;
	return opened(root, jobOf(silent, {batches: 10_000}), async screen => {
		const idle = await screen.stretch(presses * paceMs);
		const scrolling = await screen.during(async () => {
			for (let press = 0; press < presses; press++) {
				screen.press('j');
				await pause(paceMs);
			}
		});
		const answers: number[] = [];
		const jumps = [
			['G', ' 10000 '],
			['g', '    8  #1'],
		] as const;
		for (const [keys, words] of [...jumps, ...jumps]) {
			const answered = screen.writes(words);
			screen.press(keys);
			answers.push(await answered);
			await pause(paceMs);
		}
		const each = (scrolling.cpuMs - (idle.cpuMs / idle.wallMs) * scrolling.wallMs) / presses;
		return [
			{what: 'd: 10,000 batches, CPU a key press', value: each, unit: ' ms', limit: 20},
			{what: 'd: the same, idle, CPU', value: load(idle), unit: '% of a core'},
			{what: 'd: written a key press', value: scrolling.bytes / presses, unit: ' bytes'},
			{what: 'd: first to last and back, at most', value: Math.max(...answers), unit: ' ms', limit: 100},
		];
	});
}

const root = mkdtempSync(join(tmpdir(), 'mozart-screen-'));
try {
	const [first] = cpus();
	say(`${cpus().length} cores (${first?.model.trim()}), ${process.platform}, Node ${process.versions.node}`);
	const busy = loadNow();
	if (busy > cpus().length / 2) say(`The machine had other work to do: a load of ${busy.toFixed(1)} at the start.`);
	say('\n| on 120×40 | | at most |\n| --- | --- | --- |');
	let good = true;
	for (const [name, scenario] of Object.entries({a: quiet, b: oneLine, c: flood, d: long})) {
		if (!flags.only.includes(name)) continue;
		for (const {what, value, unit, limit} of await scenario(root)) {
			// A figure that is no number breaks its limit, too.
			const holds = limit === undefined || value <= limit;
			if (!holds) good = false;
			const shown = value.toFixed(value < 10 && unit !== '' ? 2 : 0);
			say(`| ${what} | ${shown}${unit} | ${limit === undefined ? '' : `${limit}${unit}${holds ? '' : ' BROKEN'}`} |`);
		}
	}
	say(good ? '\nEvery limit holds.' : '\nA limit is broken.');
	if (flags.check && !good) process.exitCode = 1;
} finally {
	rmSync(root, {recursive: true, force: true});
}
