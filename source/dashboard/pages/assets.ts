import {readFileSync} from 'node:fs';
import {join} from 'node:path';

/** Everything that pages load, by the name below `/assets/`; the build lays these files beside the program. */
export const assets: Readonly<Record<string, {type: string; text: string}>> = {
	'style.css': asset('text/css', 'style.css'),
	'live.js': asset('text/javascript', 'live.js'),
	'icon.svg': asset('image/svg+xml', 'icon.svg'),
};

function asset(type: string, name: string): {type: string; text: string} {
	return {type: `${type}; charset=utf-8`, text: readFileSync(join(import.meta.dirname, name), 'utf8')};
}
