/** @jsxImportSource hono/jsx */
import {structuredPatch} from 'diff';
import {oneLine, stripControls} from '../../process/sanitize.js';
import type {KeptFile} from '../../store/kept-attempt.js';

/** Unchanged lines shown around a change. */
const context = 3;
/** A diff that takes longer than this many edits is not worth its time. */
const mostEdits = 5000;
/** Lines of a diff on a page; a bound, so that it stays light. */
const mostLines = 2000;

/** A watched file before the batch's first attempt against after this attempt, as a unified diff. */
export function FileDiff({file}: {file: KeptFile}) {
	const {words, isBad, hunks} = diffOf(file);
	return (
		<div class="verdict">
			<h3>
				<code>{oneLine(file.path)}</code> <span class="soft">before the first attempt → after this one</span>
			</h3>
			{words !== undefined && <p class={isBad ? 'is-bad' : 'soft'}>{words}</p>}
			{hunks && (
				<table class="diff">
					<caption class="unseen">{`Changes of ${oneLine(file.path)}`}</caption>
					<thead class="unseen">
						<tr>
							<th scope="col">Line before</th>
							<th scope="col">Line after</th>
							<th scope="col">Text</th>
						</tr>
					</thead>
					<tbody>
						{hunks.map(({look, text, before, after}) => (
							<tr class={look}>
								<td class="at">{before}</td>
								<td class="at">{after}</td>
								<td>
									<Line look={look} text={text} />
								</td>
							</tr>
						))}
					</tbody>
				</table>
			)}
		</div>
	);
}

const Line = ({look, text}: Pick<DiffLine, 'look' | 'text'>) => {
	if (look === 'added') return <ins>{text}</ins>;
	if (look === 'removed') return <del>{text}</del>;
	return text;
};

type DiffLine = {look: 'place' | 'added' | 'removed' | 'same'; text: string; before?: number; after?: number};

/** What is said of a watched file: a sentence, or the lines of its diff. */
function diffOf({before, after, beforeText, afterText}: KeptFile): {
	words?: string;
	isBad?: boolean;
	hunks?: DiffLine[];
} {
	if (!after) return {words: 'not looked at yet'};
	if (!before?.exists && !after.exists) return {words: 'was not there, and is not there', isBad: true};
	if (!after.exists) return {words: 'was deleted', isBad: true};
	if (before?.exists && before.hash !== undefined && before.hash === after.hash)
		return {words: 'is the same', isBad: true};
	if ((before?.exists && beforeText === undefined) || afterText === undefined)
		return {
			words: `has changed: ${before?.size ?? 0} → ${after.size ?? 0} bytes (too large for a copy to be kept)`,
		};
	const patch = structuredPatch('before', 'after', beforeText ?? '', afterText, '', '', {
		context,
		maxEditLength: mostEdits,
	});
	if (!patch) return {words: 'has changed in so many places that the difference is not shown'};
	const lines = patch.hunks.flatMap(linesOf);
	if (lines.length <= mostLines) return {hunks: lines};
	return {
		words: `${lines.length - mostLines} more lines of the difference are not shown`,
		hunks: lines.slice(0, mostLines),
	};
}

function linesOf({oldStart, oldLines, newStart, newLines, lines}: Patch['hunks'][number]): DiffLine[] {
	let [before, after] = [oldStart, newStart];
	const place: DiffLine = {look: 'place', text: `@@ -${oldStart},${oldLines} +${newStart},${newLines} @@`};
	return [
		place,
		...lines.map((line): DiffLine => {
			const text = stripControls(line);
			if (line.startsWith('+')) return {look: 'added', text, after: after++};
			if (line.startsWith('-')) return {look: 'removed', text, before: before++};
			if (line.startsWith('\\')) return {look: 'place', text};
			return {look: 'same', text, before: before++, after: after++};
		}),
	];
}

type Patch = NonNullable<ReturnType<typeof structuredPatch>>;
