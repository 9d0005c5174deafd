import {mkdir, open, readFile, rename, rm} from 'node:fs/promises';
import {basename, dirname, join} from 'node:path';
import * as z from 'zod';
import type {Mask} from '../../process/mask.js';

/**
 * What was said in an attempt, kept beside its logs, so that a completion can go on with it. Keys are masked, as in all
 * that is kept: the model that gets it again sees stars in their place.
 */
const keptSchema = z.object({
	format: z.literal(1),
	api: z.string(),
	messages: z.array(z.unknown()).min(1),
});

/** A session is the attempt that it was kept by, as its files are named: `3-1`. */
const sessionId = /^\d+-\d+$/;

const ending = '.conversation.json';

/** The session that the attempt of this prompt file is kept as. */
export const sessionOf = (promptFile: string): string => basename(promptFile).replace(/\.prompt\.md$/, '');

/** Whole and synced, or not at all; only its owner can read it. */
export async function keepConversation(
	promptFile: string,
	{api, messages, mask}: {api: string; messages: readonly unknown[]; mask: Mask | undefined},
): Promise<void> {
	const kept: z.infer<typeof keptSchema> = {format: 1, api, messages: [...messages]};
	await writeWhole(
		join(dirname(promptFile), sessionOf(promptFile) + ending),
		JSON.stringify(mask?.data(kept) ?? kept),
		{
			mode: 0o600,
		},
	);
}

/** The conversation of a session; undefined where it is missing, damaged, or another API's. */
export async function readConversation<Message>(
	promptFile: string,
	id: string,
	{api, messageSchema}: {api: string; messageSchema: z.ZodType<Message>},
): Promise<Message[] | undefined> {
	if (!sessionId.test(id)) return undefined;
	try {
		const text = await readFile(join(dirname(promptFile), id + ending), 'utf8');
		const kept = keptSchema.parse(JSON.parse(text));
		return kept.api === api ? z.array(messageSchema).parse(kept.messages) : undefined;
	} catch {
		return undefined;
	}
}

/** Replaces a file whole, and on disk for good; makes its folder. Without a mode it gets the usual one. Throws system errors. */
export async function writeWhole(file: string, text: string, {mode}: {mode: number | undefined}): Promise<void> {
	const folder = dirname(file);
	await mkdir(folder, {recursive: true});
	const temp = join(dirname(file), `.${basename(file)}.${crypto.randomUUID()}.tmp`);
	try {
		const handle = await open(temp, 'wx', mode ?? 0o666);
		try {
			// The umask is about new files.
			if (mode !== undefined) await handle.chmod(mode);
			await handle.writeFile(text);
			await handle.sync();
		} finally {
			await handle.close();
		}
		await rename(temp, file);
		await syncFolder(folder);
	} catch (error) {
		await rm(temp, {force: true});
		throw error;
	}
}

/** Some disks cannot sync a folder; there is nothing more to do on them. */
async function syncFolder(folder: string): Promise<void> {
	const handle = await open(folder).catch(() => undefined);
	await handle?.sync().catch(() => {});
	await handle?.close();
}
