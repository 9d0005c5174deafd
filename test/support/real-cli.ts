import assert from 'node:assert/strict';
import {accessSync, mkdirSync, mkdtempSync, readFileSync, realpathSync, rmSync, symlinkSync} from 'node:fs';
import {tmpdir} from 'node:os';
import path from 'node:path';
import {listPids} from '../../source/process/process-table.js';
import type {ModelApi, Reply} from './model-api.js';

/** A real CLI, its API's stand-in, and how that tells what the stories need. `test/clis.ts` installs and names them. */
export type RealCli = {
	title: string;
	/** Its name in PATH. */
	program: string;
	/** The variable that names the real one. Without it nothing real is run. */
	variable: string;
	backend: {type: string};
	createApi(): ModelApi;
	/** Puts settings into an empty home, and gives the environment in which it finds the API. Its key is a dummy. */
	settle(home: string, url: string): Record<string, string>;
	/** Where in its home it keeps its sessions. */
	sessions: string;
	/** A limit of the account that lifts at this time, ms since the epoch; what is left of it is told by this clock. */
	limit(until: number, now: number): Reply;
	overloaded: Reply;
	badKey: Reply;
	tooLong: Reply;
};

/** A home of its own for a real CLI, with only that in its `bin`. */
export class RealHome {
	/** All that there were in this process. */
	static readonly all: RealHome[] = [];
	readonly folder = realpathSync(mkdtempSync(path.join(tmpdir(), 'mozart-real-')));

	constructor(private readonly cli: RealCli) {
		const named = process.env[cli.variable];
		RealHome.all.push(this);
		assert.ok(named, `${cli.variable} names no program`);
		accessSync(named);
		for (const name of ['bin', 'tmp']) mkdirSync(path.join(this.folder, name));
		symlinkSync(path.resolve(named), path.join(this.folder, 'bin', cli.program));
	}

	/** The whole environment of the CLI's parent. */
	env(url: string): Record<string, string> {
		return {
			PATH: [path.join(this.folder, 'bin'), path.dirname(process.execPath), process.env.PATH].join(path.delimiter),
			HOME: this.folder,
			// Gemini CLI leaves a report of each error there.
			TMPDIR: path.join(this.folder, 'tmp'),
			TZ: 'UTC',
			LANG: 'C.UTF-8',
			...this.cli.settle(this.folder, url),
		};
	}

	forgetSessions(): void {
		rmSync(path.join(this.folder, this.cli.sessions), {recursive: true, force: true});
	}

	/** What runs with this home in its environment, by its command line. Linux tells; elsewhere nothing is known. */
	processes(): string[] {
		if (process.platform !== 'linux') return [];
		const home = Buffer.from(`HOME=${this.folder}\0`);
		return listPids().flatMap(pid => {
			try {
				if (!readFileSync(`/proc/${pid}/environ`).includes(home)) return [];
				return [`${pid} ${readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ')}`];
			} catch {
				return [];
			}
		});
	}

	remove(): void {
		rmSync(this.folder, {recursive: true, force: true, maxRetries: 5});
	}
}

/** Why its stories are left out; false where they are told. */
export const skipReason = ({title, variable}: RealCli): string | false =>
	process.env[variable] ? false : `${title} is not named in ${variable}: npm run test:clis installs it and does`;
