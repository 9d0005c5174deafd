import {git, shallowBoundary} from './git.mjs';
import {ReviewError} from './review-error.mjs';

// NUL stands between all parts of the output: no message and no file name can hold one.
const format = '--format=%H%x00%P%x00%B%x00';
const options = ['--raw', '--numstat', '-M', '--no-relative', '--no-ext-diff', '--no-show-signature'];

/**
 * The commits with these hashes, in their order, by one call of git. Each file has its `path` (after a rename the new
 * one), `status` (git's letter: A, D, M, R, T), `added` and `deleted` lines, and `binary`, which has none. A merge and
 * a commit at the edge of a shallow clone have no files.
 */
export function readCommits(repository, hashes) {
	const output = git(repository, [
		...['-c', 'log.showRoot=true', 'log', '--no-walk=unsorted', '-z', '--encoding=UTF-8'],
		...[...options, format, ...hashes, '--'],
	]);
	const edge = shallowBoundary(repository);
	const commits = parseCommits(output);
	return hashes.map((hash, index) => {
		const commit = commits[index];
		if (!commit?.id.startsWith(hash)) throw new ReviewError(`git shows another commit for ${hash} than was asked for.`);
		const shallow = edge.has(commit.id);
		return {...commit, hash, shallow, files: shallow ? [] : commit.files};
	});
}

function parseCommits(output) {
	const parts = output.split('\0');
	const commits = [];
	let at = 0;
	const next = () => parts[at++] ?? '';
	const skipEmpty = () => {
		while (at < parts.length && parts[at].trim() === '') at++;
	};

	for (skipEmpty(); at < parts.length; skipEmpty()) {
		const id = next().trim();
		const parents = next().split(' ').filter(Boolean);
		const message = next();
		skipEmpty();
		commits.push({id, merge: parents.length > 1, ...readMessage(message), files: readFiles()});
	}
	return commits;

	function readFiles() {
		const statuses = new Map();
		const files = [];
		for (;;) {
			const raw = /^\n?:.* ([A-Z])\d*$/.exec(parts[at] ?? '');
			if (!raw) break;
			at++;
			const old = next();
			statuses.set('RC'.includes(raw[1]) ? next() : old, raw[1]);
		}
		for (;;) {
			const counts = /^\n?(\d+|-)\t(\d+|-)\t(.*)$/s.exec(parts[at] ?? '');
			if (!counts) break;
			at++;
			const [, added, deleted, name] = counts;
			// A renamed file has an empty name here, and its old and new one in the next two parts.
			if (name === '') at++;
			const path = name === '' ? next() : name;
			const binary = added === '-';
			const lines = binary ? {added: 0, deleted: 0} : {added: Number(added), deleted: Number(deleted)};
			files.push({path, status: statuses.get(path) ?? 'M', binary, ...lines});
		}
		return files;
	}
}

/** The subject is the first line; `gap` tells whether the line after it is empty or missing, as git wants it. */
function readMessage(message) {
	const [subject = '', second = '', ...rest] = message.trim().split(/\r?\n/);
	return {
		subject: subject.trim(),
		gap: second.trim() === '',
		body: [second, ...rest].filter(line => line.trim() !== ''),
	};
}

/** Sums over all files of all commits given. */
export function totalsOf(commits) {
	const files = commits.flatMap(commit => commit.files);
	return {
		files: files.length,
		added: files.reduce((sum, file) => sum + file.added, 0),
		deleted: files.reduce((sum, file) => sum + file.deleted, 0),
		binary: files.filter(file => file.binary).length,
		renamed: files.filter(file => file.status === 'R').length,
	};
}
