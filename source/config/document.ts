import {type Place, placeAt} from './place.js';
import {offsetInSource} from './scalar-offset.js';
import {plainValue, type Span, type Tree} from './tree.js';

/** Keys and list indexes from the job's root to a value. */
export type Path = readonly (string | number)[];

/** A job file's values and their places, for everyone who has something to say about them. */
export class JobDocument {
	/** The values as written, before types and defaults. */
	readonly value: unknown;

	constructor(readonly root: Tree) {
		this.value = plainValue(root);
	}

	/** The tree at a path, or undefined where the file has nothing. */
	find(path: Path): Tree | undefined {
		return this.entry(path)?.value;
	}

	/** Where a value, or its key, stands; for what the file does not have, the nearest thing around it. */
	placeOf(path: Path, part: 'key' | 'value' = 'value'): Place {
		const entry = this.entry(path);
		if (entry === undefined) return this.placeOf(path.slice(0, -1), 'key');
		const {key, value} = entry;
		// A block of several lines has no caret of its own, and nothing at all has none either.
		const byKey = part === 'key' || value.kind === 'map' || value.kind === 'list' || value.end <= value.start;
		const span = byKey && key ? key : firstOf(value);
		return placeAt(span.source, span.start, span.end);
	}

	/** Where some characters of a text value stand; the text is the value at that path. */
	placeInText(path: Path, offset: number, length: number): Place {
		const tree = this.find(path);
		if (tree?.kind !== 'scalar' || typeof tree.value !== 'string') return this.placeOf(path);
		const start = offsetInSource(tree, tree.value, offset);
		const asWritten = tree.source.text.startsWith(tree.value.slice(offset, offset + length), start);
		const end = asWritten ? start + length : offsetInSource(tree, tree.value, offset + length);
		return placeAt(tree.source, start, Math.max(end, start + 1));
	}

	private entry(path: Path): {key?: Span; value: Tree} | undefined {
		let found: {key?: Span; value: Tree} | undefined = {value: this.root};
		for (const step of path) {
			const tree: Tree | undefined = found?.value;
			if (tree?.kind === 'map') found = tree.entries.get(String(step));
			else if (tree?.kind === 'list' && tree.items[Number(step)]) found = {value: tree.items[Number(step)]!};
			else return undefined;
		}
		return found;
	}
}

/** What to point at for a whole map: its first key. */
function firstOf(tree: Tree): Span {
	if (tree.kind === 'map') return tree.entries.values().next().value?.key ?? tree;
	return tree;
}
