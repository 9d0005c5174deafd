import {execFileSync} from 'node:child_process';
import {mkdirSync, mkdtempSync, rmSync, writeFileSync} from 'node:fs';
import {tmpdir} from 'node:os';
import path from 'node:path';

const inherited = Object.entries(process.env).filter(([name]) => !name.startsWith('GIT_'));

/** An environment for git that knows nothing of the person or the repository that the tests run in. */
export const gitEnv: NodeJS.ProcessEnv = {
	...Object.fromEntries(inherited),
	GIT_CONFIG_GLOBAL: '/dev/null',
	GIT_CONFIG_NOSYSTEM: '1',
	GIT_AUTHOR_NAME: 'Ada',
	GIT_AUTHOR_EMAIL: 'ada@example.org',
	GIT_COMMITTER_NAME: 'Ada',
	GIT_COMMITTER_EMAIL: 'ada@example.org',
};

/** A git repository in a temporary folder. Commits are a minute apart, so that their order never depends on luck. */
export class SmallRepository {
	readonly folder = mkdtempSync(path.join(tmpdir(), 'mozart-repository-'));
	private minute = 0;

	constructor() {
		this.git('init', '-q', '-b', 'main');
	}

	git(...args: string[]): string {
		this.minute++;
		const date = new Date(Date.UTC(2026, 0, 1, 0, this.minute)).toISOString();
		return execFileSync('git', ['-C', this.folder, ...args], {
			encoding: 'utf8',
			env: {...gitEnv, GIT_AUTHOR_DATE: date, GIT_COMMITTER_DATE: date},
			stdio: ['ignore', 'pipe', 'pipe'],
		});
	}

	write(name: string, content: string | Uint8Array): void {
		const file = path.join(this.folder, name);
		mkdirSync(path.dirname(file), {recursive: true});
		writeFileSync(file, content);
	}

	/** Commits everything that changed, or nothing. */
	commit(message: string): void {
		this.git('add', '-A');
		this.git('commit', '-q', '--allow-empty', '--allow-empty-message', '--cleanup=verbatim', '-m', message);
	}

	/** Hashes as the job file's own items command prints them. */
	hashes(): string[] {
		return this.git('log', '--reverse', '--abbrev=12', '--format=%h').trim().split('\n');
	}

	remove(): void {
		rmSync(this.folder, {recursive: true, force: true});
	}
}

/** A line of text for each number from 1 to `count`. */
export const lines = (count: number) => Array.from({length: count}, (_, index) => `line ${index + 1}\n`).join('');
