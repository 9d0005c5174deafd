/** What the fake CLIs have in common: which call this is, what it is to do, and what it was asked. See `fake-home.ts`. */
import {mkdirSync, readFileSync, renameSync, writeFileSync} from 'node:fs';
import path from 'node:path';

export const home = process.env.FAKE_HOME ?? '';

/** Takes the next number, from 1, also when several come at once, and gives it with the play that the test has put there. */
export function takeCall() {
	for (let number = 1; ; number++) {
		try {
			mkdirSync(path.join(home, 'calls', String(number)));
		} catch (error) {
			if (error.code !== 'EEXIST') throw error;
			continue;
		}
		const plays = JSON.parse(readFileSync(path.join(home, 'plays.json'), 'utf8'));
		return {number, play: plays[number - 1] ?? {}};
	}
}

/** Whole or not at all: the test may look at any time. */
export function tell(number, call) {
	const file = path.join(home, 'calls', String(number), 'call.json');
	writeFileSync(`${file}.tmp`, JSON.stringify(call));
	renameSync(`${file}.tmp`, file);
}
