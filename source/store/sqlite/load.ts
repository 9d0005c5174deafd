/** `node:sqlite`, which is loaded when a database is opened and not before. */
export type Sqlite = typeof import('node:sqlite');

/** Node 22 warns of it whenever it is loaded, which says nothing to who uses Mozart: this one warning is swallowed. */
export async function loadSqlite(): Promise<Sqlite> {
	const {emitWarning} = process;
	const emit = emitWarning as (...given: unknown[]) => void;
	process.emitWarning = ((...given: unknown[]) => {
		if (!/\bSQLite\b.*experimental/i.test(String(given[0]))) emit.apply(process, given);
	}) as typeof emitWarning;
	try {
		return await import('node:sqlite');
	} finally {
		process.emitWarning = emitWarning;
	}
}
