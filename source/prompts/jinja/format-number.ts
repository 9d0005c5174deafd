import {fixed, scientific} from './decimal.js';
import {Problem} from './problem.js';
import {floatText} from './python-text.js';

/** A number without its sign in one of the notations that `%` and `format` share: e, f, g and their capitals. */
export function floatDigits(value: number, type: string, precision: number | undefined, alternate = false): string {
	const size = Math.abs(value);
	if (!Number.isFinite(size)) {
		const word = Number.isNaN(size) ? 'nan' : 'inf';
		return type === type.toUpperCase() && type !== '' ? word.toUpperCase() : word;
	}
	const places = precision ?? 6;
	switch (type) {
		case 'f':
		case 'F':
			return fixed(size, places);
		case 'e':
		case 'E':
			return exponentText(scientific(size, places), type);
		case 'g':
		case 'G':
			return general(size, Math.max(1, places), alternate, type === 'g' ? 'e' : 'E');
		default:
			throw new Problem(`“${type}” is no notation for a number`);
	}
}

function general(size: number, digits: number, keepZeros: boolean, letter: string): string {
	const parts = scientific(size, digits - 1);
	const trim = (text: string) => (keepZeros || !text.includes('.') ? text : text.replace(/\.?0+$/, ''));
	if (parts.exponent < -4 || parts.exponent >= digits) {
		return exponentText({mantissa: trim(parts.mantissa), exponent: parts.exponent}, letter);
	}
	return trim(fixed(size, Math.max(0, digits - 1 - parts.exponent)));
}

function exponentText({mantissa, exponent}: {mantissa: string; exponent: number}, letter: string): string {
	return `${mantissa}${letter}${exponent < 0 ? '-' : '+'}${String(Math.abs(exponent)).padStart(2, '0')}`;
}

/** Like `g`, but as Python prints a float when a format names no notation. */
export function plainFloat(value: number, precision: number | undefined): string {
	const size = Math.abs(value);
	if (precision === undefined || !Number.isFinite(size)) return floatText(size);
	const parts = scientific(size, Math.max(1, precision) - 1);
	if (parts.exponent < -4 || parts.exponent >= precision) return general(size, Math.max(1, precision), false, 'e');
	const text = general(size, Math.max(1, precision), false, 'e');
	return text.includes('.') ? text : `${text}.0`;
}

/** Puts a separator between groups of digits in front of the point. */
export function grouped(digits: string, separator: string, size = 3): string {
	const [whole = '', rest] = digits.split(/(?=[.e])/, 2);
	const tail = rest === undefined ? '' : digits.slice(whole.length);
	return whole.replace(new RegExp(`\\B(?=(?:[0-9a-fA-F]{${size}})+$)`, 'g'), separator) + tail;
}
