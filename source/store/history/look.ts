import {readDatabaseHeader} from '../sqlite/database.js';
import {historyKind} from './open-history-db.js';

/** What a look at the file's beginning tells of the history; nothing is opened or changed. Throws system errors. */
export async function lookAtHistory(file: string): Promise<'none' | 'fine' | 'damaged' | 'newer'> {
	const header = await readDatabaseHeader(file);
	if (header === 'absent') return 'none';
	if (header === 'foreign' || ![0, historyKind.application].includes(header.application)) return 'damaged';
	return header.version > historyKind.migrations.length ? 'newer' : 'fine';
}
