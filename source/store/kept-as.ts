import {stat} from 'node:fs/promises';
import type {StatePaths} from './state-folder.js';

/** How a job keeps its state: a journal with a checkpoint beside it, or one database (`state_backend`). */
export type KeptAs = 'json' | 'sqlite';

const statOf = (file: string) => stat(file).catch(() => undefined);

/** What is on disk; none for a job that has no state yet, and both when a change from one to the other was cut off. */
export async function keptAs({journal, stateDb}: Pick<StatePaths, 'journal' | 'stateDb'>): Promise<KeptAs[]> {
	const [file, database] = await Promise.all([statOf(journal), statOf(stateDb)]);
	return [...(file ? (['json'] as const) : []), ...(database ? (['sqlite'] as const) : [])];
}

/** The files that grow with the facts: where something changes when a fact is recorded. */
export const growing = ({journal, stateDb}: Pick<StatePaths, 'journal' | 'stateDb'>): string[] => [
	journal,
	`${stateDb}-wal`,
	stateDb,
];

/** Is another one whenever facts were recorded since. */
export async function stateSignature(paths: Pick<StatePaths, 'journal' | 'stateDb'>): Promise<string> {
	const found = await Promise.all(growing(paths).map(statOf));
	return found.map(one => (one ? `${one.ino} ${one.size} ${one.mtimeMs}` : '')).join();
}
