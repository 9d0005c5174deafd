import {Text} from 'ink';
import {shownLine} from '../../headless/find-text.js';
import {hasMatch, type Piece, piecesOf} from '../reading/highlight.js';
import type {Doc, DocRow} from '../reading/place.js';
import type {Search} from '../reading/reading.js';
import type {LineLook} from '../styled-line.js';
import {lineLooks} from '../theme.js';
import {Line} from './line.js';
import {Tint} from './tint.js';

type Props = {
	rows: readonly DocRow[];
	/** Empty cells left of the text. */
	indent: number;
	search?: {doc: Doc; search: Search} | undefined;
};

/** Rows of a text. Neighbours that look alike are one piece: a frame costs by its pieces. */
export function Rows({rows, indent, search}: Props) {
	const margin = ' '.repeat(indent);
	const spans: {look: LineLook; pieces: Piece[]}[] = [];
	for (const row of rows) {
		const pieces = inPieces(row, margin, search);
		const last = spans.at(-1);
		const [above] = last?.look === row.look && last.pieces.length === 1 ? last.pieces : [];
		if (above && pieces.length === 1) above.text += `\n${pieces[0]?.text}`;
		else spans.push({look: row.look, pieces});
	}
	return (
		<Line>
			{spans.map(({look, pieces}, at) => (
				// The place is what a span is known by: its text changes as the text moves.
				// biome-ignore lint/suspicious/noArrayIndexKey: see above
				<Tint key={at} {...lineLooks[look]}>
					{pieces.map((piece, index) => (
						// biome-ignore lint/suspicious/noArrayIndexKey: see above
						<Text key={index} {...pieceLooks[piece.as]}>
							{piece.text}
						</Text>
					))}
					{at < spans.length - 1 ? '\n' : ''}
				</Tint>
			))}
		</Line>
	);
}

const pieceLooks = {text: {}, match: {inverse: true}, current: {inverse: true, bold: true, underline: true}} as const;

/** One piece where nothing stands out. */
function inPieces(row: DocRow, margin: string, search: Props['search']): Piece[] {
	const whole = search?.doc.lines[row.line]?.text;
	if (!search || whole === undefined || !hasMatch(whole, search.search)) return [{text: margin + row.text, as: 'text'}];
	return [{text: margin, as: 'text'}, ...piecesOf(row, shownLine(whole), search.search)];
}
