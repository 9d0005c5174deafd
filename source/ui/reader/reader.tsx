import {Box, Static, Text, useWindowSize} from 'ink';
import {useEffect, useRef, useState} from 'react';
import {batchAt} from '../../core/batch-table.js';
import type {Run} from '../../core/run.js';
import {summarize} from '../../core/summary.js';
import type {Engine} from '../../engine/engine.js';
import {createFilter} from '../../headless/batch-filter.js';
import {eventWords} from '../../headless/event-line.js';
import {type Steering, useSteering} from '../hooks/use-steering.js';
import type {Intent} from '../keymap.js';
import type {OutputStore} from '../output-store.js';
import type {Evidence} from '../tabs/evidence.js';
import {tabLines} from '../tabs/tab-lines.js';
import {type Tab, tabs} from '../view-state.js';
import {
	batchSpoken,
	changeSpoken,
	eventSpoken,
	helpSpoken,
	outputSpoken,
	questionSpoken,
	stateSpoken,
	tabSpoken,
} from './spoken.js';

type Props = {
	output: Pick<OutputStore, 'linesOf'>;
	/** Milliseconds since the epoch. */
	now(): number;
	evidence?: Evidence | undefined;
} & Omit<Steering, 'engine' | 'reads' | 'tabLines'> & {
		engine: Pick<Engine, 'send' | 'getSnapshot' | 'subscribe'>;
	};

/**
 * The run for who listens to it: what happens and what a key leads to is one more line at the end, and nothing that was
 * said changes. No clocks, no frames, no boxes; a question is read with its answers. The same keys steer.
 */
export function Reader({engine, output, now, evidence, ...steering}: Props) {
	const size = useWindowSize();
	const [run, setRun] = useState<Run>(() => engine.getSnapshot());
	const [lines, setLines] = useState<readonly string[]>(() => [
		...stateSpoken(run, summarize(run, now()), now()),
		'Question mark lists the keys, escape says how the run stands, return reads what the batch has printed.',
	]);
	/** The one that [ and ] read an earlier attempt of. */
	const lastTab = useRef<Tab>('validation');
	const say = (more: readonly string[]) => setLines(before => [...before, ...more]);

	useEffect(
		() =>
			engine.subscribe((events, after) => {
				setRun(after);
				const said = events.flatMap(event => eventSpoken(event, eventWords(event, after)));
				if (events.some(({type}) => type === 'run-ended'))
					said.push(...stateSpoken(after, summarize(after, now()), now()), 'q leaves.');
				setLines(before => [...before, ...said]);
			}),
		[engine, now],
	);

	/** Keys that show something elsewhere: here it is said, and nothing is shown that would have to be left again. */
	function reads(intent: Intent, selected: number): boolean {
		const batch = batchAt(engine.getSnapshot(), selected);
		switch (intent) {
			case 'help':
				say(helpSpoken(steering.watches !== undefined));
				return true;
			case 'back':
				say(stateSpoken(engine.getSnapshot(), summarize(engine.getSnapshot(), now()), now()));
				return true;
			case 'zoom':
			case 'tab-1':
				say(outputSpoken(batch, run, output.linesOf(selected)));
				return true;
			case 'tab-2':
			case 'tab-3':
			case 'tab-4':
			case 'tab-5':
				lastTab.current = tabs[Number(intent.slice(-1)) - 1] ?? 'output';
				readTab(lastTab.current, 0, selected);
				return true;
			case 'lines':
				say(['These are lines already.']);
				return true;
			case 'switch':
				say(['2 reads the validation, 3 the attempts, 4 the prompt, 5 the events.']);
				return true;
			default:
				return false;
		}
	}

	function readTab(tab: Tab, older: number, selected: number): void {
		if (tab === 'output') return;
		if (!evidence) return say(['Nothing can be looked up from here.']);
		const title = `Batch ${selected}, ${tab}:`;
		tabLines(tab, older, batchAt(run, selected), run, evidence).then(
			found =>
				say(
					tabSpoken(
						title,
						found.map(({text}) => text),
					),
				),
			error => say([String(error)]),
		);
	}

	const [filter] = useState(createFilter);
	const told = {engine, reads, ...steering};
	const view = useSteering(run, size, told, {filter, shown: () => undefined});
	const {seeking, typing} = view;
	const before = useRef(view);
	useEffect(() => {
		const last = before.current;
		before.current = view;
		const {selected, message, question, screen, tab, older} = view;
		const said: string[] = [];
		if (selected !== last.selected && !view.follow)
			said.push(batchSpoken(batchAt(engine.getSnapshot(), selected), engine.getSnapshot(), now()));
		if (message !== last.message && message !== undefined) said.push(message);
		if (question !== last.question && question) said.push(questionSpoken(question));
		if (screen !== last.screen && screen.name === 'change') said.push(...changeSpoken(screen));
		if (tab !== last.tab) readTab(tab, 0, selected);
		else if (older !== last.older && selected === last.selected) readTab(lastTab.current, older, selected);
		if (said.length > 0) setLines(lines => [...lines, ...said]);
	});

	return (
		<Box flexDirection="column">
			<Static items={[...lines]}>{(line, index) => <Text key={index}>{line}</Text>}</Static>
			{seeking && <Text>filter: {seeking.line.text}</Text>}
			{typing && <Text>command: {typing.line.text}</Text>}
		</Box>
	);
}
