import path from 'node:path';
import {expand, type Placeholders, placeholdersIn} from '../core/placeholders.js';
import {named, quoted} from './wording.js';

/** Where a rule looks. `key` names the file in baselines and sentences: relative to the workspace where it lies inside. */
export type Place = {absolute: string; key: string};

/** Why a rule cannot be checked, as a sentence without its full stop. */
export type Problem = {problem: string};

/**
 * Finds a rule's file. The user may name any absolute path, and links in the workspace lead where they lead; but `..`
 * must not climb out of the workspace, since it mostly comes out of an item's name that nobody has read.
 */
export function locate(written: string, workspace: string, placeholders: Placeholders): Place | Problem {
	const filled = fill(written, placeholders, 'path');
	if (typeof filled !== 'string') return filled;
	if (filled.trim() === '')
		return {problem: `the path ${quoted(written)} is empty once its placeholders are filled in`};
	const absolute = path.resolve(workspace, filled);
	const relative = path.relative(workspace, absolute);
	const outside = relative === '..' || relative.startsWith(`..${path.sep}`) || path.isAbsolute(relative);
	if (outside && filled.split(/[\\/]/).includes('..')) {
		return {problem: `the path ${named(filled)} leaves the workspace by ..; name a file in the workspace`};
	}
	const key = (outside ? absolute : relative || '.').split(path.sep).join('/');
	return {absolute: /[\\/]$/.test(filled) ? absolute + path.sep : absolute, key};
}

/** Fills in placeholders; one without a value is a problem that names it. */
export function fill(written: string, placeholders: Placeholders, what: string): string | Problem {
	return missingValue(written, placeholders, what) ?? expand(written, placeholders);
}

export function missingValue(written: string, placeholders: Placeholders, what: string): Problem | undefined {
	const missing = placeholdersIn(written).find(({name}) => !Object.hasOwn(placeholders, name));
	if (!missing) return undefined;
	const {name} = missing;
	return {
		problem: `the ${what} ${quoted(written)} uses {${named(name)}}, which has no value; write {{${named(name)}}} for the braces themselves`,
	};
}
