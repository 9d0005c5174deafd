import {appendFileSync} from 'node:fs';
import {stripControls} from '../process/sanitize.js';

/** Adds lines to the log of a run that has no terminal. A log that cannot be written stops nothing: the journal has the facts. */
export function runLog(file: string): (line: string) => void {
	return line => {
		try {
			appendFileSync(file, `${stripControls(line)}\n`, {mode: 0o600});
		} catch {
			// A full disk is told by the journal, which ends the run.
		}
	};
}
