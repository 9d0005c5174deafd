import * as z from 'zod';
import {keptAs} from './kept-as.js';
import {createEndReader} from './read-end.js';
import type {FactPlaces} from './read-facts.js';
import {readBytes} from './read-journal.js';

const factSchema = z.object({seq: z.number(), at: z.number()});

/** The first and the last fact that are on disk: what tells one run from another, and how far it is. */
export type Ends = {startedAt: number; last: z.infer<typeof factSchema>};

/** How much is read of a journal's beginning and of its end. */
const headBytes = 4096;
const tailBytes = 64 * 1024;

/** Reads little of a job's facts, however many there are; undefined where that tells nothing: then all must be read. */
export async function readEnds(paths: FactPlaces): Promise<Ends | undefined> {
	try {
		return await ((await keptAs(paths)).includes('sqlite')
			? endsOfDatabase(paths.stateDb)
			: endsOfJournal(paths.journal));
	} catch {
		return undefined;
	}
}

async function endsOfJournal(file: string): Promise<Ends | undefined> {
	const head = (await readBytes(file, 0, headBytes)).toString('latin1');
	// The first fact holds the whole job, and may be longer than what was read; its time stands in front.
	const at = /^[^\n]*\n\{"seq":1,"at":(\d+(?:\.\d+)?),/.exec(head)?.[1];
	if (at === undefined) return undefined;
	let tail = '';
	await createEndReader(file, tailBytes).read(bytes => {
		tail += bytes.toString('latin1');
	});
	const line = tail.slice(0, tail.lastIndexOf('\n')).split('\n').at(-1) ?? '';
	return {startedAt: Number(at), last: factSchema.parse(JSON.parse(line))};
}

async function endsOfDatabase(file: string): Promise<Ends | undefined> {
	const {factTextAt, lastFactTexts} = await import('./sqlite/read-state-db.js');
	const [first, [last]] = [await factTextAt(file, 1), await lastFactTexts(file, 1)];
	if (first === undefined || last === undefined) return undefined;
	return {startedAt: factSchema.parse(JSON.parse(first)).at, last: factSchema.parse(JSON.parse(last))};
}
