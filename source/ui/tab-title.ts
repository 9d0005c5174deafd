import {type Tab, tabs} from './view-state.js';

/** Cells of the rule's ends, the glyph, and the blanks between all parts. */
const around = 5;

type Where = {
	/** Which lines are shown; empty where all are. */
	place: string;
	/** Where it is read the place comes first. */
	isRead: boolean;
	columns: number;
};

/**
 * The title of a tab that names all tabs, the open one in brackets. Where it is narrow the others are their keys, then a
 * count, then the place goes: which tab is open is seen as long as anything is.
 */
export function tabTitle(batch: number, tab: Tab, {place, isRead, columns}: Where): string {
	const number = tabs.indexOf(tab) + 1;
	const others = (nameOf: (name: Tab, key: number) => string) =>
		tabs.map((name, index) => (name === tab ? `[${name}]` : nameOf(name, index + 1))).join(' ');
	const names = [
		others((name, key) => `${key} ${name}`),
		others((_, key) => String(key)),
		`[${tab}] ${number}/${tabs.length}`,
	];
	const whole = (names: string) => {
		const parts = isRead ? [`batch ${batch}`, place, names] : [`batch ${batch} ${names}`, place];
		return parts.filter(part => part !== '').join(' · ');
	};
	const [, , shortest = ''] = names;
	return (
		[...names.map(whole), `batch ${batch} ${shortest}`].find(title => title.length + around <= columns) ??
		`${shortest} · batch ${batch}`
	);
}
