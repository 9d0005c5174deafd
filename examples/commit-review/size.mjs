import {totalsOf} from './commits.mjs';
import {plural, report, table} from './markdown.mjs';

/** Each file the commits touch, with the number of commits and of lines, the most touched first. */
export function churnOf(commits) {
	const churn = new Map();
	for (const {files} of commits) {
		for (const {path, added, deleted} of files) {
			const before = churn.get(path) ?? {commits: 0, lines: 0};
			churn.set(path, {commits: before.commits + 1, lines: before.lines + added + deleted});
		}
	}
	return [...churn].map(([path, counts]) => ({path, ...counts})).sort(byTouches);
}

export const byTouches = (a, b) => b.commits - a.commits || b.lines - a.lines || (a.path < b.path ? -1 : 1);

const figures = ({files, added, deleted, binary, renamed}) => [files, added, deleted, binary, renamed];

export function sizeReport(batch, commits) {
	const totals = totalsOf(commits);
	const churn = churnOf(commits);
	const again = churn.filter(file => file.commits > 1);
	const note = commit => (commit.shallow ? 'unknown: shallow clone' : commit.merge ? 'merge' : '');
	const largest = commits
		.map(commit => ({hash: commit.hash, ...totalsOf([commit])}))
		.reduce((a, b) => (b.added + b.deleted > a.added + a.deleted ? b : a));
	return report({
		topic: 'Size and churn',
		batch,
		verdict: [
			`${plural(commits.length, 'commit')} added ${plural(totals.added, 'line')} and deleted ${totals.deleted}, in ${plural(churn.length, 'different file')}.`,
			largest.added + largest.deleted > 0 &&
				`The largest is ${largest.hash}, with ${plural(largest.added + largest.deleted, 'line')}.`,
			again.length > 0
				? `${plural(again.length, 'file')} changed in more than one of them.`
				: 'No file changed in more than one of them.',
		],
		evidence: [
			table(
				['commit', 'files', 'added', 'deleted', 'binary', 'renamed', 'note', 'subject'],
				[
					...commits.map(commit => [commit.hash, ...figures(totalsOf([commit])), note(commit), commit.subject]),
					['total', ...figures(totals), '', ''],
				],
			),
			...(again.length > 0
				? [
						table(
							['touched more than once', 'commits', 'lines'],
							again.map(file => [file.path, file.commits, file.lines]),
						),
					]
				: []),
		],
		method: [
			'Lines are those of git show --numstat -M; a binary file counts as a file without lines.',
			'A renamed file counts under its new name. A merge counts none of its own.',
		],
	});
}
