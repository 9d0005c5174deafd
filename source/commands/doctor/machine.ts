import {constants} from 'node:fs';
import {access, stat, statfs} from 'node:fs/promises';
import {dirname} from 'node:path';
import packageJson from '../../../package.json' with {type: 'json'};
import {type Diagnosis, type Environment, failed, fine, warned} from './diagnosis.js';

/** As package.json says it: `>=22.13`. */
const needed = packageJson.engines.node.slice(2);

export function checkNode(version: string): Diagnosis {
	const [major = 0, minor = 0] = version.split('.').map(Number);
	const [least = 0, leastMinor = 0] = needed.split('.').map(Number);
	const isOld = major < least || (major === least && minor < leastMinor);
	const advice = `Install Node ${needed} or newer, for example: npm install --global node@24`;
	return isOld ? failed('node', `Node ${version}`, advice) : fine('node', `Node ${version}`);
}

/** The terminal as the screen would find it; sizes are those of the output. */
export type Terminal = {isTerminal: boolean; columns?: number; rows?: number; colours: number};

const roomy = {columns: 60, rows: 12};
const colourWords: Readonly<Record<number, string>> = {
	1: 'no colours',
	4: '16 colours',
	8: '256 colours',
	24: 'all colours',
};

export function checkTerminal({isTerminal, columns = 0, rows = 0, colours}: Terminal, env: Environment): Diagnosis[] {
	const unicode = checkUnicode(env);
	if (!isTerminal) return [fine('terminal', 'none here: run prints plain lines'), unicode];
	const found = `${columns}×${rows}, ${env.NO_COLOR ? 'no colours (NO_COLOR)' : (colourWords[colours] ?? `${colours} bits of colour`)}`;
	if (env.TERM === 'dumb' || !env.TERM) {
		const advice =
			'No screen can be drawn here, run prints plain lines. Set TERM to what your terminal is: xterm-256color';
		return [warned('terminal', `${found}, TERM=${env.TERM ?? ''}`, advice), unicode];
	}
	if (columns >= roomy.columns && rows >= roomy.rows) return [fine('terminal', `${found}, TERM=${env.TERM}`), unicode];
	const advice = `The screen folds below ${roomy.columns}×${roomy.rows}: make the window larger to see more at once`;
	return [warned('terminal', found, advice), unicode];
}

function checkUnicode(env: Environment): Diagnosis {
	const locale = env.LC_ALL || env.LC_CTYPE || env.LANG || '';
	if (/utf-?8/i.test(locale)) return fine('unicode', locale);
	const found = locale === '' ? 'no locale is set' : `the locale is ${locale}`;
	return warned('unicode', found, 'Signs such as ✓ and … may not be shown: export LANG=C.UTF-8');
}

const leastBytes = 20e6;
const fewBytes = 500e6;

/** A folder that Mozart writes to, made if it is not there: whether that will be possible, and the room there is. */
export async function checkFolder(check: string, folder: string): Promise<Diagnosis> {
	const there = await nearest(folder);
	if (!(await stat(there)).isDirectory()) return failed(check, `${there} is not a folder`, 'Move it out of the way');
	const isNew = there === folder ? '' : ' (made when it is needed)';
	const allowed = await access(there, constants.W_OK | constants.X_OK).then(
		() => true,
		() => false,
	);
	if (!allowed) {
		const advice = `Allow it (chmod u+rwx ${there}), or name another place: XDG_STATE_HOME for the state, workspace in a job`;
		return failed(check, `${there} may not be written to by you`, advice);
	}
	const {bavail, bsize, type} = await statfs(there);
	const free = bavail * bsize;
	const room = `${folder}${isNew}, ${sizeWords(free)} free`;
	// Some file systems tell no sizes at all.
	if (free === 0 && type === 0) return fine(check, `${folder}${isNew}`);
	if (free < leastBytes) return failed(check, room, 'Make room: a full disk ends a run');
	return free < fewBytes ? warned(check, room, 'Make room: logs keep all that the CLIs print') : fine(check, room);
}

async function nearest(folder: string): Promise<string> {
	for (let place = folder; ; place = dirname(place)) {
		const isThere = await stat(place).then(
			() => true,
			() => false,
		);
		if (isThere || place === dirname(place)) return place;
	}
}

const sizeWords = (bytes: number) =>
	bytes >= 1e9 ? `${(bytes / 1e9).toFixed(1)} GB` : `${Math.floor(bytes / 1e6)} MB`;
