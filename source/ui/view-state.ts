/** What a screen shows of a run, apart from the run itself. */
export type ViewState = {
	screen: {name: 'run'} | {name: 'help'; top: number} | {name: 'zoom'};
	/** Where there is room for one of the two. */
	pane: 'list' | 'output';
	/** What is shown of the selected batch. */
	tab: Tab;
	/** First line of a tab that is longer than its pane; the output always shows its end. */
	top: number;
	/** How many attempts before the last one the tab looks back. */
	older: number;
	selected: number;
	/** The selection goes along with the batches that run. */
	follow: boolean;
	/** A question that the next key answers. */
	question?: Question;
	/** The answer to the last key, until the next one. */
	message?: string;
};

/** What can be looked at of a batch, in the order of their keys. */
export const tabs = ['output', 'validation', 'attempts', 'prompt', 'events'] as const;
export type Tab = (typeof tabs)[number];

/** What must be said yes to; a batch is named with its attempt, so that the answer cannot hit the next one. */
export type Question =
	| {about: 'quit'; mayDetach?: boolean}
	| {about: 'pause-now'}
	| {about: 'retry'; batch: number}
	| {about: 'skip' | 'hold'; batch: number; attempt: number};

export type ViewAction =
	| {type: 'move'; to: number; total: number}
	/** `most` is the last line that the help can begin with. */
	| {type: 'scroll'; by: number; most: number}
	| {type: 'followed'; batch: number}
	| {type: 'toggle-follow'}
	| {type: 'toggle-screen'; name: 'help' | 'zoom'}
	| {type: 'toggle-pane'}
	| {type: 'tab'; tab: Tab}
	/** `most` is the last line that the tab can begin with. */
	| {type: 'scroll-tab'; by: number; most: number}
	/** `most` is how many attempts there are before the last. */
	| {type: 'older'; by: number; most: number}
	| {type: 'back'}
	| {type: 'ask'; question: Question}
	| {type: 'say'; message: string}
	/** A key was pressed: what was said and asked before is over. */
	| {type: 'key'};

export const initialView: ViewState = {
	screen: {name: 'run'},
	pane: 'list',
	tab: 'output',
	top: 0,
	older: 0,
	selected: 1,
	follow: true,
};

export function reduceView(state: ViewState, action: ViewAction): ViewState {
	switch (action.type) {
		case 'move':
			return {...state, selected: clamp(action.to, 1, action.total), follow: false, top: 0, older: 0};
		case 'scroll':
			return state.screen.name === 'help'
				? {...state, screen: {name: 'help', top: clamp(state.screen.top + action.by, 0, action.most)}}
				: state;
		case 'followed':
			return {...state, selected: action.batch, top: 0, older: 0};
		case 'toggle-follow':
			return {...state, follow: !state.follow, message: state.follow ? 'no longer following' : 'following what runs'};
		case 'toggle-screen':
			return {...state, screen: state.screen.name === action.name ? {name: 'run'} : screenOf(action.name)};
		case 'toggle-pane':
			return {...state, pane: state.pane === 'list' ? 'output' : 'list'};
		case 'tab':
			return {...state, tab: action.tab, pane: 'output', top: 0};
		case 'scroll-tab':
			return {...state, top: clamp(Math.min(state.top, action.most) + action.by, 0, action.most)};
		case 'older':
			return {...state, older: clamp(Math.min(state.older, action.most) + action.by, 0, action.most), top: 0};
		case 'back':
			return {...state, screen: {name: 'run'}};
		case 'ask':
			return {...state, question: action.question};
		case 'say':
			return {...state, message: action.message};
		case 'key': {
			const {question: _question, message: _message, ...rest} = state;
			return rest;
		}
	}
}

const clamp = (value: number, least: number, most: number) => Math.max(least, Math.min(value, most));

const screenOf = (name: 'help' | 'zoom'): ViewState['screen'] => (name === 'help' ? {name, top: 0} : {name});
