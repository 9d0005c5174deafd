import {totalsOf} from './commits.mjs';
import {plural, report, table} from './markdown.mjs';
import {isBuild, isCode, isLock, isSensitive, isTest} from './paths.mjs';

const manyLines = 400;
const manyFiles = 20;

/** Files of a commit that a test on their paths picks, as a reason with the first name; undefined when there is none. */
const touched = (what, pick) => commit => {
	const found = commit.files.filter(file => pick(file.path));
	if (found.length === 0) return undefined;
	return `${what} ${found[0].path}${found.length > 1 ? ` and ${found.length - 1} more` : ''}`;
};

/** Each sign of risk: what it is worth, what it means, and the reason it finds in a commit, if it does. */
const signs = [
	{points: 2, means: 'a sensitive place is touched', finds: touched('sensitive:', isSensitive)},
	{
		points: 2,
		means: 'a test file is deleted',
		finds: ({files}) => touched('deletes test', isTest)({files: files.filter(({status}) => status === 'D')}),
	},
	{
		points: 2,
		means: `more than ${manyLines} lines are added or deleted, lock files apart`,
		finds: ({files}) => {
			const {added, deleted} = totalsOf([{files: files.filter(file => !isLock(file.path))}]);
			return added + deleted > manyLines ? `large: ${added + deleted} lines` : undefined;
		},
	},
	{
		points: 1,
		means: `more than ${manyFiles} files are touched`,
		finds: ({files}) => (files.length > manyFiles ? `wide: ${files.length} files` : undefined),
	},
	{points: 1, means: 'a file of the build or the CI is touched', finds: touched('build or CI:', isBuild)},
	{points: 1, means: 'a lock file is touched', finds: touched('lock file:', isLock)},
	{
		points: 1,
		means: 'code is touched and no test is',
		finds: ({files}) => {
			const code = files.filter(file => isCode(file.path)).length;
			return code > 0 && !files.some(file => isTest(file.path)) ? `${plural(code, 'code file')}, no test` : undefined;
		},
	},
	{
		points: 1,
		means: 'a binary file is touched, which no diff shows',
		finds: ({files}) => {
			const {binary} = totalsOf([{files}]);
			return binary > 0 ? plural(binary, 'binary file') : undefined;
		},
	},
];

const levelOf = points => (points >= 4 ? 'high' : points >= 2 ? 'medium' : 'low');

/** How risky a commit is: `points`, `level` (high, medium, low, or unknown) and the `reasons`. */
export function riskOf(commit) {
	if (commit.shallow) return {points: 0, level: 'unknown', reasons: ['its parent is not in this shallow clone']};
	if (commit.merge) return {points: 0, level: 'low', reasons: ['merge: its commits are judged one by one']};
	const found = signs.flatMap(({points, finds}) => {
		const reason = finds(commit);
		return reason === undefined ? [] : [{points, reason}];
	});
	const points = found.reduce((sum, sign) => sum + sign.points, 0);
	return {points, level: levelOf(points), reasons: found.map(({reason}) => reason)};
}

export function riskReport(batch, commits) {
	const judged = commits.map(commit => ({commit, risk: riskOf(commit), totals: totalsOf([commit])}));
	const count = level => judged.filter(({risk}) => risk.level === level).length;
	const worst = judged.reduce((a, b) => (b.risk.points > a.risk.points ? b : a));
	return report({
		topic: 'Risk',
		batch,
		verdict: [
			`Of ${plural(commits.length, 'commit')}, ${count('high')} high, ${count('medium')} medium and ${count('low')} low in risk.`,
			count('unknown') > 0 && `${plural(count('unknown'), 'commit')} cannot be judged in a shallow clone.`,
			worst.risk.points > 0
				? `Look first at ${worst.commit.hash}, with ${plural(worst.risk.points, 'point')}.`
				: 'None stands out.',
		],
		evidence: [
			table(
				['commit', 'points', 'risk', 'files', 'added', 'deleted', 'why', 'subject'],
				judged.map(({commit, risk, totals}) => [
					...[commit.hash, risk.points, risk.level, totals.files, totals.added, totals.deleted],
					...[risk.reasons.join('; ') || '–', commit.subject],
				]),
			),
		],
		method: [
			...signs.map(({points, means}) => `${plural(points, 'point')}: ${means}`),
			'4 points and more are high, 2 and 3 medium, fewer low. Names and sizes are looked at, not the code itself.',
		],
	});
}
