import type {Command} from '../core/command.js';
import type {Question} from './view-state.js';

type Choice = {key: string; text: string; commands: readonly Command[]; leave?: boolean; detach?: boolean};

/** What each question offers; any other key means no. */
export function choicesOf(question: Question): {text: string; choices: readonly Choice[]} {
	switch (question.about) {
		case 'quit':
			return {
				text: 'Batches are under way.',
				choices: [
					{key: 'f', text: 'finish them, then quit', commands: [{type: 'stop', mode: 'drain'}], leave: true},
					{key: 's', text: 'stop them now and quit', commands: [{type: 'stop', mode: 'now'}], leave: true},
					...(question.mayDetach ? [{key: 'd', text: 'leave them running', commands: [], detach: true}] : []),
				],
			};
		case 'pause-now':
			return {
				text: 'End what runs and pause?',
				choices: [{key: 'y', text: 'yes', commands: [{type: 'pause', mode: 'now'}]}],
			};
		case 'quit-now':
			return {
				text: 'End what runs and quit?',
				choices: [{key: 'y', text: 'yes', commands: [{type: 'stop', mode: 'now'}], leave: true}],
			};
		case 'several':
			return {text: question.text, choices: [{key: 'y', text: 'yes', commands: question.commands}]};
		case 'retry': {
			const {batch} = question;
			return {
				text: `Batch ${batch} is completed. Run it again?`,
				choices: [{key: 'y', text: 'yes', commands: [{type: 'retry', batch}]}],
			};
		}
		case 'skip':
		case 'hold': {
			const {about: type, batch, attempt} = question;
			const text =
				type === 'skip'
					? `Batch ${batch} is running. End it and skip it?`
					: `End attempt ${attempt} of batch ${batch} and hold it?`;
			return {text, choices: [{key: 'y', text: 'yes', commands: [{type, batch, attempt}]}]};
		}
	}
}
