import type {Place} from './place.js';

/** One thing to say about a job before it runs, with its place. An error means: this job cannot run. */
export type Finding = Place & {
	severity: 'error' | 'warning';
	message: string;
	/** What to write in that place instead, letter by letter. */
	mend?: string;
};

const widest = 100;
const most = 100;
const longest = 2000;
const controls = /[\0-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029\u200e\u200f\u202a-\u202e\u2066-\u2069]/g;

/** Lines of text for a person: place and message, the source line with a caret, the mend. Job files are data: control characters are blotted out. */
export function formatFinding(finding: Finding, source: string): string {
	const head = `${finding.file}:${finding.line}:${finding.column}: ${finding.severity}: ${finding.message}`;
	const lines = [blot(head)];
	const sourceLine = finding.sourceLine ?? lineOf(source, finding.line);
	if (sourceLine !== '') lines.push(...snippet(finding, sourceLine));
	if (finding.mend !== undefined) lines.push(`  write: ${finding.mend.split('\n').map(blot).join('\n         ')}`);
	return lines.join('\n');
}

/** Findings by file and place, the job file's own first, each only once, and no more of them than a person would read. */
export function sortFindings(findings: readonly Finding[]): Finding[] {
	const readable = findings.map(cut).toSorted(ownFirst);
	const files = [...new Set(readable.map(finding => finding.file))];
	const sorted = readable.toSorted(
		(a, b) => files.indexOf(a.file) - files.indexOf(b.file) || a.line - b.line || a.column - b.column,
	);
	const seen = new Set<string>();
	return bounded(
		sorted.filter(({file, line, column, message}) => {
			// An aliased value brings one fault at several paths.
			const key = JSON.stringify([file, line, column, message.replace(/\.\d+/g, '.*')]);
			return !seen.has(key) && seen.add(key);
		}),
	);
}

/** A name in a hostile file can be as long as the file. */
function cut(finding: Finding): Finding {
	const {mend, ...rest} = finding;
	const message = rest.message.length > longest ? `${rest.message.slice(0, longest)}…` : rest.message;
	return {...rest, message, ...(mend === undefined || mend.length > longest ? {} : {mend})};
}

function bounded(findings: Finding[]): Finding[] {
	const rest = findings.slice(most);
	if (rest.length < 2 || rest[0] === undefined) return findings;
	const {mend: _, ...place} = rest[0];
	const severity = rest.some(finding => finding.severity === 'error') ? 'error' : 'warning';
	const message = `${rest.length} more findings follow from here on: mend those above first`;
	return [...findings.slice(0, most), {...place, severity, message}];
}

const ownFirst = (a: Finding, b: Finding) => Number(a.sourceLine !== undefined) - Number(b.sourceLine !== undefined);

const blot = (text: string) => text.replace(controls, '�').toWellFormed();

function lineOf(source: string, line: number): string {
	return (source.split('\n', line)[line - 1] ?? '').replace(/\r$/, '');
}

function snippet({line, column, length}: Finding, sourceLine: string): string[] {
	const at = Math.min(column - 1, sourceLine.length);
	const from = sourceLine.length <= widest ? 0 : Math.max(0, Math.min(at - widest / 2, sourceLine.length - widest));
	const shown = sourceLine.slice(from, from + widest);
	const before = from > 0 ? '…' : '';
	const after = from + widest < sourceLine.length ? '…' : '';
	// Tabs are kept in the caret's line, so that both lines widen alike in every terminal.
	const indent = before.replace('…', ' ') + shown.slice(0, at - from).replace(/[^\t]/g, ' ');
	const marks = Math.max(1, Math.min(length, shown.length - (at - from)));
	const gutter = String(line);
	const blank = ' '.repeat(gutter.length);
	return [`${blank} |`, `${gutter} | ${before}${blot(shown)}${after}`, `${blank} | ${indent}^${'~'.repeat(marks - 1)}`];
}
