import {Box, type Instance, render, useWindowSize} from 'ink';
import {useRef} from 'react';
import {batchAt} from '../core/batch-table.js';
import type {Run} from '../core/run.js';
import type {Clock} from '../engine/clock.js';
import type {Engine} from '../engine/engine.js';
import {Footer} from './components/footer.js';
import {Header} from './components/header.js';
import {Help} from './components/help.js';
import {OutputPane} from './components/output-pane.js';
import {TabPane} from './components/tab-pane.js';
import {Colors} from './components/tint.js';
import {hintWords, spokenLines} from './footer-text.js';
import {createFrames, type Frames} from './frames.js';
import {useRun} from './hooks/use-run.js';
import {type Steering, useSteering} from './hooks/use-steering.js';
import {useTabRows} from './hooks/use-tab-rows.js';
import {layoutOf} from './layout.js';
import {RunScreen} from './screens/run-screen.js';
import type {Evidence} from './tabs/evidence.js';
import {maxFps} from './theme.js';

type Props = {frames: Frames; evidence?: Evidence | undefined} & Steering;

/** Nothing until there is a run to show. */
export function App(props: Props) {
	const run = useRun(props.frames);
	return run && <Screens run={run} {...props} />;
}

function Screens({run, frames, evidence, ...steering}: Props & {run: Run}) {
	const size = useWindowSize();
	const {columns, rows} = size;
	const tabLines = useRef(0);
	const view = useSteering(run, size, {...steering, tabLines: () => tabLines.current});
	const {selected, screen, tab, top, older} = view;
	const spoken = spokenLines(view, columns);
	const isZoomed = screen.name === 'zoom';
	const layout = layoutOf(size, view.pane, spoken.length);
	const now = frames.now();
	const width = isZoomed ? columns : layout.output - (layout.list > 0 ? 1 : 0);
	const shown = useTabRows(tab, older, batchAt(run, selected), run, width, evidence);
	tabLines.current = shown.length;
	return (
		<Box flexDirection="column" width={columns} height={rows}>
			{!isZoomed && <Header run={run} now={now} columns={columns} rows={layout.header} />}
			{screen.name === 'run' && <RunScreen {...{run, selected, frames, layout, tab, top, shown}} />}
			{screen.name === 'help' && <Help top={screen.top} rows={layout.body} columns={columns} />}
			{isZoomed && tab !== 'output' && (
				<TabPane
					batch={batchAt(run, selected)}
					rows={spoken.length > 0 ? rows - layout.footer : rows}
					indent={0}
					{...{tab, top, shown, columns}}
				/>
			)}
			{isZoomed && tab === 'output' && (
				<OutputPane
					batch={batchAt(run, selected)}
					lines={frames.output.linesOf(selected)}
					rows={spoken.length > 0 ? rows - layout.footer : rows}
					indent={0}
					isFocused
					{...{run, now, columns}}
				/>
			)}
			{(!isZoomed || spoken.length > 0) && (
				<Footer spoken={spoken} hint={hintWords(run, screen, columns)} rows={layout.footer} />
			)}
		</Box>
	);
}

/** A screen that is shown, in the terminal's second buffer. */
export type Screen = {
	/** Gives the terminal back as it was: at once, or when the promise resolves where writing takes its time. */
	close(): Promise<void>;
	/** Shows this until the next key. */
	say(notice: string): void;
	/** Resolves when the screen has been closed, and rejects when it has failed; the engine notices neither. */
	closed: Promise<unknown>;
};

/** Listens to the engine from now on, and shows the run as soon as there is one. */
export function openScreen(
	engine: Engine,
	{
		clock,
		colors,
		...steering
	}: {clock: Clock; colors: boolean; evidence?: Evidence} & Omit<Steering, 'engine' | 'onNotice' | 'tabLines'>,
): Screen {
	const {promise: closed, resolve, reject} = Promise.withResolvers<unknown>();
	let instance: Instance | undefined;
	const frames = createFrames(engine, clock, error => {
		reject(error);
		instance?.unmount();
	});
	closed.finally(() => frames.stop()).catch(() => {});
	const listeners = new Set<(notice: string) => void>();
	const onNotice: Steering['onNotice'] = listener => {
		listeners.add(listener);
		return () => void listeners.delete(listener);
	};
	const show = () => {
		stopWaiting();
		instance = render(
			<Colors value={colors}>
				<App {...{frames, engine, onNotice, ...steering}} />
			</Colors>,
			{
				alternateScreen: true,
				incrementalRendering: true,
				exitOnCtrlC: false,
				patchConsole: false,
				interactive: true,
				maxFps,
			},
		);
		instance.waitUntilExit().then(resolve, reject);
	};
	// An empty frame would hold up the first real one: frames have their least distance.
	const stopWaiting = frames.subscribe(show);
	if (frames.run()) show();
	return {
		async close() {
			stopWaiting();
			if (instance) instance.unmount();
			else resolve(undefined);
			await closed.catch(() => {});
		},
		say(notice) {
			for (const listener of listeners) listener(notice);
		},
		closed,
	};
}
