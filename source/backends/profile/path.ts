import type {Conditions} from '../../config/profile.js';

/** Most values that one path gives: a hostile list must not take the memory. */
const most = 10_000;

/** All values at a path (`content.*.text`), in order; missing ones are left out. */
export function valuesAt(value: unknown, path: string): unknown[] {
	let values: unknown[] = [value];
	for (const key of path.split('.')) {
		values = values.flatMap(one => stepInto(one, key)).slice(0, most);
	}
	return values;
}

function stepInto(value: unknown, key: string): unknown[] {
	if (typeof value !== 'object' || value === null) return [];
	if (key === '*') return Object.values(value);
	return Object.hasOwn(value, key) ? [(value as Record<string, unknown>)[key]] : [];
}

/** The texts at a path, joined; undefined where there is none. A number is text too, a map or list is not. */
export function textAt(value: unknown, path: string | undefined): string | undefined {
	if (path === undefined) return undefined;
	const texts = valuesAt(value, path).filter(one => typeof one === 'string' || typeof one === 'number');
	return texts.length > 0 ? texts.join('\n') : undefined;
}

/** The numbers at a path, added up; undefined where there is none. */
export function sumAt(value: unknown, path: string | undefined): number | undefined {
	if (path === undefined) return undefined;
	const numbers = valuesAt(value, path).filter(one => typeof one === 'number');
	return numbers.length > 0 ? numbers.reduce((sum, one) => sum + one, 0) : undefined;
}

/** Whether every path has its value; of several values at a path, one is enough. */
export const fits = (value: unknown, conditions: Conditions): boolean =>
	Object.entries(conditions).every(([path, wanted]) => valuesAt(value, path).includes(wanted));
