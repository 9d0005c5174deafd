/** One screen of the page. All are taken in this order from one run, each from the list of batches on. */
export type Shot = {
	title: string;
	/** What is to be seen. */
	words: string;
	columns: number;
	rows: number;
	/** Keys, and what is shown before the next ones are pressed; the shot is taken after the last. */
	steps: readonly (readonly [keys: string, shows: RegExp])[];
	/** Pressed afterwards, so that the list and its output are shown again. */
	back?: string;
	inReadme?: boolean;
};

const esc = '\x1b';
const enter = '\r';
const tab = '\t';

/** To add one, add an entry. */
export const shots: readonly Shot[] = [
	{
		title: 'The list, and the batches that run (120×30)',
		words:
			'Batch 1 is done, 2 too, after a completion that asked only for what was missing; 3 waits for a full retry, 4 to 6 run, each in a pane of its own.',
		...{columns: 120, rows: 30},
		steps: [[`:4${enter}`, /│ One finding so far/]],
	},
	{
		title: 'The same in 80×24',
		words: 'The items have gone from the list; the counters stay.',
		...{columns: 80, rows: 24},
		steps: [['', /│ One finding so far/]],
		inReadme: true,
	},
	{
		title: 'Validation, over the whole window',
		words:
			'What each rule expected and found, which ones flipped, what a watched file was before and after, and the very text that was fed back. `[` and `]` go through the attempts.',
		...{columns: 100, rows: 30},
		steps: [
			[`:2${enter}2`, /│ attempt 2: 3 of 3 rules pass/],
			[enter, /^attempt 2/m],
			['[', /^attempt 1: 2 of 3/m],
		],
		back: `${enter}1`,
	},
	{
		title: 'Attempts side by side',
		words: '`▲` marks a rule that passes for the first time since it failed.',
		...{columns: 100, rows: 24},
		steps: [['3', /▲ /]],
		back: '1',
	},
	{
		title: 'Output, over the whole window',
		words: 'Without borders, so that text can be selected. `j k` scroll, `/` searches, `n N` go on, `f` follows again.',
		...{columns: 80, rows: 14},
		steps: [
			[`:4${enter}${enter}`, /^One finding/m],
			[`/fine${enter}`, /\/fine \d of 2/],
		],
		back: enter,
	},
	{
		title: 'A command that is typed',
		words: '`:` and a word; Tab completes, the arrows bring back earlier lines.',
		...{columns: 80, rows: 14},
		steps: [[':retry f', /^:retry f/m]],
		back: esc,
	},
	{
		title: 'A question',
		words: 'What destroys something asks first, and names batch and attempt.',
		...{columns: 80, rows: 14},
		steps: [['x', /End attempt 1 of batch 4/]],
		back: 'n',
	},
	{
		title: 'Help',
		words: 'Made from the keys that the program obeys.',
		...{columns: 100, rows: 50},
		steps: [['?', /esc back/]],
		back: '?',
	},
	{
		title: 'A small window (40×12): the list …',
		words: 'There is room for one of the two.',
		...{columns: 40, rows: 12},
		steps: [[tab, /^›▶ +4 /m]],
	},
	{
		title: '… or, by Tab, the batch',
		words: 'The glyph and the title say how it is with it.',
		...{columns: 40, rows: 12},
		steps: [[tab, /^One finding so far/m]],
	},
];
