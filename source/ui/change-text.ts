import {isDeepStrictEqual} from 'node:util';
import type {Rule} from '../config/schema.js';
import {type FieldChange, fieldChanges, type Opened, shown} from '../core/change.js';
import type {ImpactGroup, Part} from '../core/impact.js';
import type {Run} from '../core/run.js';
import {oneLine} from '../process/sanitize.js';
import {line, lines, type StyledLine} from './styled-line.js';
import {patchLines} from './tabs/file-diff.js';

/** Another job for a run, and all that is known of what it means. */
export type Change = {
	run: Run;
	next: Opened;
	groups: readonly ImpactGroup[];
	/** The text of the template file before and now, where both are known. */
	templates?: {before: string; after: string} | undefined;
	/** What a check of the file has to say. */
	warnings: readonly string[];
};

const partWords: Record<Part, string> = {prompt: 'another prompt', rules: 'other rules', backend: 'another backend'};

/** What another job means for the batches, then what is different in it, old and new. */
export function changeLines(change: Change): StyledLine[] {
	const {groups, warnings} = change;
	const toDo = groups.filter(({what}) => what !== 'stale');
	const stale = groups.filter(({what}) => what === 'stale');
	return [
		line('The job file has changed. Nothing is taken yet.', 'strong'),
		...(groups.length === 0 ? [line('No batch is another one: only how the run goes on.')] : []),
		...section('Batches to do', toDo.map(groupWords)),
		...section('Batches done', stale.map(groupWords)),
		...(stale.length > 0 ? [line('  They stay as they are; r runs one of them again.', 'dim')] : []),
		line(''),
		...fieldLines(change),
		...warnings.flatMap(warning => [line(''), ...lines(warning, 'dim')]),
	];
}

const section = (title: string, items: readonly string[]): StyledLine[] =>
	items.length === 0 ? [] : [line(title, 'place'), ...items.map(item => line(`  ${item}`))];

function groupWords({what, parts, batches}: ImpactGroup): string {
	const different = parts.map(part => partWords[part]).join(', ');
	return `${rangesOf(batches)}: ${whatWords[what]}${different}`;
}

const whatWords: Record<ImpactGroup['what'], string> = {
	added: 'new',
	removed: 'fall away',
	recut: 'other items',
	skipped: 'behind the last item now: skipped',
	requeued: 'their items are back: queued again',
	pending: '',
	stale: 'stale: today with ',
};

/** `1-3, 7`: numbers in order, as short as can be. */
export function rangesOf(numbers: readonly number[]): string {
	const parts: string[] = [];
	for (let at = 0; at < numbers.length; ) {
		let end = at;
		while (numbers[end + 1] === (numbers[end] ?? 0) + 1) end++;
		parts.push(end === at ? String(numbers[at]) : `${numbers[at]}-${numbers[end]}`);
		at = end + 1;
	}
	return parts.join(', ');
}

function fieldLines({run, next, templates}: Change): StyledLine[] {
	const changes = fieldChanges(run.job, next.job);
	const found = changes.flatMap(change => (change.path === 'validations' ? ruleLines(run, next) : valueLines(change)));
	const isInline = changes.some(({path}) => path === 'prompt.template');
	if (run.template !== next.template && !isInline) {
		found.push(line('the prompt template’s text', 'strong'));
		const patch = templates && patchLines(templates.before, templates.after);
		found.push(...(patch ?? [line('  has changed; how it was is not known any more', 'dim')]));
	}
	const added = (next.items?.length ?? 0) - (run.items?.length ?? 0);
	if (added > 0) found.push(line(`${added} new ${added === 1 ? 'item' : 'items'}`, 'strong'));
	return found;
}

/** A text of several lines is shown by what differs in it. */
function valueLines({path, before, after}: FieldChange): StyledLine[] {
	const isLong = [before, after].some(value => typeof value === 'string' && value.includes('\n'));
	const patch = isLong && typeof before === 'string' && typeof after === 'string' && patchLines(before, after);
	if (patch) return [line(path, 'strong'), ...patch];
	return [line(`${path}: ${oneLine(shown(before))} → ${oneLine(shown(after))}`)];
}

function ruleLines(run: Run, next: Opened): StyledLine[] {
	const [before, after] = [run.job.validations, next.job.validations];
	const without = (rules: readonly Rule[], others: readonly Rule[]) =>
		rules.filter(rule => !others.some(other => isDeepStrictEqual(rule, other)));
	const [gone, come] = [without(before, after), without(after, before)];
	return [
		line('validations', 'strong'),
		...gone.map(rule => line(`- ${ruleWords(rule)}`, 'removed')),
		...come.map(rule => line(`+ ${ruleWords(rule)}`, 'added')),
		...(gone.length + come.length === 0 ? [line('  in another order', 'dim')] : []),
	];
}

const ruleWords = ({type, ...rest}: Rule): string =>
	[type, ...Object.entries(rest).map(([key, value]) => `${key}: ${oneLine(String(value))}`)].join('  ');
