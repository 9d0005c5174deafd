import stringWidth from 'string-width';
import {spinnerSigns} from './theme.js';

/** What stands for a sign of ours. Each takes one cell, as the sign does. */
const standIns: Readonly<Record<string, string>> = {
	...Object.fromEntries([...'─━–—·'].map(sign => [sign, '-'])),
	...Object.fromEntries([...'│┃'].map(sign => [sign, '|'])),
	...Object.fromEntries([...'┬├┴┤┼┌┐└┘╭╮╰╯'].map(sign => [sign, '+'])),
	...Object.fromEntries(spinnerSigns.map((sign, at) => [sign, '|/-\\'[at % 4]!])),
	...{'█': '#', '▓': '!', '▒': '~', '░': '.', '…': '~'},
	...{'›': '>', '▶': '*', '◼': '#', '◔': '~', '‖': '=', '✓': '+', '✗': 'x', '↷': '/'},
	...{'▲': '^', '▼': 'v', '↑': '^', '↓': 'v', '←': '<', '→': '>', '↵': '<', '×': 'x'},
	...{'“': '"', '”': '"', '‘': "'", '’': "'"},
};

const segmenter = new Intl.Segmenter(undefined, {granularity: 'grapheme'});

/** A text of the same width in cells in ASCII: letters lose their accents, what has no likeness becomes question marks. */
export function toAscii(text: string): string {
	return text.replace(/[^\0-\x7f]+/g, run =>
		Array.from(segmenter.segment(run), ({segment}) => standIn(segment)).join(''),
	);
}

function standIn(sign: string): string {
	const known = standIns[sign];
	if (known !== undefined) return known;
	const cells = stringWidth(sign);
	const bare = sign.normalize('NFKD').replace(/\p{Mark}/gu, '');
	return bare.length === cells && /^[ -~]+$/.test(bare) ? bare : '?'.repeat(cells);
}

/** A terminal that gets ASCII alone, whoever writes to it. */
export function asciiOnly(stdout: NodeJS.WriteStream): NodeJS.WriteStream {
	return new Proxy(stdout, {
		get(target, key) {
			if (key === 'write') {
				return (chunk: string | Uint8Array, ...rest: []) =>
					target.write(typeof chunk === 'string' ? toAscii(chunk) : chunk, ...rest);
			}
			const value: unknown = Reflect.get(target, key);
			return typeof value === 'function' ? value.bind(target) : value;
		},
	});
}
