import type {Command} from '../core/command.js';
import type {Typing} from './command-line/typing.js';
import type {Reading, Search} from './reading/reading.js';
import type {Seeking} from './seeking.js';
import type {StyledLine} from './styled-line.js';

/** What a screen shows of a run, apart from the run itself. */
export type ViewState = {
	/** `lines`: no screen, but what happens, line by line. */
	screen: {name: 'run'} | {name: 'help'; top: number} | {name: 'zoom'} | {name: 'lines'} | ChangeScreen;
	/** Where there is room for one of the two. */
	pane: 'list' | 'output';
	/** What is shown of the selected batch. */
	tab: Tab;
	/** How many attempts before the last one the tab looks back. */
	older: number;
	selected: number;
	/** The selection goes along with the batches that run. */
	follow: boolean;
	/** Where the zoomed text is read; without it an output shows its end, another tab its beginning. */
	reading?: Reading;
	/** What is looked for in the zoomed text. */
	search?: Search;
	/** What the batches of the list must fit. */
	filter?: string;
	/** A search or filter that is being typed; keys go to it. */
	seeking?: Seeking;
	/** A command that is being typed; keys go to it. */
	typing?: Typing;
	/** Commands that were entered, the newest last. */
	typed: readonly string[];
	/** A question that the next key answers. */
	question?: Question;
	/** The answer to the last key, until the next one. */
	message?: string;
};

/** What another job would mean; by `hash` it can be taken, and there is none where it has mistakes. */
export type ChangeScreen = {name: 'change'; lines: readonly StyledLine[]; hash?: string | undefined; top: number};

/** What can be looked at of a batch, in the order of their keys. */
export const tabs = ['output', 'validation', 'attempts', 'prompt', 'events'] as const;
export type Tab = (typeof tabs)[number];

/** What must be said yes to; a batch is named with its attempt, so that the answer cannot hit the next one. */
export type Question =
	| {about: 'quit'; mayDetach?: boolean}
	| {about: 'pause-now' | 'quit-now'}
	| {about: 'retry'; batch: number}
	| {about: 'skip' | 'hold'; batch: number; attempt: number}
	| {about: 'several'; text: string; commands: readonly Command[]};

export type ViewAction =
	| {type: 'move'; to: number; total: number}
	/** `most` is the last line that the help, or what else is read, can begin with. */
	| {type: 'scroll'; by: number; most: number}
	| {type: 'followed'; batch: number}
	| {type: 'toggle-follow'}
	| {type: 'toggle-screen'; name: 'help' | 'zoom' | 'lines'}
	| {type: 'toggle-pane'}
	| {type: 'tab'; tab: Tab}
	/** `most` is how many attempts there are before the last. */
	| {type: 'older'; by: number; most: number}
	| {type: 'back'}
	/** The command line as it is after a key; none when it is closed. */
	| {type: 'typing'; typing: Typing | undefined}
	| {type: 'entered'; text: string}
	/** Another place is read, or something else is looked for: what is not named is not so any more. */
	| {type: 'find'; state: Finding}
	/** The job file was edited. */
	| {type: 'propose'; lines: readonly StyledLine[]; hash: string | undefined}
	| {type: 'ask'; question: Question}
	| {type: 'say'; message: string}
	/** A key was pressed: what was said and asked before is over. */
	| {type: 'key'};

/** Everything that finding and reading are about. */
export type Finding = Pick<ViewState, 'reading' | 'search' | 'filter' | 'seeking'> &
	Partial<Pick<ViewState, 'selected' | 'follow'>>;

export const initialView: ViewState = {
	screen: {name: 'run'},
	pane: 'list',
	tab: 'output',
	older: 0,
	selected: 1,
	follow: true,
	typed: [],
};

export function reduceView(state: ViewState, action: ViewAction): ViewState {
	switch (action.type) {
		case 'move':
			return {...unread(state), selected: clamp(action.to, 1, action.total), follow: false, older: 0};
		case 'scroll':
			return 'top' in state.screen
				? {...state, screen: {...state.screen, top: clamp(state.screen.top + action.by, 0, action.most)}}
				: state;
		case 'followed':
			return {...unread(state), selected: action.batch, older: 0};
		case 'toggle-follow':
			return {...state, follow: !state.follow, message: state.follow ? 'no longer following' : 'following what runs'};
		case 'toggle-screen':
			return {...unread(state), screen: state.screen.name === action.name ? {name: 'run'} : screenOf(action.name)};
		case 'toggle-pane':
			return {...state, pane: state.pane === 'list' ? 'output' : 'list'};
		case 'tab':
			return {...unread(state), tab: action.tab, pane: 'output'};
		case 'older':
			return {...unread(state), older: clamp(Math.min(state.older, action.most) + action.by, 0, action.most)};
		case 'back':
			return {...unread(state), screen: {name: 'run'}};
		case 'find': {
			const {filter: _filter, seeking: _seeking, ...rest} = unread(state);
			return {...rest, ...action.state};
		}
		case 'typing': {
			const {typing: _typing, ...rest} = state;
			return action.typing ? {...rest, typing: action.typing} : rest;
		}
		case 'entered': {
			const {typing: _typing, ...rest} = state;
			const isNew = action.text !== '' && action.text !== state.typed.at(-1);
			return isNew ? {...rest, typed: [...state.typed, action.text]} : rest;
		}
		case 'propose':
			return {...state, screen: {name: 'change', lines: action.lines, hash: action.hash, top: 0}};
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

/** Another text, or the same one from where it is shown when nobody reads in it. */
function unread(state: ViewState): ViewState {
	const {reading: _reading, search: _search, ...rest} = state;
	return rest;
}

const screenOf = (name: 'help' | 'zoom' | 'lines'): ViewState['screen'] => (name === 'help' ? {name, top: 0} : {name});
