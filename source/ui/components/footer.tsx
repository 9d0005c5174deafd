import {Text} from 'ink';
import {choicesOf} from '../questions.js';
import type {ViewState} from '../view-state.js';
import {Line} from './line.js';

/** The open question, the answer to the last key, or the most useful keys. */
export function Footer({view, isOver}: {view: ViewState; isOver: boolean}) {
	if (view.question) {
		const {text, choices} = choicesOf(view.question);
		return (
			<Line color="yellow">
				{text} {choices.map(({key, text}) => `${key} ${text}`).join(' · ')} · any other key: no
			</Line>
		);
	}
	if (view.message !== undefined) return <Line color="yellow">{view.message}</Line>;
	return (
		<Line dimColor>
			{isOver && <Text bold>the run is over </Text>}q quit · p pause · r retry · s skip · ↵ zoom · ? help
		</Line>
	);
}
