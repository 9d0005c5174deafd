import path from 'node:path';

/** Why a tool cannot do what it was asked for, as a sentence that tells the model what to do instead. */
export type Problem = {problem: string};

/** The names that lead from the workspace down to a place; none for the workspace itself. */
export type Way = readonly string[];

const deepest = 60;

/**
 * Reads a path as a model writes it: relative to the workspace, or absolute where that lies in one of `roots` (the names
 * that the workspace goes by). Only words are looked at: `..` never leads above the workspace, and no folder of Mozart's
 * own state can be named. That the names are no links is seen when they are opened.
 */
export function wayTo(written: string, roots: readonly string[]): Way | Problem {
	if (written.includes('\0')) return {problem: 'A path cannot hold a NUL character.'};
	if (!written.isWellFormed()) return {problem: 'The path holds half a character (a lone surrogate): write it whole.'};
	const relative = path.isAbsolute(written) ? belowOne(written, roots) : written;
	if (relative === undefined) return outside(written);
	const way: string[] = [];
	for (const name of relative.split('/')) {
		if (name === '' || name === '.') continue;
		if (name !== '..') way.push(name);
		else if (way.pop() === undefined) return outside(written);
	}
	if (way[0] === '~') return {problem: `~ means nothing here: ${advice}.`};
	if (way.some(isState)) return {problem: stateWords};
	if (way.length > deepest) return {problem: `The path has more than ${deepest} folders: use a shorter one.`};
	return way;
}

export const stateWords = 'The folder .mozart holds the state of the run, which no tool reads or changes.';

/** Whether a name is that of the state folder on any disk: some ignore case, invisible characters, or dots at the end. */
export function isState(name: string): boolean {
	const plain = name.normalize('NFKC').replaceAll(/\p{Default_Ignorable_Code_Point}|[. ]+$/gu, '');
	return plain.toLowerCase() === '.mozart';
}

/** A place in the words of an answer, on one line whatever its names hold. */
export function shownWay(way: Way): string {
	const text = way.length === 0 ? 'the workspace' : way.join('/');
	return /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/u.test(text) ? JSON.stringify(text) : text;
}

const advice = 'name a file by its path within the workspace, such as notes/a.md';

const outside = (written: string): Problem => ({
	problem: `${JSON.stringify(written)} is outside of the workspace: ${advice}.`,
});

function belowOne(written: string, roots: readonly string[]): string | undefined {
	return roots
		.map(root => path.relative(root, written))
		.find(relative => relative !== '..' && !relative.startsWith(`..${path.sep}`) && !path.isAbsolute(relative));
}
