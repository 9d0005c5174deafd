import {rulesPass} from '../../headless/words.js';
import {oneLine} from '../../process/sanitize.js';
import type {KeptAttempt} from '../../store/kept-attempt.js';
import {type LineLook, line, lines, type StyledLine} from '../styled-line.js';
import {lastTryWords} from './attempts-text.js';
import type {NameOf} from './evidence.js';
import {fileDiffLines} from './file-diff.js';

/** What the verdicts alone do not tell. */
type About = {
	nameOf: NameOf;
	/** Had this attempt failed too, the batch would have. */
	lastTry: boolean;
};

/**
 * What the rules said of one attempt: failing rules first, each with expected against actual; then how watched files
 * have changed.
 */
export function validationLines(
	shown: KeptAttempt,
	before: KeptAttempt | undefined,
	{nameOf, lastTry}: About,
): StyledLine[] {
	const {verdicts, attempt} = shown;
	if (!verdicts) return [line(`The rules have not been checked for attempt ${attempt}.`, 'dim')];
	if (verdicts.length === 0) return [line('The job has no rules: how it ended is the verdict.', 'dim')];
	const passed = verdicts.filter(verdict => verdict.passed).length;
	const sorted = [...verdicts].sort((a, b) => Number(a.passed) - Number(b.passed));
	return [
		line(
			`attempt ${attempt}: ${rulesPass(passed, verdicts.length)}${lastTry ? ` · ${lastTryWords}` : ''}`,
			passed === verdicts.length ? 'good' : 'bad',
		),
		...sorted.flatMap(verdict => {
			const flipped = flipOf(verdict, before);
			const head = `${verdict.passed ? '✓' : '✗'} ${nameOf(verdict)}${flipped}`;
			const look = verdict.passed ? 'dim' : 'plain';
			return [
				line(head, verdict.passed ? 'good' : 'bad'),
				...labelled('expected', verdict.expected, look),
				...labelled('actual  ', verdict.actual, look),
				...(verdict.passed ? [] : [line(`  ${oneLine(verdict.message)}`, 'dim')]),
			];
		}),
		...shown.files.flatMap(file => [line(''), ...fileDiffLines(file)]),
	];
}

function flipOf({rule, passed}: {rule: number; passed: boolean}, before: KeptAttempt | undefined): string {
	const earlier = before?.verdicts?.find(verdict => verdict.rule === rule);
	if (!earlier || earlier.passed === passed) return '';
	return passed ? '  (failed before)' : '  (passed before)';
}

const labelled = (label: string, text: string, look: LineLook): StyledLine[] =>
	lines(text).map(({text: one}, index) => line(`  ${index === 0 ? label : ' '.repeat(label.length)} ${one}`, look));
