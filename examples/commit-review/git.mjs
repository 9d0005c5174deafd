import {execFileSync} from 'node:child_process';
import {readFileSync} from 'node:fs';
import path from 'node:path';
import {ReviewError} from './review-error.mjs';

/** Git's variables point at the repository of whoever started us, which need not be the one to review. */
const {GIT_DIR, GIT_WORK_TREE, GIT_INDEX_FILE, ...inherited} = process.env;
const env = {...inherited, LC_ALL: 'C', GIT_OPTIONAL_LOCKS: '0'};

/** What git prints. What it complains about becomes a `ReviewError` with the mend in it. */
export function git(repository, args) {
	try {
		return execFileSync('git', ['-C', repository, ...args], {
			encoding: 'utf8',
			env,
			maxBuffer: 2 ** 30,
			stdio: ['ignore', 'pipe', 'pipe'],
		});
	} catch (error) {
		throw new ReviewError(explain(repository, error));
	}
}

function explain(repository, error) {
	if (error.code === 'ENOENT') return 'The program git was not found. Install it, or put its folder on PATH.';
	const said = String(error.stderr ?? '').trim() || error.message;
	if (/not a git repository|cannot change to/.test(said)) {
		return `${repository} is not a git repository. Name one with --set prompt.variables.repository=FOLDER.`;
	}
	const unknown = /(?:ambiguous argument|bad object|bad revision) '?([0-9a-f]{7,64})/.exec(said)?.[1];
	if (unknown)
		return `The repository ${repository} has no commit ${unknown}. Was it rewritten? Run again with --fresh.`;
	return `git could not read ${repository}: ${said.split('\n')[0]}`;
}

/** Throws unless there is something to review. */
export function requireCommits(repository) {
	if (git(repository, ['rev-list', '--all', '-n', '1']) === '') {
		throw new ReviewError(`The repository ${repository} has no commits yet, so there is nothing to review.`);
	}
}

/** Full hashes of the commits whose parents a shallow clone has left out. What they changed cannot be known here. */
export function shallowBoundary(repository) {
	const file = path.resolve(repository, git(repository, ['rev-parse', '--git-path', 'shallow']).trim());
	try {
		return new Set(readFileSync(file, 'utf8').split('\n').filter(Boolean));
	} catch (error) {
		if (error.code === 'ENOENT') return new Set();
		throw error;
	}
}
