import {copyFileSync, mkdirSync, mkdtempSync, readFileSync, realpathSync, rmSync, writeFileSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {dirname, join, resolve} from 'node:path';
import {Terminal} from '../test/support/terminal.js';
import {type Shot, shots} from './shots.js';

// Draws the page of screens: runs `job.yaml` on a pseudo-terminal, goes from shot to shot, and writes what a person would
// see between the marks of SCREENS.md, the first shot also into README.md.
const project = resolve(import.meta.dirname, '..');
const begin = '<!-- screens: written by `npm run screens` -->';
const end = '<!-- /screens -->';

const block = (text: string) => `\`\`\`text\n${text}\n\`\`\``;

function writeBetween(file: string, text: string): void {
	const path = join(project, file);
	const before = readFileSync(path, 'utf8');
	const [from, to] = [before.indexOf(begin), before.indexOf(end)];
	if (from < 0 || to < from) throw new Error(`${file} has no place for the screens: ${begin} … ${end}`);
	writeFileSync(path, `${before.slice(0, from)}${begin}\n\n${text}\n\n${before.slice(to)}`);
}

/** The list with the keys of the moment fills a window of this height. */
const isList = ({rows}: Terminal) => rows[0]?.startsWith('commit') && rows.at(-1)?.startsWith('q quit');

async function take(terminal: Terminal, {columns, rows, steps, back = ''}: Shot): Promise<string> {
	terminal.resize(columns, rows);
	await terminal.until('the list', () => isList(terminal));
	for (const [keys, shows] of steps) {
		for (const key of keys) terminal.press(key);
		await terminal.shows(shows);
	}
	const text = terminal.text.replace(/ +$/gm, '').trimEnd();
	for (const key of back) terminal.press(key);
	await terminal.until('the list again', () => isList(terminal));
	return text;
}

const folder = realpathSync(mkdtempSync(join(tmpdir(), 'mozart-screens-')));
try {
	for (const name of ['job.yaml', 'reviewer.mjs']) copyFileSync(join(import.meta.dirname, name), join(folder, name));
	for (const name of ['home', 'runtime', 'workspace']) mkdirSync(join(folder, name), {mode: 0o700});
	const head = ['| batch | state | result |', '| --- | --- | --- |'];
	writeFileSync(join(folder, 'workspace/TRACKER.md'), `${head.join('\n')}\n`);
	const home = join(folder, 'home');
	const env = {
		...{PATH: `${dirname(process.execPath)}:/usr/bin:/bin`, TZ: 'UTC'},
		...{HOME: home, XDG_STATE_HOME: home, XDG_RUNTIME_DIR: join(folder, 'runtime')},
	};
	const words = [join(project, 'dist/source/launch.js'), 'run', 'job.yaml'];
	const terminal = new Terminal(process.execPath, words, {columns: 120, rows: 30, cwd: folder, env});
	try {
		await terminal.shows(/2\/30[\s\S]*◔ +3 [\s\S]*batch 6/);
		const taken: string[] = [];
		for (const shot of shots) {
			const text = await take(terminal, shot);
			taken.push(`## ${shot.title}\n\n${shot.words}\n\n${block(text)}`);
			if (shot.inReadme) writeBetween('README.md', block(text));
		}
		writeBetween('SCREENS.md', taken.join('\n\n'));
		terminal.press('qs');
		await terminal.ended;
	} finally {
		await terminal.close();
	}
} finally {
	rmSync(folder, {recursive: true, force: true});
}
