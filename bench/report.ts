import {readFileSync} from 'node:fs';
import {cpus, loadavg, totalmem} from 'node:os';
import {join} from 'node:path';
import type {Sized} from './contestants.js';
import {type Disk, slowCreationMs} from './disk.js';
import {type Comparison, median, type Round} from './figures.js';
import type {Measured} from './measure.js';

const execaPackage = join(import.meta.dirname, '../node_modules/execa/package.json');

/** To be read before anything is measured: later the load is our own. */
export const loadNow = (): number => loadavg()[0] ?? 0;

export function machineLines({createMs, syncMs, inMemory}: Disk, load: number): string[] {
	const {length, 0: first} = cpus();
	const memory = `${Math.round(totalmem() / 2 ** 30)} GB`;
	const {version} = JSON.parse(readFileSync(execaPackage, 'utf8'));
	const lines = [
		`${length} cores (${first?.model.trim()}), ${memory}, ${process.platform}, Node ${process.versions.node}, execa ${version}`,
		`Disk: ${createMs.toFixed(3)} ms to create a file, ${syncMs.toFixed(3)} ms to append a line and sync it`,
	];
	if (load > length / 2)
		lines.push(
			`The machine had other work to do: a load of ${load.toFixed(1)} at the start. Ratios come out too high.`,
		);
	if (inMemory)
		lines.push('The files lie in memory, where syncing costs nothing: name a folder on a disk with --folder.');
	if (createMs > slowCreationMs) lines.push('Creating files is slow here: name another place with --folder.');
	return lines;
}

const table = (head: readonly string[], rows: readonly (readonly string[])[]): string[] =>
	[head, head.map(() => '---'), ...rows].map(cells => `| ${cells.join(' | ')} |`);

export function figureLines(contestants: readonly Sized[], rounds: readonly Round[]): string[] {
	const rows = contestants.map(({name, batches}) => {
		const middle = (key: keyof Measured) => median(rounds.map(round => round.get(name)![key] ?? Number.NaN));
		const each = (key: keyof Measured) => (middle(key) / batches).toFixed(2);
		return [name, each('wallMs'), each('cpuMs'), each('childrenCpuMs'), middle('memoryMb').toFixed(0)];
	});
	return table(['', 'ms a batch, wall', 'CPU of Node', 'CPU of the children', 'peak MB'], rows);
}

export function comparisonLines(comparisons: readonly Comparison[]): string[] {
	const rows = comparisons.map(comparison => {
		const {what, unit, values, limit} = comparison;
		const shown = (value: number) => value.toFixed(unit === '×' ? 2 : 0);
		const allowed = limit === undefined ? '' : `${limit}${unit}${holds(comparison) ? '' : ' BROKEN'}`;
		return [what, `${shown(median(values))}${unit}`, values.map(shown).join(' '), allowed];
	});
	return table(['', 'median', 'rounds', 'limit'], rows);
}

/** A figure that is no number breaks its limit, too. */
export const holds = ({values, limit}: Comparison): boolean => limit === undefined || median(values) <= limit;
