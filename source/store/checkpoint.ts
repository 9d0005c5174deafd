import {readFile} from 'node:fs/promises';
import {type Adapter, Low} from 'lowdb';
import * as z from 'zod';
import {type Aside, moveAside} from './aside.js';
import {diskFailure, errorCode} from './disk-failure.js';
import {removeTemps, writeDurably} from './durable-write.js';
import {isWhole, sealed, thisBuild} from './seal.js';
import {StoreError} from './store-failure.js';

/** The folded state after fact `seq`, and the byte of the journal where the next fact begins. */
export type Saved<State> = {seq: number; offset: number; state: State};

const format = 1;
const envelopeSchema = z.object({
	format: z.number().int(),
	seq: z.number().int().min(0),
	offset: z.number().int().min(0),
	/** The build that wrote it. */
	by: z.string().optional(),
	state: z.unknown(),
});

/** Where the checkpoint before the last one is kept. */
export const previousOf = (file: string) => `${file}.bak`;

/** A checkpoint as it is kept, in a file or in a database. */
export const checkpointText = (saved: Saved<unknown>): string =>
	sealed(JSON.stringify({format, by: thisBuild, ...saved}));

type Parsed<State> = {saved: Saved<State>} | {problem: string};

/** Looks through the state, unless `build` itself has written it and it is as it was then: that takes longer than to read it. */
export const parseCheckpoint = <State>(
	text: string,
	schema: z.ZodType<State>,
	build: string | undefined = thisBuild,
): Parsed<State> => {
	let json: unknown;
	try {
		json = JSON.parse(text);
	} catch {
		return {problem: text === '' ? 'it is empty' : 'it is not JSON'};
	}
	const envelope = envelopeSchema.safeParse(json);
	if (!envelope.success) return {problem: 'it is not a checkpoint'};
	if (envelope.data.format > format) {
		return {problem: `it was written by a newer Mozart (checkpoint format ${envelope.data.format})`};
	}
	const {seq, offset, by} = envelope.data;
	const whole = isWhole(text);
	if (whole === false) return {problem: 'it was changed after it was written'};
	if (whole && by !== undefined && by === build) return {saved: {seq, offset, state: envelope.data.state as State}};
	const state = schema.safeParse(envelope.data.state);
	if (!state.success) {
		const issue = state.error.issues[0];
		return {problem: `its state does not fit (${issue?.path.join('.') ?? ''}: ${issue?.message ?? ''})`};
	}
	return {saved: {seq, offset, state: state.data}};
};

/** Undefined when there is no such file. Never throws: what cannot be read is a problem like any other. */
const readOne = async <State>(file: string, schema: z.ZodType<State>): Promise<Parsed<State> | undefined> => {
	try {
		return parseCheckpoint(await readFile(file, 'utf8'), schema);
	} catch (error) {
		if (errorCode(error) === 'ENOENT') return undefined;
		return {problem: diskFailure(error, file).message};
	}
};

/**
 * Reads without the lock, for display: the checkpoint, or the one before it when that cannot be read (or is just being
 * replaced), or undefined. Changes nothing.
 */
export const readCheckpoint = async <State>(
	file: string,
	schema: z.ZodType<State>,
): Promise<Saved<State> | undefined> => {
	for (const name of [file, previousOf(file)]) {
		const parsed = await readOne(name, schema);
		if (parsed && 'saved' in parsed) return parsed.saved;
	}
	return undefined;
};

/** The number of the fact that a checkpoint covers, whatever else is wrong with it; 0 when even that cannot be read. */
export const checkpointSeq = async (file: string): Promise<number> => {
	const known = await readCheckpoint(file, z.unknown());
	return known?.seq ?? 0;
};

/** lowdb's own adapter never syncs and writes under one fixed name; this one survives a power cut and a second writer. */
class DurableAdapter<State> implements Adapter<Saved<State>> {
	#last: Promise<void> = Promise.resolve();

	constructor(
		private readonly file: string,
		private readonly schema: z.ZodType<State>,
		private readonly setAside: Aside[],
	) {}

	async read(): Promise<Saved<State> | null> {
		await removeTemps(this.file);
		for (const name of [this.file, previousOf(this.file)]) {
			const parsed = await readOne(name, this.schema);
			if (!parsed) continue;
			if ('saved' in parsed) return parsed.saved;
			this.setAside.push({file: name, keptAs: await moveAside(name), problem: parsed.problem});
		}
		return null;
	}

	/** Takes the state as it is at the call, however it changes afterwards; writes in the order of the calls. */
	write(saved: Saved<State>): Promise<void> {
		const text = checkpointText(saved);
		const written = this.#last.then(() => writeDurably(this.file, text, previousOf(this.file)));
		this.#last = written.catch(() => {});
		return written;
	}
}

/** A job's checkpoint, for the owner of its lock. */
export type Checkpoint<State> = {
	/** What was there when it was opened; undefined: replay the journal whole. */
	saved: Saved<State> | undefined;
	/** Checkpoints that could not be used, moved aside: to be told, never silent. */
	setAside: Aside[];
	/** Rejects with a StoreError; the checkpoint before it then still stands, and the journal holds the rest. */
	save(next: Saved<State>): Promise<void>;
};

/**
 * Opens the checkpoint. A damaged or newer one goes aside as `checkpoint.damaged-<n>.json` and the one before it is
 * tried; both are only a shortcut through the journal, which stays the truth. Throws system errors of the folder itself.
 */
export const openCheckpoint = async <State>(file: string, schema: z.ZodType<State>): Promise<Checkpoint<State>> => {
	const setAside: Aside[] = [];
	const low = new Low<Saved<State> | null>(
		new DurableAdapter(file, schema, setAside) as Adapter<Saved<State> | null>,
		null,
	);
	await low.read();
	return {
		saved: low.data ?? undefined,
		setAside,
		async save(next) {
			low.data = next;
			try {
				await low.write();
			} catch (error) {
				throw new StoreError(diskFailure(error, file), {cause: error});
			}
		},
	};
};
