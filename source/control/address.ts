import {createHash} from 'node:crypto';
import {lstat, mkdir, readFile, rename, writeFile} from 'node:fs/promises';
import {tmpdir} from 'node:os';
import {isAbsolute, join} from 'node:path';
import * as z from 'zod';
import {errorWords} from '../config/error-words.js';

/** The system's own limit is 104 or 108 bytes, and some programs take less. */
const longestPath = 100;

const addressSchema = z.object({socket: z.string()});

/**
 * Where the socket of the job with this state folder can lie, best first. Each folder is made for this user alone, and one
 * that another user owns, or can look into, is left alone.
 */
export async function* socketPaths(
	root: string,
	env: Readonly<Record<string, string | undefined>>,
): AsyncGenerator<{path: string} | {problem: string}> {
	const name = `${createHash('sha256').update(root).digest('hex').slice(0, 16)}.sock`;
	const own = `mozart-${process.getuid?.() ?? 'user'}`;
	const runtime = env.XDG_RUNTIME_DIR;
	const temp = env.TMPDIR && isAbsolute(env.TMPDIR) ? env.TMPDIR : tmpdir();
	const folders = new Set([join(temp, own), join('/tmp', own)]);
	for (const folder of [...(runtime && isAbsolute(runtime) ? [join(runtime, 'mozart')] : []), ...folders]) {
		const path = join(folder, name);
		const problem = Buffer.byteLength(path) > longestPath ? `${folder} is too long a path` : await unfit(folder);
		yield problem === undefined ? {path} : {problem};
	}
}

/** Makes the folder; what is wrong with it when it cannot be trusted. */
async function unfit(folder: string): Promise<string | undefined> {
	try {
		await mkdir(folder, {mode: 0o700}).catch(error => {
			if (error.code !== 'EEXIST') throw error;
		});
		const found = await lstat(folder);
		if (!found.isDirectory()) return `${folder} is not a folder`;
		if (process.getuid && found.uid !== process.getuid()) return `${folder} belongs to another user`;
		if ((found.mode & 0o077) !== 0) return `${folder} is open to other users`;
		return undefined;
	} catch (error) {
		return `${folder} cannot be used: ${errorWords(error)}`;
	}
}

/**
 * Notes in the job's state where its socket is: another login of this user may have another environment. Not durable: a
 * note that is lost, or that outlives its program, only means that nobody answers.
 */
export async function noteAddress(file: string, socket: string): Promise<void> {
	const temp = `${file}.tmp`;
	await writeFile(temp, `${JSON.stringify({socket} satisfies z.infer<typeof addressSchema>)}\n`, {mode: 0o600});
	await rename(temp, file);
}

/** Where the socket of a job was noted last; undefined when none was. */
export async function readAddress(file: string): Promise<string | undefined> {
	try {
		return addressSchema.safeParse(JSON.parse(await readFile(file, 'utf8'))).data?.socket;
	} catch {
		return undefined;
	}
}
