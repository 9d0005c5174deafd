import {totalsOf} from './commits.mjs';
import {plural, report, table} from './markdown.mjs';

const longest = 72;
const largeChange = 100;

/** Commands that only look like "adds", "added" or "adding". */
const imperatives = new Set(
	'alias bias bring canvas embed exceed feed focus need ping proceed speed string succeed swing'.split(' '),
);

/** Whether the first word, after a prefix such as "fix(ui):", is a command: yes, no, or "?" where it cannot be told. */
export function imperative(subject) {
	const word = /^(?:\w+(?:\([^)]*\))?!?: *)?([A-Za-z]+)(?=[\s,]|$)/.exec(subject)?.[1]?.toLowerCase();
	if (word === undefined) return '?';
	return imperatives.has(word) || !/(ed|ing|[^s]s)$/.test(word) ? 'yes' : 'no';
}

/** Everything measured of a message, and the `findings`: what to mend, in words. */
export function messageOf({subject, gap, body, merge, files}) {
	const totals = totalsOf([{files}]);
	const lines = totals.added + totals.deleted;
	const text = body.filter(line => !/^([A-Z][\w-]*-by|Change-Id): /.test(line));
	const measured = {
		length: [...subject].length,
		imperative: imperative(subject),
		period: /[^.]\.$/.test(subject),
		body: text.length,
		references: new Set([subject, ...body].join('\n').match(/(?<![\w&])#\d+|\bGH-\d+|\/issues\/\d+/g)).size,
	};
	const findings = [
		measured.length === 0 && 'has no subject',
		measured.length > longest && `subject is ${measured.length} characters long`,
		measured.period && 'subject ends with a period',
		measured.imperative === 'no' && 'subject is no command',
		/^(fixup!|squash!|wip\b)/i.test(subject) && 'is marked as unfinished',
		!gap && 'no empty line after the subject',
		!merge && lines > largeChange && measured.body === 0 && `no body for ${lines} lines`,
	].filter(Boolean);
	return {...measured, findings};
}

export function messagesReport(batch, commits) {
	const judged = commits.map(commit => ({commit, message: messageOf(commit)}));
	const mend = judged.filter(({message}) => message.findings.length > 0);
	const withBody = judged.filter(({message}) => message.body > 0).length;
	const withReference = judged.filter(({message}) => message.references > 0).length;
	return report({
		topic: 'Commit messages',
		batch,
		verdict: [
			mend.length === 0
				? `Nothing to mend in ${plural(commits.length, 'message')}.`
				: `${mend.length} of ${plural(commits.length, 'message')} could be better, ${mend[0].commit.hash} for one.`,
			`${withBody} with a body, ${withReference} with a reference to an issue.`,
		],
		evidence: [
			table(
				['commit', 'subject length', 'imperative', 'period', 'body lines', 'issues', 'to mend', 'subject'],
				judged.map(({commit, message}) => [
					...[commit.hash, message.length, message.imperative, message.period ? 'yes' : 'no'],
					...[message.body, message.references, message.findings.join('; ') || '–', commit.subject],
				]),
			),
		],
		method: [
			`A subject has at most ${longest} characters, no period, and reads as a command ("Add", not "Added" or "Adds").`,
			`A change of more than ${largeChange} lines has a body. Trailers such as Signed-off-by are no body.`,
			'Imperative is told by the end of the first word, "?" where that is no English word.',
		],
	});
}
