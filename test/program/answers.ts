import assert from 'node:assert/strict';
import {readdirSync} from 'node:fs';
import {done} from './jobs.js';
import type {Desk, Ended} from './program.js';

/** The values that `--json` has printed, one a line. */
export const json = (text: string) =>
	text
		.trimEnd()
		.split('\n')
		.map(line => JSON.parse(line));

/** Every word must stand in the text, in this order. */
export function inOrder(text: string, ...words: (string | RegExp)[]): void {
	let rest = text;
	for (const word of words) {
		const found = typeof word === 'string' ? rest.indexOf(word) : rest.search(word);
		assert.ok(found >= 0, `${word} should stand in:\n${rest}\n— of —\n${text}`);
		rest = rest.slice(found);
	}
}

/** Fails unless the command was refused with this exit code and sentence, and said nothing else. */
export function refused({code, stdout, stderr}: Ended, expected: number, sentence: RegExp): void {
	assert.match(stderr, sentence);
	assert.equal(code, expected);
	assert.equal(stdout, '');
	assert.doesNotMatch(stderr, /^\s+at /m, 'no stack trace');
}

export const ids = (desk: Desk, workspace = 'workspace') =>
	readdirSync(desk.at(workspace, '.mozart')).filter(name => !name.startsWith('.'));

export function theId(desk: Desk): string {
	const [id, another] = ids(desk);
	assert.ok(id !== undefined && another === undefined);
	return id;
}

/** Batch 2 works only once the file `mended` is there. */
export const needsMending = `[ "$1" != 2 ] || [ -e mended ] || { echo "no luck with $1" >&2; exit 1; }
${done}; echo "did $1"; echo "$1" >> starts`;

/** A job whose batch 1 is done and whose batch 2 lives until the file `go` is there. */
export const gated = `echo "begin $1"
[ "$1" = 1 ] || while [ ! -e go ]; do sleep 0.02; done
echo "end $1"; ${done}`;
