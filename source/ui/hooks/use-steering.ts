import {useInput} from 'ink';
import {useEffect, useReducer, useRef} from 'react';
import {batchAt} from '../../core/batch-table.js';
import type {Command} from '../../core/command.js';
import {isIdle} from '../../core/plan.js';
import type {Run} from '../../core/run.js';
import type {Engine} from '../../engine/engine.js';
import {type Intent, intentsOf} from '../keymap.js';
import {choicesOf} from '../questions.js';
import {initialView, reduceView, type ViewAction, type ViewState} from '../view-state.js';

export type Steering = {
	engine: Engine;
	/** The first Ctrl-C, and the next ones. */
	onInterrupt(): void;
	/** The person wants to go as soon as the run is over. */
	onLeave(): void;
	/** Rows of the list, for half a page. */
	pageRows: number;
};

/** Keys in, view state out; what concerns the run goes to the engine as a command, and its refusal comes back as a message. */
export function useSteering(run: Run | undefined, steering: Steering): ViewState {
	const [view, dispatch] = useReducer(reduceView, initialView);
	// One input event can hold several keys; each must see what the one before has done.
	const latest = useRef(view);
	latest.current = view;
	const act = (action: ViewAction) => {
		latest.current = reduceView(latest.current, action);
		dispatch(action);
	};

	const running = run?.live.find(number => batchAt(run, number).status === 'running');
	useEffect(() => {
		if (view.follow && running !== undefined && running !== view.selected) dispatch({type: 'followed', batch: running});
	}, [view.follow, view.selected, running]);

	useInput((input, key) => {
		if (!run) return;
		const {question} = latest.current;
		if (question && !(key.ctrl && input === 'c')) {
			const choice = choicesOf(question).choices.find(({key: wanted}) => wanted === input);
			act({type: 'say'});
			if (!choice) return;
			for (const command of choice.commands) send(command);
			if (choice.leave) steering.onLeave();
			return;
		}
		for (const intent of intentsOf(input, key)) obey(intent, run);
	});

	function send(command: Command): void {
		steering.engine.send(command).then(
			refused => {
				if (refused !== undefined) act({type: 'say', message: refused});
			},
			() => {},
		);
	}

	function obey(intent: Intent, run: Run): void {
		const {selected} = latest.current;
		const batch = batchAt(run, Math.min(selected, run.total));
		const move = (to: number) => act({type: 'move', to, total: run.total});
		switch (intent) {
			case 'pause':
				return send(run.phase === 'running' ? {type: 'pause', mode: 'drain'} : {type: 'resume'});
			case 'pause-now':
				return isIdle(run) ? send({type: 'pause', mode: 'now'}) : act({type: 'ask', question: {about: 'pause-now'}});
			case 'retry':
				return send({type: 'retry', batch: selected});
			case 'skip':
			case 'hold':
				if (batch.status !== 'running') return send({type: intent, batch: selected});
				return act({type: 'ask', question: {about: intent, batch: selected, attempt: batch.attempt}});
			case 'end-wait':
				return send({type: 'end-wait', batch: selected});
			case 'more':
				return send({type: 'set-concurrency', concurrency: run.concurrency + 1});
			case 'fewer':
				return send({type: 'set-concurrency', concurrency: run.concurrency - 1});
			case 'down':
				return move(selected + 1);
			case 'up':
				return move(selected - 1);
			case 'page-down':
				return move(selected + Math.ceil(steering.pageRows / 2));
			case 'page-up':
				return move(selected - Math.ceil(steering.pageRows / 2));
			case 'top':
				return move(1);
			case 'bottom':
				return move(run.total);
			case 'zoom':
			case 'help':
				return act({type: 'toggle-screen', name: intent});
			case 'switch':
				return act({type: 'toggle-pane'});
			case 'follow':
				return act({type: 'toggle-follow'});
			case 'back':
				return act({type: 'back'});
			case 'quit': {
				const over = run.phase === 'ended' || isIdle(run);
				if (!over) return act({type: 'ask', question: {about: 'quit'}});
				if (run.phase !== 'ended') send({type: 'stop', mode: 'drain'});
				return steering.onLeave();
			}
			case 'interrupt':
				return steering.onInterrupt();
		}
	}

	return view;
}
