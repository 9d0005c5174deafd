import path from 'node:path';
import type {JobDocument} from '../config/document.js';
import type {Finding} from '../config/finding.js';
import type {Place} from '../config/place.js';
import type {Draft} from './draft.js';

/** What every check looks at. */
export type Subject = Draft & {
	document: JobDocument;
	/** The job file's real folder, which its paths are relative to. */
	folder: string;
	/** The same folder as the user would write it, for places in other files. */
	shownFolder: string;
};

export function error(place: Place, message: string, mend?: string): Finding {
	return {...place, severity: 'error', message, ...(mend === undefined ? {} : {mend})};
}

export function warning(place: Place, message: string, mend?: string): Finding {
	return {...place, severity: 'warning', message, ...(mend === undefined ? {} : {mend})};
}

export const fromFolder = (subject: Subject, written: string): string => path.resolve(subject.folder, written);
