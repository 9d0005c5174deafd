import fs from 'node:fs';
import path from 'node:path';
import {Script} from 'node:vm';
import {crc32} from 'node:zlib';

/** Names the very program that was built: the build puts a hash of it here. */
declare const MOZART_BUILD: string;

/** A long run keeps its code after this time: V8 forgets what has not run for a while. Ms. */
const settledMs = 5000;
/** A checksum stands behind the code. */
const sumBytes = 4;
/** How a program ends that has done some of its work: `done`, `failed`, `unfinished`. */
const worked: readonly number[] = [0, 1, 3];
/** Kept code of other builds is removed when it is this much older, ms, or when there are so many newer ones. */
const staleMs = 30 * 24 * 60 * 60 * 1000;
const mostBuilds = 5;

/**
 * Runs the program, with the machine code that V8 made of it when it was last asked for the same (`purpose`). Node's own
 * compile cache keeps what is compiled while a module is loaded; most functions are compiled later, when first called.
 */
export function runProgram(file: string, purpose: string): void {
	const folder = path.dirname(file);
	const place = placeOf(file, purpose);
	const libraries = new Map<string, unknown>();
	/** As `require`, but libraries beside the program are scripts as well. */
	function load(name: string): unknown {
		const library = /^\.\/([a-z]+)\.cjs$/.exec(name)?.[1];
		if (library === undefined) return require(name);
		if (!libraries.has(library)) {
			const script = path.join(folder, `${library}.cjs`);
			libraries.set(library, run(script, place && `${place}.${library}-${changed(script)}`));
		}
		return libraries.get(library);
	}
	function run(script: string, at: string | undefined): unknown {
		const program = {exports: {}};
		compile(script, at)(program.exports, load, program, script, folder, MOZART_BUILD);
		return program.exports;
	}
	run(file, place);
}

/** When a file was changed last: a hand may have done it since it was built. */
const changed = (file: string) => Math.trunc(fs.statSync(file).mtimeMs).toString(36);

type Wrapper = (...given: unknown[]) => void;

function compile(file: string, at: string | undefined): Wrapper {
	// The build writes ASCII only; as UTF-8 it would be looked through for what is none.
	const source = fs.readFileSync(file, 'latin1');
	const cachedData = at === undefined ? undefined : readOwn(at);
	const script = new Script(source, {filename: file, ...(cachedData && {cachedData})});
	// V8 refuses what another version has made, or was made for another machine.
	if (at !== undefined && (!cachedData || script.cachedDataRejected)) keepLater(script, at);
	return script.runInThisContext();
}

/**
 * Where code is kept: below the user's own cache folder, apart for each build. Undefined where there is none that is surely
 * this user's: code that somebody else can write must never be run.
 */
function placeOf(file: string, purpose: string): string | undefined {
	const {XDG_CACHE_HOME: cache = '', HOME: home = ''} = process.env;
	const own = path.isAbsolute(cache) ? cache : path.join(home, '.cache');
	if (!path.isAbsolute(own)) return undefined;
	try {
		const nearest = [own, path.dirname(own)].find(folder => fs.existsSync(folder));
		if (nearest === undefined || fs.statSync(nearest).uid !== process.getuid?.()) return undefined;
		const build = `${MOZART_BUILD}-${changed(file)}`;
		const name = /^[a-z-]+$/.test(purpose) ? purpose : 'other';
		return path.join(own, 'mozart', `code-${build}-node${process.versions.node}-${process.arch}`, name);
	} catch {
		return undefined;
	}
}

/** The code in a file, unless another user owns it or may write to it, or it is damaged: V8 would run that, and crash. */
function readOwn(at: string): Buffer | undefined {
	let fd: number | undefined;
	try {
		fd = fs.openSync(at, fs.constants.O_RDONLY | fs.constants.O_NOFOLLOW | fs.constants.O_NONBLOCK);
		const stats = fs.fstatSync(fd);
		const {uid, mode} = stats;
		if (!stats.isFile() || uid !== process.getuid?.() || (mode & 0o022) !== 0) return undefined;
		const bytes = fs.readFileSync(fd);
		const code = bytes.subarray(0, -sumBytes);
		return crc32(code) === bytes.readUInt32LE(code.length) ? code : undefined;
	} catch {
		return undefined;
	} finally {
		if (fd !== undefined) fs.closeSync(fd);
	}
}

/** Keeps the code when it is known which functions were needed: at the end, or in a long run once it has settled. */
function keepLater(script: Script, at: string): void {
	const onExit = (code: number) => {
		if (worked.includes(code)) keep(script, at);
	};
	process.once('exit', onExit);
	setTimeout(() => {
		process.off('exit', onExit);
		keep(script, at);
	}, settledMs).unref();
}

function keep(script: Script, at: string): void {
	const folder = path.dirname(at);
	const temp = `${at}.${process.pid}.tmp`;
	try {
		const isNew = makeFolder(folder);
		const code = script.createCachedData();
		const sum = Buffer.alloc(sumBytes);
		sum.writeUInt32LE(crc32(code));
		// Whole or not at all, also where two programs do it at once.
		fs.writeFileSync(temp, Buffer.concat([code, sum]), {mode: 0o600, flag: 'wx'});
		fs.renameSync(temp, at);
		if (isNew) removeStale(folder);
	} catch {
		// It starts a little slower the next time, too. A full disk has left a part.
		try {
			fs.unlinkSync(temp);
		} catch {}
	}
}

/** Makes a folder below one that is there, step by step: below /proc Node's own way of it never ends. Tells whether it is new. */
function makeFolder(folder: string): boolean {
	if (fs.existsSync(folder)) return false;
	const home = path.dirname(folder);
	for (const one of [path.dirname(home), home, folder]) if (!fs.existsSync(one)) fs.mkdirSync(one, {mode: 0o700});
	return true;
}

/** Removes what older builds have left, measured by the age of this one's folder, which is new. */
function removeStale(folder: string): void {
	const now = fs.statSync(folder).mtimeMs;
	const home = path.dirname(folder);
	const builds = fs
		.readdirSync(home)
		.filter(name => name.startsWith('code-'))
		.map(name => ({other: path.join(home, name), at: fs.statSync(path.join(home, name)).mtimeMs}))
		.sort((a, b) => b.at - a.at);
	for (const [index, {other, at}] of builds.entries())
		if (index >= mostBuilds || now - at > staleMs) fs.rmSync(other, {recursive: true, force: true});
}
