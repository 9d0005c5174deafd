import {glob} from 'node:fs/promises';
import type {Path} from '../config/document.js';
import type {Finding} from '../config/finding.js';
import {batchCount} from '../core/batches.js';
import {itemLines} from './item-lines.js';
import {error, type Subject, warning} from './subject.js';

/** The batch arithmetic, and the items where they can be looked at without running anything. */
export async function checkBatches(subject: Subject): Promise<Finding[]> {
	if (!subject.sound.has('batch')) return [];
	const {items, total_items} = subject.job.batch;
	if (total_items !== undefined) return countFindings(subject, total_items, `total_items is ${total_items}`);
	if (items?.file !== undefined) return fileFindings(subject, items.file);
	if (items?.glob !== undefined) return globFindings(subject, items.glob);
	return [];
}

function countFindings({document, job}: Subject, totalItems: number, said: string): Finding[] {
	const {size, start_item: startItem} = job.batch;
	if (batchCount({size, totalItems, startItem}) >= 1) return [];
	const message = `start_item is ${startItem} and ${said}: that leaves no item to work on`;
	return [error(document.placeOf(['batch', 'start_item']), message, 'start_item: 1')];
}

const fileAt: Path = ['batch', 'items', 'file'];

async function fileFindings(subject: Subject, file: string): Promise<Finding[]> {
	const read = await itemLines(subject, file);
	const place = subject.document.placeOf(fileAt);
	if ('problem' in read) return [error(place, `the items file ${file} ${read.problem}`)];
	const count = read.items.length;
	if (count === 0) return [error(place, `the items file ${file} is empty: one item a line is wanted`)];
	return countFindings(subject, count, `${file} has ${count === 1 ? '1 item' : `${count} items`}`);
}

async function globFindings(subject: Subject, pattern: string): Promise<Finding[]> {
	for await (const _ of glob(pattern, {cwd: subject.folder})) return [];
	const place = subject.document.placeOf(['batch', 'items', 'glob']);
	return [warning(place, `no file matches ${pattern} in the job file’s folder now, so there would be no batch`)];
}
