import {usePaste} from 'ink';
import {useEffect, useReducer, useRef} from 'react';
import {batchAt} from '../../core/batch-table.js';
import type {Command} from '../../core/command.js';
import {isIdle} from '../../core/plan.js';
import type {Run} from '../../core/run.js';
import type {Engine} from '../../engine/engine.js';
import {readLine, specOf} from '../command-line/commands.js';
import {helpRows} from '../command-line/help-rows.js';
import type {Outcome} from '../command-line/outcome.js';
import {nothingTyped, type Typing, typeKey} from '../command-line/typing.js';
import {followedBatch} from '../follow.js';
import {insertText} from '../input-line.js';
import type {JobEditing} from '../job-edit.js';
import {type Intent, intentOf, steersRun} from '../keymap.js';
import {layoutOf, type Size} from '../layout.js';
import {choicesOf} from '../questions.js';
import {type Desk, find, pasteSought, seekAwaited, typeSought} from '../seeking.js';
import {styledRows} from '../styled-rows.js';
import {foldColumns} from '../theme.js';
import {type ChangeScreen, initialView, reduceView, tabs, type ViewAction, type ViewState} from '../view-state.js';
import {useJobEdit} from './use-job-edit.js';
import {useKeys} from './use-keys.js';

/** What can be asked for where no batch is to be seen that a key could be meant for: over a text, and beside the lines. */
const besideText: ReadonlySet<Intent> = new Set<Intent>(['command', 'help', 'back', 'detach', 'quit', 'interrupt']);
const besideLines: ReadonlySet<Intent> = new Set<Intent>([
	...(['pause', 'pause-now', 'more', 'fewer', 'lines'] as const),
	...(['back', 'detach', 'quit', 'interrupt'] as const),
]);

export type Steering = {
	engine: Pick<Engine, 'send' | 'getSnapshot'>;
	/** Ctrl-C was pressed, once or again. */
	onInterrupt(): void;
	/** The person wants to go as soon as the run is over. */
	onLeave(): void;
	/** The person wants the terminal back while the run goes on; the reason when that cannot be. */
	onDetach?: () => string | undefined;
	/** Another program runs the job: to quit this screen is to leave the run as it is. */
	isGuest?: boolean;
	/** Why nothing can be steered from here: this screen only watches. */
	watches?: string;
	/** There are lines to be shown instead of the screen. */
	hasLines?: boolean;
	/** What was seen and asked before the screen was shown anew. */
	memory?: {view: ViewState};
	/** The way to the job file, or why there is none. */
	editing?: JobEditing | string;
	/** A face that shows nothing but lines takes the keys that would show something elsewhere: whether it has. */
	reads?: (intent: Intent, selected: number) => boolean;
	/** What the program wants to be read at once. Returns the way to stop. */
	onNotice(listener: (notice: string) => void): () => void;
};

/** Keys in, view state out; what concerns the run goes to the engine as a command, and its refusal comes back as a message. */
export function useSteering(
	run: Run,
	size: Size,
	{engine, onNotice, ...steering}: Steering,
	/** What finds batches, and the text that is shown when one is zoomed. */
	{filter, shown}: Pick<Desk, 'filter' | 'shown'>,
): ViewState {
	const {onInterrupt, onLeave, onDetach, isGuest = false, watches, hasLines = false, memory, reads} = steering;
	const [view, dispatch] = useReducer(reduceView, memory?.view ?? initialView);
	// One input event can hold several keys; each must see what the one before has done.
	const latest = useRef(view);
	latest.current = view;
	const act = (action: ViewAction) => {
		latest.current = reduceView(latest.current, action);
		dispatch(action);
	};

	const {edit, take, drop} = useJobEdit({engine, editing: steering.editing, act});
	// Who reads is not led away from it.
	const followed = view.follow && !view.reading ? followedBatch(run, view.selected) : view.selected;
	// Follows from the run as it is now: React draws again with it before anything is shown.
	if (followed !== view.selected) dispatch({type: 'followed', batch: followed});

	useEffect(() => {
		if (memory) memory.view = view;
	}, [memory, view]);
	useEffect(() => onNotice(message => dispatch({type: 'say', message})), [onNotice]);
	useKeys(keys => {
		for (const key of keys) press(key);
	});
	// A pasted text is not a row of keys.
	usePaste(text => {
		const {typing} = latest.current;
		if (typing) act({type: 'typing', typing: {...nothingTyped, line: insertText(typing.line, text)}});
		else pasteSought(text, desk);
	});

	const desk: Desk = {
		run,
		view: () => latest.current,
		act,
		filter,
		// What a key before this one has turned to is not laid out yet.
		shown: () => (latest.current.selected === view.selected && latest.current.tab === view.tab ? shown() : undefined),
		listRows: layoutOf(size, 'list').listRows,
	};

	// With each frame: what is shown in it may be what was waited for.
	useEffect(() => seekAwaited(desk));

	function press(key: string): void {
		const {question, screen, seeking, typing} = latest.current;
		const intent = intentOf(key);
		act({type: 'key'});
		if (typing) type(typing, key);
		else if (seeking) typeSought(key, desk);
		else if (question && intent !== 'interrupt') {
			const choice = choicesOf(question).choices.find(({key: wanted}) => wanted === key);
			for (const command of choice?.commands ?? []) send(() => command);
			if (choice?.leave) onLeave();
			if (choice?.detach) detach();
		} else if (screen.name === 'change') answerChange(screen, key, intent);
		else if (intent && screen.name === 'help') obeyInHelp(intent);
		else if (screen.name === 'lines') obeyBesideLines(intent);
		else if (intent) obey(intent);
	}

	function type(typing: Typing, key: string): void {
		if (key === 'escape' || key === '^c') return act({type: 'typing', typing: undefined});
		if (key !== 'return')
			return act({
				type: 'typing',
				typing: typeKey(typing, key, {run, history: latest.current.typed, isWatching: watches !== undefined}),
			});
		const text = typing.line.text.trim();
		act({type: 'entered', text});
		const outcome = readLine(text, engine.getSnapshot());
		const name = text.split(/\s/, 1)[0] ?? '';
		if (outcome && watches !== undefined && specOf(name)?.steers) act({type: 'say', message: watches});
		else if (outcome) carryOut(outcome);
	}

	function carryOut(outcome: Outcome): void {
		const {name} = latest.current.screen;
		const isRead = name === 'help' || name === 'change';
		switch (outcome.type) {
			case 'key':
				return name === 'help' && outcome.intent === 'help' ? undefined : obey(outcome.intent);
			case 'send':
				if (outcome.message !== undefined) act({type: 'say', message: outcome.message});
				for (const command of outcome.commands) send(() => command);
				return;
			case 'ask':
				return act(outcome);
			case 'go':
			case 'tab':
				if (isRead) act({type: 'back'});
				return act(outcome.type === 'tab' ? outcome : {type: 'move', to: outcome.batch, total: run.total});
			case 'filter':
				if (latest.current.screen.name !== 'run') act({type: 'back'});
				find('seek', desk);
				pasteSought(outcome.text, desk);
				return typeSought('return', desk);
			case 'quit-now':
				if (isGuest || isIdle(engine.getSnapshot())) return obey('quit');
				return act({type: 'ask', question: {about: 'quit-now'}});
			case 'say':
				return act(outcome);
		}
	}

	function detach(): void {
		const refused = onDetach ? onDetach() : 'this screen cannot be left alone';
		if (refused !== undefined) act({type: 'say', message: refused});
	}

	const turns = useRef(Promise.resolve());
	/** Commands take turns, so that each is made from what the one before has left. */
	function send(commandOf: (run: Run) => Command): void {
		turns.current = turns.current
			.then(() => engine.send(commandOf(engine.getSnapshot())))
			.then(
				refused => {
					if (refused !== undefined) act({type: 'say', message: refused});
				},
				() => {},
			);
	}

	/** Only a plain yes takes another job. */
	function answerChange({hash, lines}: ChangeScreen, key: string, intent: Intent | undefined): void {
		if (key === 'y' && hash !== undefined) return take(hash);
		if (key === 'n' || key === 'q' || intent === 'back') return hash === undefined ? act({type: 'back'}) : drop();
		if (intent === 'edit' || intent === 'interrupt') return obey(intent);
		if (intent && intent !== 'help') obeyInText(intent, styledRows(lines, size.columns).length);
	}

	/** Beside the help there is no batch to be seen that a key could be meant for. */
	const obeyInHelp = (intent: Intent) => obeyInText(intent, helpRows(size.columns, watches !== undefined).length);

	function obeyBesideLines(intent: Intent | undefined): void {
		if (intent && besideLines.has(intent)) obey(intent);
		else act({type: 'say', message: 'not beside the lines: v goes back'});
	}

	function obeyInText(intent: Intent, rows: number): void {
		const {body} = layoutOf(size, 'list');
		const most = Math.max(0, rows - body);
		const scroll = (by: number) => act({type: 'scroll', by, most});
		switch (intent) {
			case 'down':
				return scroll(1);
			case 'up':
				return scroll(-1);
			case 'page-down':
				return scroll(Math.ceil(body / 2));
			case 'page-up':
				return scroll(-Math.ceil(body / 2));
			case 'top':
				return scroll(-most);
			case 'bottom':
				return scroll(most);
			default:
				if (besideText.has(intent)) obey(intent);
		}
	}

	function obey(intent: Intent): void {
		const {selected, tab} = latest.current;
		if (reads?.(intent, selected)) return;
		if (find(intent, desk)) return;
		if (watches !== undefined && steersRun(intent)) return act({type: 'say', message: watches});
		// A key can come right after a frame, before React has handed its run on to this function.
		const batch = batchAt(engine.getSnapshot(), selected);
		switch (intent) {
			case 'pause':
				return send(({phase}) => (phase === 'running' ? {type: 'pause', mode: 'drain'} : {type: 'resume'}));
			case 'pause-now':
				if (isIdle(engine.getSnapshot())) return send(() => ({type: 'pause', mode: 'now'}));
				return act({type: 'ask', question: {about: 'pause-now'}});
			case 'retry':
				if (batch.status !== 'completed') return send(() => ({type: 'retry', batch: selected}));
				return act({type: 'ask', question: {about: 'retry', batch: selected}});
			case 'skip':
			case 'hold':
				if (batch.status !== 'running') return send(() => ({type: intent, batch: selected}));
				return act({type: 'ask', question: {about: intent, batch: selected, attempt: batch.attempt}});
			case 'end-wait':
				return send(() => ({type: 'end-wait', batch: selected}));
			case 'more':
				return send(({concurrency}) => ({type: 'set-concurrency', concurrency: concurrency + 1}));
			case 'fewer':
				return send(({concurrency}) => ({type: 'set-concurrency', concurrency: concurrency - 1}));
			case 'zoom':
			case 'help':
				return act({type: 'toggle-screen', name: intent});
			case 'switch':
				if (size.columns < foldColumns) return act({type: 'toggle-pane'});
				return act({type: 'tab', tab: tabs[(tabs.indexOf(tab) + 1) % tabs.length] ?? 'output'});
			case 'tab-1':
			case 'tab-2':
			case 'tab-3':
			case 'tab-4':
			case 'tab-5':
				return act({type: 'tab', tab: tabs[Number(intent.slice(-1)) - 1] ?? 'output'});
			case 'older':
			case 'newer':
				return act({type: 'older', by: intent === 'older' ? 1 : -1, most: Math.max(0, batch.attempt - 1)});
			case 'follow':
				return act({type: 'toggle-follow'});
			case 'lines':
				if (hasLines) return act({type: 'toggle-screen', name: 'lines'});
				return act({type: 'say', message: 'there are no lines to be shown here'});
			case 'edit':
				return edit();
			case 'command':
				return act({type: 'typing', typing: nothingTyped});
			case 'back':
				return act({type: 'back'});
			case 'detach':
				return detach();
			case 'quit': {
				if (isGuest) return detach();
				const now = engine.getSnapshot();
				const isOver = now.phase === 'ended';
				if (!isOver && !isIdle(now))
					return act({type: 'ask', question: {about: 'quit', mayDetach: onDetach !== undefined}});
				if (!isOver) send(() => ({type: 'stop', mode: 'drain'}));
				return onLeave();
			}
			case 'interrupt':
				return onInterrupt();
		}
	}

	return view;
}
