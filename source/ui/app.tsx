import {Box, render, Text, useWindowSize} from 'ink';
import {batchAt} from '../core/batch-table.js';
import type {Clock} from '../engine/clock.js';
import type {Engine} from '../engine/engine.js';
import {Footer} from './components/footer.js';
import {Header} from './components/header.js';
import {Help} from './components/help.js';
import {OutputPane} from './components/output-pane.js';
import {createFrames, type Frames, useRun} from './hooks/use-run.js';
import {type Steering, useSteering} from './hooks/use-steering.js';
import {layoutOf} from './layout.js';
import {RunScreen} from './screens/run-screen.js';
import {maxFps} from './theme.js';

type Props = {frames: Frames} & Omit<Steering, 'pageRows'>;

export function App({frames, ...steering}: Props) {
	const run = useRun(frames);
	const {columns, rows} = useWindowSize();
	const pageRows = layoutOf({columns, rows}, 'list').body;
	const view = useSteering(run, {...steering, pageRows});
	const layout = layoutOf({columns, rows}, view.pane);
	if (!run) return <Text>starting…</Text>;
	const selected = Math.min(view.selected, run.total);
	const now = frames.now();
	if (view.screen.name === 'zoom') {
		return (
			<OutputPane
				batch={batchAt(run, selected)}
				run={run}
				lines={frames.output.linesOf(selected)}
				{...{now, rows, columns}}
				isFocused
			/>
		);
	}
	return (
		<Box flexDirection="column" width={columns} height={rows}>
			<Header run={run} now={now} columns={columns} rows={layout.headerRows} />
			{view.screen.name === 'help' ? (
				<Help rows={layout.body} columns={columns} />
			) : (
				<RunScreen {...{run, selected, frames, layout}} />
			)}
			{layout.footer && <Footer view={view} isOver={run.phase === 'ended'} />}
		</Box>
	);
}

/** A screen that is shown, in the terminal's second buffer. */
export type Screen = {
	/** Gives the terminal back as it was; resolves when that is written. */
	close(): Promise<void>;
	/** Rejects when the screen itself has failed; the engine does not notice. */
	closed: Promise<unknown>;
};

export function openScreen(
	engine: Engine,
	{clock, onInterrupt, onLeave}: {clock: Clock} & Pick<Steering, 'onInterrupt' | 'onLeave'>,
): Screen {
	const frames = createFrames(engine, clock);
	const instance = render(<App {...{frames, engine, onInterrupt, onLeave}} />, {
		alternateScreen: true,
		incrementalRendering: true,
		exitOnCtrlC: false,
		patchConsole: false,
		interactive: true,
		maxFps,
	});
	const closed = instance.waitUntilExit().finally(() => frames.stop());
	closed.catch(() => {});
	return {
		async close() {
			instance.unmount();
			await closed.catch(() => {});
		},
		closed,
	};
}
