import {link, rm} from 'node:fs/promises';
import {join, parse} from 'node:path';
import {errorCode} from './disk-failure.js';

/** A damaged file and where it is kept now. */
export type Aside = {file: string; keptAs: string; problem: string};

/** Gives `name.json` a second name `name.damaged-<n>.json`, the first n that is free: nothing is ever overwritten. */
export const linkAside = async (file: string, why = 'damaged'): Promise<string> => {
	const {dir, name, ext} = parse(file);
	for (let n = 1; ; n++) {
		const keptAs = join(dir, `${name}.${why}-${n}${ext}`);
		try {
			await link(file, keptAs);
			return keptAs;
		} catch (error) {
			if (errorCode(error) !== 'EEXIST') throw error;
		}
	}
};

/** Moves a file aside that is damaged, or no longer counts for another reason, so that it stands in nobody's way and can still be looked at. */
export const moveAside = async (file: string, why?: string): Promise<string> => {
	const keptAs = await linkAside(file, why);
	await rm(file);
	return keptAs;
};
