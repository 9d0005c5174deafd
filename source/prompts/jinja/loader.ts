import {readFileSync, realpathSync, statSync} from 'node:fs';
import {isAbsolute, join, relative, sep} from 'node:path';
import {Problem} from './problem.js';

const largest = 1_000_000;

/** Reads a file that a template names. Undefined: there is none. A `Problem`: it may not or cannot be read. */
export type Loader = (name: string) => string | undefined;

/**
 * Reads templates from one folder and its subfolders only: names with `..`, absolute names, and links that lead out are
 * refused. Without a folder every name is refused.
 */
export function folderLoader(folder: string | undefined): Loader {
	return name => {
		if (folder === undefined) {
			throw new Problem(`“${name}” cannot be read: only a template in a file can name other files (use template_file)`);
		}
		if (isAbsolute(name) || name.includes('\0') || name.includes('\\') || name.split('/').includes('..')) {
			throw new Problem(`“${name}” cannot be read: a template can only name files in its own folder, without “..”`);
		}
		let root: string;
		let file: string;
		try {
			root = realpathSync(folder);
			file = realpathSync(join(root, name));
		} catch {
			return undefined;
		}
		const inside = relative(root, file);
		if (inside === '' || inside === '..' || inside.startsWith(`..${sep}`) || isAbsolute(inside)) {
			throw new Problem(`“${name}” cannot be read: it leads out of the template’s folder`);
		}
		try {
			const status = statSync(file);
			if (!status.isFile()) return undefined;
			if (status.size > largest) throw new Problem(`“${name}” is too big for a template: over ${largest} bytes`);
			return new TextDecoder('utf-8', {fatal: true}).decode(readFileSync(file));
		} catch (error) {
			if (error instanceof Problem) throw error;
			throw new Problem(
				`“${name}” cannot be read: ${error instanceof TypeError ? 'it is not UTF-8 text' : String((error as Error).message)}`,
			);
		}
	};
}
