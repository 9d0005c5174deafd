import type {Verdict} from '../core/verdict.js';

const longestOriginal = 3000;

export type CompletionInput = {
	verdicts: readonly Verdict[];
	/** The prompt of the batch's first attempt. */
	original: string;
	batchNumber: number;
	/** Which completion attempt this is, from 1. */
	attemptNumber: number;
	maxCompletions: number;
};

/** Asks a CLI that knows nothing of the earlier attempt to do what is missing, and only that. */
export function completionPrompt(input: CompletionInput): string {
	const {text, cut} = cutAtWord(input.original.trim(), longestOriginal);
	return [
		`Finish batch ${input.batchNumber}: an earlier attempt did part of the work. What it left is in place; what follows says what is missing.`,
		...parts(input),
		'## The original task',
		cut
			? `For reference. It is long, so only its beginning is given here (${text.length} of ${input.original.trim().length} characters):`
			: 'For reference:',
		'<original_task>',
		text + (cut ? ' […]' : ''),
		'</original_task>',
		ending,
	].join('\n\n');
}

/** As `completionPrompt`, for a session that goes on and so has the task and its own work before its eyes. */
export function continuationPrompt(input: Omit<CompletionInput, 'original'>): string {
	return [
		`Your work on batch ${input.batchNumber} was checked. Part of it is done; what follows says what is missing.`,
		...parts(input),
		ending,
	].join('\n\n');
}

const ending =
	'When you are done, all checks run again, the passed ones too. Do not stop before you have looked yourself that each failed check above now holds. Do not edit or weaken the checks.';

function parts({verdicts, attemptNumber, maxCompletions}: Omit<CompletionInput, 'original'>): string[] {
	const passed = verdicts.filter(verdict => verdict.passed);
	const failed = verdicts.filter(verdict => !verdict.passed);
	return [
		`This is completion attempt ${attemptNumber} of ${maxCompletions}. ${passed.length} of ${verdicts.length} checks passed.`,
		...(passed.length === 0
			? []
			: [
					`## Done (${passed.length}): do not redo these, and do not change the files they name unless a failed check below needs it`,
					passed.map(verdict => `- ${title(verdict)}`).join('\n'),
				]),
		...(failed.length === 0 ? [] : [`## Missing (${failed.length}): do these now`, failed.map(missing).join('\n\n')]),
	];
}

/** The rule's description and what was found, in one line. */
function title({description, message}: Verdict): string {
	return oneLine(description === undefined ? message : `${description}: ${message}`);
}

function missing(verdict: Verdict, index: number): string {
	const head = verdict.description ?? verdict.type.replaceAll('_', ' ');
	const lines = [
		`${index + 1}. ${oneLine(head)}`,
		`What is wrong: ${indented(verdict.message)}`,
		`Expected: ${indented(verdict.expected)}`,
		`Found: ${indented(verdict.actual)}`,
		`To do: ${instruction(verdict)}`,
	];
	return lines.join('\n   ');
}

/** What to do about a failed rule, by its type. */
function instruction({type}: Verdict): string {
	switch (type) {
		case 'file_exists':
			return 'create that file at exactly this path, with the content the task asks for.';
		case 'file_modified':
			return 'add this batch’s part to that file. It must really change: opening it or saving it unchanged does not count. Keep what is in it.';
		case 'content_contains':
			return 'make that file contain the expected text, letter by letter, with real content around it. Keep what is in it.';
		case 'content_regex':
			return 'make that file match the expected regular expression, with real content. Keep what is in it.';
		case 'command_succeeds':
			return 'find out why the command fails, put that right, and run it yourself until it succeeds.';
		default:
			return 'do what is needed for this check to pass.';
	}
}

const oneLine = (text: string) => text.replace(/\s+/g, ' ').trim();

/** Further lines stand below their first one, so that a list entry stays one. */
const indented = (text: string) => (text === '' ? '(nothing)' : text.trimEnd().replace(/\r?\n/g, '\n      '));

/** The beginning of a text up to a whole word, never in the middle of a character. */
function cutAtWord(text: string, most: number): {text: string; cut: boolean} {
	if (text.length <= most) return {text, cut: false};
	const space = text.slice(0, most + 1).search(/\s\S*$/);
	const end = space > most * 0.8 ? space : /[\ud800-\udbff]/.test(text[most - 1] ?? '') ? most - 1 : most;
	return {text: text.slice(0, end).trimEnd(), cut: true};
}
