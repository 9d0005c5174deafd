import {
	existsSync,
	mkdirSync,
	mkdtempSync,
	readdirSync,
	readFileSync,
	realpathSync,
	rmSync,
	writeFileSync,
} from 'node:fs';
import {tmpdir} from 'node:os';
import path from 'node:path';

/** A folder in whose `bin` fake CLIs lie, what each call is to do, and what each was asked. `fake-call.mjs` is their side. */
export class FakeHome<Play, Call> {
	readonly folder = realpathSync(mkdtempSync(path.join(tmpdir(), 'mozart-fake-')));
	/** For the CLI's parent: the fake ones come first in PATH. */
	readonly env: Record<string, string>;

	constructor(plays: readonly Play[]) {
		for (const name of ['bin', 'calls']) mkdirSync(path.join(this.folder, name));
		const searched = [path.join(this.folder, 'bin'), path.dirname(process.execPath), process.env.PATH ?? ''];
		this.env = {PATH: searched.join(path.delimiter), FAKE_HOME: this.folder, HOME: this.folder, TZ: 'UTC'};
		this.plays(plays);
	}

	/** Puts a program of one line of shell into the folder that is searched first. */
	install(name: string, line: string): void {
		writeFileSync(path.join(this.folder, 'bin', name), `#!/bin/sh\n${line}\n`, {mode: 0o755});
	}

	plays(plays: readonly Play[]): void {
		writeFileSync(path.join(this.folder, 'plays.json'), JSON.stringify(plays));
	}

	/** All calls so far, in order. */
	calls(): Call[] {
		const numbers = readdirSync(path.join(this.folder, 'calls')).map(Number);
		return (
			numbers
				.toSorted((a, b) => a - b)
				.map(number => path.join(this.folder, 'calls', String(number), 'call.json'))
				// One that has just begun may not have told yet.
				.filter(file => existsSync(file))
				.map(file => JSON.parse(readFileSync(file, 'utf8')))
		);
	}

	remove(): void {
		rmSync(this.folder, {recursive: true, force: true});
	}
}
