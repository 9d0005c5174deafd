import type {Budget} from './budget.js';
import {floatDigits, grouped, plainFloat} from './format-number.js';
import {lookupAttribute, lookupItem} from './members.js';
import {Problem} from './problem.js';
import {chars, repr, str} from './python-text.js';
import {type Arguments, article, asNumber, isFloat, type Value} from './values.js';

/** Python's `'{0} {name:>5}'.format(…)`, with one level of braces inside a format. */
export function formatBraces(text: string, args: Arguments, budget: Budget): string {
	let automatic = 0;
	const fieldValue = (path: string): Value => {
		const match = /^([^.[]*)(.*)$/su.exec(path);
		let first = match?.[1] ?? '';
		if (first === '') {
			first = String(automatic);
			automatic += 1;
		}
		let value = /^\d+$/.test(first) ? args.positional[Number(first)] : args.named.get(first);
		if (value === undefined) throw new Problem(`the format has no value for {${first}}`);
		for (const step of (match?.[2] ?? '').matchAll(/\.([^.[]+)|\[([^\]]{1,60})\]/g)) {
			if (step[1] !== undefined) value = lookupAttribute(value, step[1], budget);
			else {
				const key = step[2] ?? '';
				value = lookupItem(value, /^\d+$/.test(key) ? Number(key) : key, budget);
			}
		}
		return value;
	};
	const fill = (part: string, depth: number): string => {
		let out = '';
		let at = 0;
		while (at < part.length) {
			const char = part[at] ?? '';
			if (char === '{' || char === '}') {
				if (depth === 0 && part[at + 1] === char) {
					out += char;
					at += 2;
					continue;
				}
				const end = char === '{' ? closing(part, at) : -1;
				if (end < 0) throw new Problem(`a single “${char}” in a format; write it twice`);
				const [, path = '', conversion, spec = ''] =
					/^([^!:]*)(?:!([rsa]))?(?::(.*))?$/su.exec(part.slice(at + 1, end)) ?? [];
				const value = fieldValue(path);
				const wanted = depth < 1 ? fill(spec, depth + 1) : spec;
				out +=
					conversion === undefined
						? formatSpec(value, wanted, budget)
						: formatSpec(conversion === 's' ? str(value, budget) : repr(value, budget), wanted, budget);
				at = end + 1;
			} else {
				out += char;
				at += 1;
			}
			if ((at & 1023) === 0) budget.step();
		}
		budget.text(out.length);
		return out;
	};
	return fill(text, 0);
}

function closing(text: string, start: number): number {
	let open = 0;
	for (let at = start; at < text.length; at += 1) {
		if (text[at] === '{') open += 1;
		if (text[at] === '}') open -= 1;
		if (open === 0) return at;
	}
	return -1;
}

const specification =
	/^(?:(?<fill>.)?(?<align>[<>=^]))?(?<sign>[-+ ])?(?<alternate>#)?(?<zero>0)?(?<width>\d+)?(?<group>[,_])?(?:\.(?<precision>\d+))?(?<type>[a-zA-Z%])?$/su;

/** Python's format language for one value: `>10`, `05.2f`, `,`. */
export function formatSpec(value: Value, spec: string, budget: Budget): string {
	if (spec === '') return str(value, budget);
	const groups = specification.exec(spec)?.groups;
	if (!groups) throw new Problem(`“${spec}” is no format that Python knows`);
	const width = Number(groups.width ?? 0);
	const precision = groups.precision === undefined ? undefined : Number(groups.precision);
	budget.text(Math.max(width, precision ?? 0));
	const number = asNumber(value);
	if (number === undefined && typeof value !== 'string') {
		throw new Problem(`the format “${spec}” does not fit ${article(value)}: make it a text first, as in {!s:${spec}}`);
	}
	let sign = '';
	let body: string;
	if (number === undefined || groups.type === 's') {
		if (number !== undefined || groups.group || groups.sign || (groups.type !== undefined && groups.type !== 's')) {
			throw new Problem(`the format “${spec}” does not fit ${article(value)}`);
		}
		body = str(value, budget);
		if (precision !== undefined) body = chars(body).slice(0, precision).join('');
	} else {
		const negative = number < 0 || Object.is(number, -0);
		sign = negative ? '-' : groups.sign === '+' || groups.sign === ' ' ? groups.sign : '';
		body = digitsOf(value, number, groups.type, precision, groups.alternate !== undefined, spec);
		if (groups.group) body = grouped(body, groups.group, /[xXob]/.test(groups.type ?? '') ? 4 : 3);
	}
	const filler = groups.fill ?? (groups.zero && !groups.align ? '0' : ' ');
	const align = groups.align ?? (groups.zero && number !== undefined ? '=' : number === undefined ? '<' : '>');
	const pad = Math.max(0, width - chars(sign + body).length);
	if (align === '<') return sign + body + filler.repeat(pad);
	if (align === '>') return filler.repeat(pad) + sign + body;
	if (align === '=') return sign + filler.repeat(pad) + body;
	const before = Math.floor(pad / 2);
	return filler.repeat(before) + sign + body + filler.repeat(pad - before);
}

function digitsOf(
	value: Value,
	number: number,
	type: string | undefined,
	precision: number | undefined,
	alternate: boolean,
	spec: string,
): string {
	if (type === '%') return `${floatDigits(number * 100, 'f', precision)}%`;
	if (type !== undefined && /[eEfFgG]/.test(type)) return floatDigits(number, type, precision, alternate);
	if (isFloat(value)) {
		if (type !== undefined) throw new Problem(`the format “${spec}” does not fit a float`);
		return plainFloat(number, precision);
	}
	if (precision !== undefined)
		throw new Problem(`the format “${spec}” does not fit an int: “.${precision}” is for floats`);
	const size = typeof value === 'bigint' ? value : BigInt(number);
	const positive = size < 0n ? -size : size;
	switch (type) {
		case undefined:
		case 'd':
		case 'n':
			return positive.toString();
		case 'x':
			return (alternate ? '0x' : '') + positive.toString(16);
		case 'X':
			return (alternate ? '0X' : '') + positive.toString(16).toUpperCase();
		case 'o':
			return (alternate ? '0o' : '') + positive.toString(8);
		case 'b':
			return (alternate ? '0b' : '') + positive.toString(2);
		case 'c':
			return String.fromCodePoint(Number(positive));
		default:
			throw new Problem(`the format “${spec}” does not fit an int`);
	}
}
