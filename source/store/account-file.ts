import {createHash} from 'node:crypto';
import {readFile, stat} from 'node:fs/promises';
import {dirname, join} from 'node:path';
import * as z from 'zod';
import {failureKindSchema} from '../core/failure.js';
import {errorCode} from './disk-failure.js';
import {writeDurably} from './durable-write.js';
import {makeFolder} from './make-folder.js';

/** What the jobs of an account tell each other about its limit: who met it or found it over, and when. */
export const accountNewsSchema = z.object({
	format: z.literal(1),
	account: z.string(),
	/** `limited` until `until`; `probing` by a first attempt since `at`; `lifted` by what that found. */
	state: z.enum(['limited', 'probing', 'lifted']),
	/** Ms since the epoch. */
	until: z.number(),
	at: z.number(),
	kind: failureKindSchema,
	message: z.string(),
	/** Id of the job that tells. */
	job: z.string(),
});
export type AccountNews = z.infer<typeof accountNewsSchema>;

/** One file an account, beside the registry of this user's jobs. */
export function accountFile(registry: string, account: string): string {
	const name = account.replace(/[^\w.-]+/g, '-').slice(0, 40);
	const unique = createHash('sha256').update(account).digest('hex').slice(0, 8);
	return join(dirname(registry), 'accounts', `${name}-${unique}.json`);
}

/** Tells the other jobs; they look by themselves. Throws system errors. */
export async function writeNews(file: string, news: AccountNews): Promise<void> {
	await makeFolder(dirname(file), 0o700);
	await writeDurably(file, `${JSON.stringify(news)}\n`);
}

/** What was told last; undefined when nothing was, or nothing that this version understands. Throws system errors. */
export async function readNews(file: string): Promise<AccountNews | undefined> {
	const text = await readFile(file, 'utf8').catch((error: unknown) => {
		if (errorCode(error) === 'ENOENT') return '';
		throw error;
	});
	try {
		return accountNewsSchema.parse(JSON.parse(text));
	} catch {
		return undefined;
	}
}

/** Changes whenever something else was told; undefined while nothing was. */
export async function newsVersion(file: string): Promise<string | undefined> {
	return stat(file).then(
		({ino, mtimeMs, size}) => `${ino} ${mtimeMs} ${size}`,
		() => undefined,
	);
}
