import {rulesPass} from '../../headless/words.js';
import {oneLine} from '../plain-text.js';
import {line, lines, type StyledLine} from '../styled-line.js';
import type {ShownAttempt} from './evidence.js';
import {fileDiffLines} from './file-diff.js';

/**
 * What the rules said of one attempt: failing rules first, each with expected against actual; then how watched files
 * have changed.
 */
export function validationLines(shown: ShownAttempt, before: ShownAttempt | undefined): StyledLine[] {
	const {verdicts, attempt} = shown;
	if (!verdicts) return [line(`The rules have not been checked for attempt ${attempt}.`, 'dim')];
	if (verdicts.length === 0) return [line('The job has no rules: exit code 0 is the verdict.', 'dim')];
	const passed = verdicts.filter(verdict => verdict.passed).length;
	const sorted = [...verdicts].sort((a, b) => Number(a.passed) - Number(b.passed));
	return [
		line(`attempt ${attempt}: ${rulesPass(passed, verdicts.length)}`, passed === verdicts.length ? 'good' : 'bad'),
		...sorted.flatMap(verdict => {
			const flipped = flipOf(verdict, before);
			const head = `${verdict.passed ? '✓' : '✗'} ${oneLine(verdict.description ?? verdict.type)}${flipped}`;
			if (verdict.passed) return [line(head, 'good')];
			return [
				line(head, 'bad'),
				...labelled('expected', verdict.expected),
				...labelled('actual  ', verdict.actual),
				line(`  ${oneLine(verdict.message)}`, 'dim'),
			];
		}),
		...shown.files.flatMap(file => [line(''), ...fileDiffLines(file)]),
	];
}

function flipOf({rule, passed}: {rule: number; passed: boolean}, before: ShownAttempt | undefined): string {
	const earlier = before?.verdicts?.find(verdict => verdict.rule === rule);
	if (!earlier || earlier.passed === passed) return '';
	return passed ? '  (failed before)' : '  (passed before)';
}

const labelled = (label: string, text: string): StyledLine[] =>
	lines(text).map(({text: one}, index) => line(`  ${index === 0 ? label : ' '.repeat(label.length)} ${one}`));
