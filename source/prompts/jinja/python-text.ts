import type {Budget} from './budget.js';
import {Problem} from './problem.js';
import {asNumber, Callable, Dict, isFloat, Tuple, Undefined, type Value, View} from './values.js';

/** A float as Python writes it: always with a point or an exponent, exponents from 1e16 and below 1e-4. */
export function floatText(value: number): string {
	if (Number.isNaN(value)) return 'nan';
	if (!Number.isFinite(value)) return value < 0 ? '-inf' : 'inf';
	if (value === 0) return Object.is(value, -0) ? '-0.0' : '0.0';
	const [mantissa = '', power = '0'] = value.toExponential().split('e');
	const exponent = Number(power);
	if (exponent < -4 || exponent >= 16) {
		return `${mantissa}e${exponent < 0 ? '-' : '+'}${String(Math.abs(exponent)).padStart(2, '0')}`;
	}
	const digits = mantissa.replace(/[-.]/g, '');
	const sign = value < 0 ? '-' : '';
	if (exponent < 0) return `${sign}0.${'0'.repeat(-exponent - 1)}${digits}`;
	const whole = digits.slice(0, exponent + 1).padEnd(exponent + 1, '0');
	return `${sign}${whole}.${digits.slice(exponent + 1) || '0'}`;
}

const unprintable = /[^\P{C}]|[^\P{Z}]/gu;

/** A text in quotes as Python's `repr` writes it. */
export function quoted(text: string): string {
	const quote = text.includes("'") && !text.includes('"') ? '"' : "'";
	const escaped = text
		.replaceAll('\\', '\\\\')
		.replaceAll(quote, `\\${quote}`)
		.replace(unprintable, char => {
			if (char === ' ') return char;
			if (char === '\n') return '\\n';
			if (char === '\r') return '\\r';
			if (char === '\t') return '\\t';
			const code = char.codePointAt(0) ?? 0;
			if (code < 0x100) return `\\x${code.toString(16).padStart(2, '0')}`;
			if (code < 0x10000) return `\\u${code.toString(16).padStart(4, '0')}`;
			return `\\U${code.toString(16).padStart(8, '0')}`;
		});
	return quote + escaped + quote;
}

/** Python's `str`: what `{{ value }}` prints. A missing value fails here, a function asks to be called. */
export function str(value: Value, budget: Budget): string {
	if (typeof value === 'string') return value;
	if (value instanceof Undefined) {
		if (value.soft) return '';
		throw value.problem();
	}
	return repr(value, budget);
}

/** Python's `repr`: texts in quotes, lists and dicts written out. */
export function repr(value: Value, budget: Budget): string {
	const written = write(value, budget, new Set(), 0);
	budget.text(written.length);
	return written;
}

function write(value: Value, budget: Budget, open: Set<object>, depth: number): string {
	budget.step();
	if (value === null) return 'None';
	if (typeof value === 'boolean') return value ? 'True' : 'False';
	if (typeof value === 'string') return quoted(value);
	if (isFloat(value)) return floatText(asNumber(value) ?? 0);
	if (typeof value === 'bigint' || typeof value === 'number') return value.toString();
	if (value instanceof Undefined) {
		if (value.soft) return 'Undefined';
		throw value.problem();
	}
	if (value instanceof Callable) {
		throw new Problem(`${value.name} is a function and was not called: write ${value.name}()`);
	}
	if (value instanceof View && value.shown !== undefined) return value.shown;
	if (!Array.isArray(value) && !(value instanceof Dict)) {
		throw new Problem('this object cannot be printed: print one of its attributes');
	}
	const inner = (part: Value) => write(part, budget, open, depth + 1);
	if (open.has(value)) return Array.isArray(value) ? '[...]' : '{...}';
	if (depth > 100) throw new Problem('the value is nested too deeply to be printed');
	open.add(value);
	let text = '';
	if (value instanceof Dict) {
		text = `{${joined(value.items(), ([key, part]) => `${inner(key)}: ${inner(part)}`, budget)}}`;
	} else {
		const entries = joined(value, inner, budget);
		if (value instanceof View) text = `${value.label}([${entries}])`;
		else if (value instanceof Tuple) text = value.length === 1 ? `(${entries},)` : `(${entries})`;
		else text = `[${entries}]`;
	}
	open.delete(value);
	return text;
}

function joined<T>(parts: readonly T[], write: (part: T) => string, budget: Budget): string {
	let text = '';
	for (const [index, part] of [...parts].entries()) {
		const next = write(part);
		budget.text(next.length + 2);
		text += index === 0 ? next : `, ${next}`;
	}
	return text;
}

/** The characters of a text as Python counts them: code points. */
export function chars(text: string): string[] {
	return /[\ud800-\udfff]/.test(text) ? Array.from(text) : text.split('');
}

/** The length of a text in code points. */
export const charCount = (text: string): number => (/[\ud800-\udfff]/.test(text) ? chars(text).length : text.length);
