import {readText} from '../config/read-text.js';
import {fromFolder, type Subject} from './subject.js';

const byteLimit = 50_000_000;

/** The items of a file as the run will take them, one a line, or why they cannot be had. */
export async function itemLines(subject: Subject, file: string): Promise<{items: string[]} | {problem: string}> {
	const read = await readText(fromFolder(subject, file), byteLimit);
	if ('problem' in read) return read;
	const lines = read.text.split('\n').map(line => line.trim());
	return {items: lines.filter(line => line !== '')};
}
