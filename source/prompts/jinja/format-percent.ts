import type {Budget} from './budget.js';
import {floatDigits} from './format-number.js';
import {Problem} from './problem.js';
import {chars, repr, str} from './python-text.js';
import {article, asNumber, Dict, isFloat, Tuple, type Value} from './values.js';

const directive =
	/%(?:\((?<name>[^)]{0,60})\))?(?<flags>[-#0 +]*)(?<width>\d+|\*)?(?:\.(?<precision>\d+|\*)?)?[hlL]?(?<type>.|$)/gsu;

/** Python's `text % values`: values are a tuple, a dict for `%(name)s`, or one value. */
export function formatPercent(text: string, values: Value, budget: Budget): string {
	const list: Value[] = values instanceof Tuple ? values : [values];
	let used = 0;
	const next = (): Value => {
		const value = list[used];
		used += 1;
		if (value === undefined) throw new Problem(`“${short(text)}” needs more than ${list.length} value(s) to fill in`);
		return value;
	};
	const whole = (digits: string | undefined): number | undefined => {
		if (digits === undefined) return undefined;
		const size = digits === '*' ? asNumber(next()) : Number(digits);
		if (size === undefined) throw new Problem('* in a format needs a number');
		budget.text(Math.abs(size));
		return size;
	};
	const fill = (match: RegExpExecArray): string => {
		const groups: Record<string, string | undefined> = match.groups ?? {};
		const type = groups.type ?? '';
		if (type === '%') return '%';
		const flags = new Set(groups.flags);
		const width = whole(groups.width) ?? 0;
		const dotted = match[0].includes('.') && groups.precision === undefined ? 0 : undefined;
		const precision = whole(groups.precision) ?? dotted;
		let value: Value;
		if (groups.name === undefined) value = next();
		else {
			if (!(values instanceof Dict)) throw new Problem(`%(${groups.name}) needs named values`);
			const found = values.get(groups.name);
			if (found === undefined) throw new Problem(`“${short(text)}” needs a value named “${groups.name}”`);
			used = list.length;
			value = found;
		}
		const filled = one(type, value, flags, precision, budget);
		const pad = Math.max(Math.abs(width) - chars(filled.sign + filled.text).length, 0);
		budget.text(pad + filled.text.length);
		if (flags.has('-') || width < 0) return filled.sign + filled.text + ' '.repeat(pad);
		if (flags.has('0') && filled.number) return filled.sign + '0'.repeat(pad) + filled.text;
		return ' '.repeat(pad) + filled.sign + filled.text;
	};
	let result = '';
	let done = 0;
	for (const match of text.matchAll(directive)) {
		result += text.slice(done, match.index) + fill(match);
		done = match.index + match[0].length;
	}
	result += text.slice(done);
	if (values instanceof Tuple && used < list.length) throw new Problem(`“${short(text)}” has no place for all values`);
	if (!Array.isArray(values) && !(values instanceof Dict) && used === 0) {
		throw new Problem(`“${short(text)}” has no place for the value`);
	}
	budget.text(result.length);
	return result;
}

type Filled = {sign: string; text: string; number: boolean};

function one(type: string, value: Value, flags: Set<string>, precision: number | undefined, budget: Budget): Filled {
	const plus = flags.has('+') ? '+' : flags.has(' ') ? ' ' : '';
	const clip = (text: string): Filled => ({
		sign: '',
		text: precision === undefined ? text : chars(text).slice(0, precision).join(''),
		number: false,
	});
	switch (type) {
		case 's':
			return clip(str(value, budget));
		case 'r':
		case 'a':
			return clip(repr(value, budget));
		case 'c': {
			if (typeof value === 'string' && chars(value).length === 1) return clip(value);
			const code = asNumber(value);
			if (code === undefined || !(code >= 0 && code <= 0x10ffff)) throw new Problem('%c needs one character');
			return clip(String.fromCodePoint(Math.trunc(code)));
		}
		case 'd':
		case 'i':
		case 'u':
		case 'x':
		case 'X':
		case 'o': {
			const number = asNumber(value);
			if (number === undefined || !Number.isFinite(number) || (isFloat(value) && /[xXo]/.test(type))) {
				throw new Problem(`%${type} needs a whole number, not ${article(value)}`);
			}
			const size = typeof value === 'bigint' ? value : BigInt(Math.trunc(number));
			const base = type === 'o' ? 8 : type === 'x' || type === 'X' ? 16 : 10;
			let digits = (size < 0n ? -size : size).toString(base).padStart(precision ?? 0, '0');
			if (flags.has('#') && base !== 10) digits = (base === 8 ? '0o' : '0x') + digits;
			return {
				sign: size < 0n ? '-' : plus,
				text: type === 'X' ? digits.toUpperCase() : digits,
				number: true,
			};
		}
		case 'e':
		case 'E':
		case 'f':
		case 'F':
		case 'g':
		case 'G': {
			const number = asNumber(value);
			if (number === undefined) throw new Problem(`%${type} needs a number, not ${article(value)}`);
			return {
				sign: number < 0 || Object.is(number, -0) ? '-' : plus,
				text: floatDigits(number, type, precision, flags.has('#')),
				number: true,
			};
		}
		default:
			throw new Problem(`%${type} is not known in a format; %s puts in any value, %% is a percent sign`);
	}
}

const short = (text: string) => (text.length > 60 ? `${text.slice(0, 57)}...` : text);
