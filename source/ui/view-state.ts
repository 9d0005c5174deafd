/** What a screen shows of a run, apart from the run itself. */
export type ViewState = {
	screen: {name: 'run'} | {name: 'help'} | {name: 'zoom'};
	/** Where there is room for one of the two. */
	pane: 'list' | 'output';
	selected: number;
	/** The selection goes along with the batches that run. */
	follow: boolean;
	/** A question that the next key answers. */
	question?: Question;
	/** The answer to the last key, until the next one. */
	message?: string;
};

export type Question =
	| {about: 'quit'}
	| {about: 'pause-now'}
	| {about: 'skip' | 'hold'; batch: number; attempt: number};

export type ViewAction =
	| {type: 'move'; to: number; total: number}
	| {type: 'followed'; batch: number}
	| {type: 'toggle-follow'}
	| {type: 'toggle-screen'; name: 'help' | 'zoom'}
	| {type: 'toggle-pane'}
	| {type: 'back'}
	| {type: 'ask'; question: Question}
	| {type: 'say'; message?: string};

export const initialView: ViewState = {screen: {name: 'run'}, pane: 'list', selected: 1, follow: true};

export function reduceView(
	{message: _message, question: _question, ...state}: ViewState,
	action: ViewAction,
): ViewState {
	switch (action.type) {
		case 'move':
			return {...state, selected: Math.min(Math.max(action.to, 1), Math.max(action.total, 1)), follow: false};
		case 'followed':
			return {
				...state,
				selected: action.batch,
				...(_message !== undefined && {message: _message}),
				...(_question && {question: _question}),
			};
		case 'toggle-follow':
			return {...state, follow: !state.follow, message: state.follow ? 'no longer following' : 'following what runs'};
		case 'toggle-screen':
			return {...state, screen: state.screen.name === action.name ? {name: 'run'} : {name: action.name}};
		case 'toggle-pane':
			return {...state, pane: state.pane === 'list' ? 'output' : 'list'};
		case 'back':
			return {...state, screen: {name: 'run'}};
		case 'ask':
			return {...state, question: action.question};
		case 'say':
			return action.message === undefined ? state : {...state, message: action.message};
	}
}
