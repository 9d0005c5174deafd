import {isUtf8} from 'node:buffer';
import type {Dirent} from 'node:fs';
import {opendir} from 'node:fs/promises';
import {enter, type Folder, whatIs} from './beneath.js';
import {isState, type Way} from './way.js';

/** Something in the workspace: a file that can be opened in `folder` as long as it is looked at, or what has to be left alone. */
export type Found = {way: Way} & ({folder: Folder; name: string} | {note: string});

/** How many entries may be looked at in all; `isSpent` once there were more. */
export type Budget = {left: number; isSpent: boolean};

const deepest = 40;
/** Folders of thousands of files that nobody means; those who do name them as the folder to begin with. */
const passedOver: readonly string[] = ['.git', 'node_modules'];

/** All that lies in a folder and the folders in it, in the order of the names. No link is followed. */
export async function* walk(folder: Folder, budget: Budget, signal: AbortSignal): AsyncGenerator<Found> {
	for (const entry of await entriesOf(folder, budget)) {
		if (signal.aborted) return;
		const {name} = entry;
		const way = [...folder.way, name];
		if (entry.isFile()) yield entry.isNamed ? {way, folder, name} : {way, note: 'its name is no UTF-8'};
		else if (!entry.isDirectory()) yield {way, note: whatIs(entry)};
		else if (passedOver.includes(name) || way.length > deepest) yield {way: [...way, ''], note: 'not looked into'};
		else {
			const inner = await enter(folder, name);
			if ('problem' in inner) {
				yield {way: [...way, ''], note: 'cannot be opened'};
				continue;
			}
			await using _inner = inner;
			let isEmpty = true;
			for await (const found of walk(inner, budget, signal)) {
				isEmpty = false;
				yield found;
			}
			if (isEmpty && !budget.isSpent) yield {way: [...way, ''], note: 'empty'};
		}
	}
}

type Entry = Omit<Dirent, 'name'> & {name: string; isNamed: boolean};

async function entriesOf({at}: Folder, budget: Budget): Promise<Entry[]> {
	const found: Entry[] = [];
	// The types do not know of names as bytes.
	const entries = (await opendir(at, {encoding: 'buffer' as BufferEncoding}).catch(() => [])) as AsyncIterable<
		Dirent<Buffer>
	>;
	for await (const entry of entries) {
		const name = entry.name.toString();
		if (isState(name)) continue;
		if (budget.left-- <= 0) {
			budget.isSpent = true;
			break;
		}
		found.push(Object.assign(entry, {name, isNamed: isUtf8(entry.name)}));
	}
	return found.sort((one, other) => (one.name < other.name ? -1 : 1));
}
