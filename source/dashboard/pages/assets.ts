import {readdirSync, readFileSync} from 'node:fs';
import {join} from 'node:path';

/** The build lays this folder beside the program as it is. */
const folder = join(import.meta.dirname, 'assets');
const read = (...path: string[]) => readFileSync(join(folder, ...path), 'utf8');

/** Parts of the one style sheet; the last word is that of the last one. */
const sheets = ['base', 'frame', 'controls', 'figures', 'lists', 'evidence', 'charts', 'questions', 'screens'];
const scripts = readdirSync(folder).filter(name => name.endsWith('.js'));

const asset = (type: string, text: string) => ({type: `${type}; charset=utf-8`, text});

/** Everything that pages load, by the name below `/assets/`. */
export const assets: Readonly<Record<string, {type: string; text: string}>> = {
	'style.css': asset('text/css', sheets.map(name => read('style', `${name}.css`)).join('\n')),
	'icon.svg': asset('image/svg+xml', read('icon.svg')),
	...Object.fromEntries(scripts.map(name => [name, asset('text/javascript', read(name))])),
};
