import type {Key} from 'ink';

/** Everything a key can ask for. */
export type Intent =
	| 'pause'
	| 'pause-now'
	| 'retry'
	| 'skip'
	| 'hold'
	| 'end-wait'
	| 'more'
	| 'fewer'
	| 'down'
	| 'up'
	| 'page-down'
	| 'page-up'
	| 'top'
	| 'bottom'
	| 'zoom'
	| 'switch'
	| 'older'
	| 'newer'
	| `tab-${1 | 2 | 3 | 4 | 5}`
	| 'follow'
	| 'command'
	| 'seek'
	| 'next'
	| 'previous'
	| 'lines'
	| 'edit'
	| 'help'
	| 'back'
	| 'detach'
	| 'quit'
	| 'interrupt';

type Binding = {
	intent: Intent;
	keys: readonly string[];
	help: string;
	/** It would change the run, which not every screen may. */
	steers?: true;
	/** What it does on a screen that only watches, where that is something else. */
	watching?: string;
};

/** The one list of keys: what the program obeys and what the help shows. */
export const keymap: readonly Binding[] = [
	{intent: 'pause', keys: ['p'], help: 'pause when what runs is done; again: go on', steers: true},
	{intent: 'pause-now', keys: ['P'], help: 'pause now: end what runs, it goes back to the queue', steers: true},
	{intent: 'retry', keys: ['r'], help: 'retry the batch; go on with a held one', steers: true},
	{intent: 'skip', keys: ['s'], help: 'skip the batch', steers: true},
	{intent: 'hold', keys: ['x'], help: 'stop this attempt and hold the batch until r', steers: true},
	{intent: 'end-wait', keys: ['w'], help: 'end the wait of the batch now', steers: true},
	{intent: 'more', keys: ['+'], help: 'one more batch at once', steers: true},
	{intent: 'fewer', keys: ['-'], help: 'one batch fewer at once', steers: true},
	{intent: 'down', keys: ['j', 'down'], help: 'next batch; zoomed: a row down'},
	{intent: 'up', keys: ['k', 'up'], help: 'batch before; zoomed: a row up'},
	{intent: 'page-down', keys: ['^d', 'pagedown'], help: 'half a page down'},
	{intent: 'page-up', keys: ['^u', 'pageup'], help: 'half a page up'},
	{intent: 'top', keys: ['g', 'home'], help: 'first batch; zoomed: the beginning'},
	{intent: 'bottom', keys: ['G', 'end'], help: 'last batch; zoomed: the end'},
	{intent: 'zoom', keys: ['return'], help: 'the tab over the whole window, to read and to copy, and back'},
	{intent: 'seek', keys: ['/'], help: 'filter the list: 12, 3-7, failed, a name; zoomed: search the text'},
	{intent: 'next', keys: ['n'], help: 'next batch that fits the filter; zoomed: next match'},
	{intent: 'previous', keys: ['N'], help: 'the one before'},
	{intent: 'switch', keys: ['tab'], help: 'next tab; list or batch, where there is room for one'},
	{intent: 'tab-1', keys: ['1'], help: 'output'},
	{intent: 'tab-2', keys: ['2'], help: 'validation: expected and actual, files before and after'},
	{intent: 'tab-3', keys: ['3'], help: 'attempts side by side: which rules flipped'},
	{intent: 'tab-4', keys: ['4'], help: 'the prompt that was sent'},
	{intent: 'tab-5', keys: ['5'], help: 'events of the batch'},
	{intent: 'older', keys: ['['], help: 'validation and prompt of the attempt before'},
	{intent: 'newer', keys: [']'], help: 'of the attempt after'},
	{intent: 'follow', keys: ['f'], help: 'follow the batches that run; zoomed: follow the output again'},
	{intent: 'lines', keys: ['v'], help: 'lines instead of the screen, and back'},
	{intent: 'edit', keys: ['e'], help: 'edit the job file while paused; shows first what that means', steers: true},
	{
		intent: 'command',
		keys: [':'],
		help: 'a command: retry 3-7, goto 12, …; tab completes it',
		watching: 'a command: goto 12, tab prompt, …; tab completes it',
	},
	{intent: 'help', keys: ['?'], help: 'this help'},
	{intent: 'back', keys: ['escape'], help: 'back; ends the search or the filter first'},
	{intent: 'detach', keys: ['d'], help: 'leave the screen; the run goes on'},
	{intent: 'quit', keys: ['q'], help: 'quit', watching: 'leave the screen too'},
	{intent: 'interrupt', keys: ['^c'], help: 'stop now and quit; twice: at once', watching: 'leave the screen too'},
];

/** The keys of a screen; of one that only watches those that steer nothing. */
export const keysFor = (isWatching: boolean): readonly Binding[] =>
	isWatching
		? keymap
				.filter(({steers}) => !steers)
				.map(({watching, ...key}) => (watching === undefined ? key : {...key, help: watching}))
		: keymap;

const steering = new Set(keymap.flatMap(({intent, steers}) => (steers ? [intent] : [])));

export const steersRun = (intent: Intent): boolean => steering.has(intent);

const byKey = new Map(keymap.flatMap(({intent, keys}) => keys.map(key => [key, intent] as const)));

export const intentOf = (key: string): Intent | undefined => byKey.get(key);

/**
 * An escape and one more key, as they come where they are pressed quickly, or slowly over a line that gathers them. The
 * sequence of a single key is none of that, nor is Alt with the key that deletes.
 */
const escapeAndKey = /^\x1b(?:\x1b(?:[[O].+)?|[^\x1b\x7f\b])$/su;

/**
 * The keys of one input event, by the names of the keymap; a fast typist's keys may come as one. `bytes` is the event as
 * it came from the terminal: of an escape before another key nothing else may be left.
 */
export function keysOf(input: string, key: Key, bytes = ''): string[] {
	const named = nameOf(key);
	const keys = named ? [named] : key.ctrl ? [`^${input}`] : [...input].map(charName);
	return escapeAndKey.test(bytes) ? ['escape', ...keys] : keys;
}

function nameOf(key: Key): string | undefined {
	if (key.upArrow) return 'up';
	if (key.downArrow) return 'down';
	if (key.leftArrow) return 'left';
	if (key.rightArrow) return 'right';
	if (key.backspace) return 'backspace';
	if (key.delete) return 'delete';
	if (key.pageUp) return 'pageup';
	if (key.pageDown) return 'pagedown';
	if (key.home) return 'home';
	if (key.end) return 'end';
	if (key.return) return 'return';
	if (key.escape) return 'escape';
	if (key.tab) return 'tab';
	return undefined;
}

/** A character among others has no name of its own yet. */
function charName(char: string): string {
	if (char === '\r') return 'return';
	if (char === '\t') return 'tab';
	if (char === '\x1b') return 'escape';
	if (char === '\x7f' || char === '\b') return 'backspace';
	return char < ' ' ? `^${String.fromCharCode(char.charCodeAt(0) + 96)}` : char;
}
