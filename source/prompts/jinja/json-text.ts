import type {Budget} from './budget.js';
import {compute, demand, order} from './operators.js';
import {Problem} from './problem.js';
import {floatText, str} from './python-text.js';
import {article, asNumber, Dict, isFloat, type Value} from './values.js';

/** The `tojson` filter: Python's spacing and escapes, keys sorted, and safe inside HTML as Jinja2 makes it. */
export function toJson(value: Value, indent: number | undefined, budget: Budget): string {
	const written = write(value, indent, 0, budget);
	budget.text(written.length);
	return written.replace(/[<>&']/g, char => unicode(char));
}

const unicode = (char: string) => `\\u${char.charCodeAt(0).toString(16).padStart(4, '0')}`;

function write(value: Value, indent: number | undefined, depth: number, budget: Budget): string {
	budget.step();
	demand(value);
	if (depth > 100) throw new Problem('the value is nested too deeply for JSON');
	if (value === null) return 'null';
	if (typeof value === 'boolean') return String(value);
	if (typeof value === 'string') {
		budget.text(value.length);
		return JSON.stringify(value).replace(/[\u007f-\uffff]/g, unicode);
	}
	const number = asNumber(value);
	if (number !== undefined) {
		if (typeof value === 'bigint') return value.toString();
		if (Number.isNaN(number)) return 'NaN';
		if (!Number.isFinite(number)) return number < 0 ? '-Infinity' : 'Infinity';
		return isFloat(value) ? floatText(number) : String(number);
	}
	const inner = (part: Value) => write(part, indent, depth + 1, budget);
	if (Array.isArray(value)) return enclose('[]', value.map(inner), indent, depth, budget);
	if (value instanceof Dict) {
		const items = value.items().sort(([x], [y]) => order(x, y, budget));
		const parts = items.map(([key, part]) => {
			const name = key === null || typeof key === 'boolean' ? inner(key) : str(key, budget);
			return `${inner(name)}: ${inner(part)}`;
		});
		return enclose('{}', parts, indent, depth, budget);
	}
	throw new Problem(`${article(value)} cannot be written as JSON`);
}

function enclose(marks: string, parts: string[], indent: number | undefined, depth: number, budget: Budget): string {
	const [open = '', close = ''] = marks;
	if (parts.length === 0) return marks;
	if (indent === undefined) return open + parts.join(', ') + close;
	budget.text(indent * (depth + 1) * (parts.length + 1));
	const line = `\n${' '.repeat(indent * (depth + 1))}`;
	return `${open}${line}${parts.join(`,${line}`)}\n${' '.repeat(indent * depth)}${close}`;
}

/** The sum of values, starting from `start`. */
export function sum(values: readonly Value[], start: Value, budget: Budget): Value {
	return values.reduce((total, value) => compute('Add', total, value, budget), start);
}
