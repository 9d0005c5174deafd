import {Box, type Instance, render, useWindowSize} from 'ink';
import {useEffect, useRef, useState} from 'react';
import {batchAt} from '../core/batch-table.js';
import type {Run} from '../core/run.js';
import type {Clock} from '../engine/clock.js';
import type {Engine} from '../engine/engine.js';
import {createFilter} from '../headless/batch-filter.js';
import {freeTerminal} from '../process/terminal-link.js';
import {asciiOnly} from './ascii.js';
import {promptRows, rowCount} from './command-line/prompt-rows.js';
import {CommandPrompt} from './components/command-prompt.js';
import {Footer} from './components/footer.js';
import {Header} from './components/header.js';
import {Help} from './components/help.js';
import {SeekPrompt} from './components/seek-prompt.js';
import {StyledRows} from './components/styled-rows.js';
import {Colors} from './components/tint.js';
import {hintWords, spokenLines} from './footer-text.js';
import {createFrames, type Frames} from './frames.js';
import {useOutput} from './hooks/use-output.js';
import {useRun} from './hooks/use-run.js';
import {type Steering, useSteering} from './hooks/use-steering.js';
import {useTabDoc} from './hooks/use-tab-doc.js';
import {layoutOf} from './layout.js';
import {outputDoc} from './output-doc.js';
import {Reader} from './reader/reader.js';
import type {Doc, Pane} from './reading/place.js';
import type {Shown} from './reading/reading.js';
import {LinesScreen} from './screens/lines-screen.js';
import {RunScreen} from './screens/run-screen.js';
import {ZoomScreen} from './screens/zoom-screen.js';
import type {StreamedLines} from './streamed-lines.js';
import {styledRows} from './styled-rows.js';
import type {Evidence} from './tabs/evidence.js';
import type {Tempo} from './tempo.js';
import {maxKeyFps} from './theme.js';
import {initialView, type Tab} from './view-state.js';

type Props = {
	frames: Frames;
	evidence?: Evidence | undefined;
	/** What can be shown instead of the screen. */
	lines?: StreamedLines | undefined;
	/** Lines are shown: the terminal's usual buffer is drawn on, below them. */
	isInline?: boolean;
	/** The other buffer is wanted. */
	onSwitch?: (() => void) | undefined;
	/** Messages that could not be delivered so far. */
	undelivered?: () => number;
} & Steering;

/** Nothing until there is a run to show. */
export function App(props: Props) {
	const run = useRun(props.frames);
	return run && <Screens run={run} {...props} />;
}

function Screens({
	run,
	frames,
	evidence,
	lines,
	isInline = false,
	onSwitch,
	undelivered,
	...steering
}: Props & {run: Run}) {
	const size = useWindowSize();
	const {columns, rows} = size;
	const shownText = useRef<Shown>(undefined);
	const [filterOf] = useState(createFilter);
	const view = useSteering(
		run,
		size,
		{...steering, hasLines: lines !== undefined},
		{filter: filterOf, shown: () => shownText.current},
	);
	const {selected, screen, tab, older, seeking, typing, reading, search, filter} = view;
	const isWatching = steering.watches !== undefined;
	const prompt = typing && promptRows(typing, run, {...size, message: view.message, isWatching});
	const spoken = seeking || prompt ? [] : spokenLines(view, columns);
	const isZoomed = screen.name === 'zoom';
	const spokenRows = prompt ? rowCount(prompt) : seeking ? 1 : spoken.length;
	const layout = layoutOf(size, view.pane, spokenRows);
	const now = frames.now();
	const batch = batchAt(run, selected);
	const tabDoc = useTabDoc(tab, older, batch, run, evidence);
	const output = useOutput(batch, run, frames, evidence);
	const zoomRows = spokenRows > 0 ? rows - layout.footer : rows;
	const text = lazyText(tab, {rows: Math.max(1, zoomRows - 1), columns}, () =>
		tab === 'output' ? outputDoc(output, batch, run) : tabDoc,
	);
	shownText.current = text;
	const wantsInline = screen.name === 'lines';
	useEffect(() => {
		if (wantsInline !== isInline) onSwitch?.();
	}, [wantsInline, isInline, onSwitch]);
	const hint = hintWords(run, isInline ? {name: 'lines'} : screen, columns, isWatching);
	if (isInline && lines) return <LinesScreen {...{lines, spoken, hint, columns, rows}} />;
	// What is about to be shown elsewhere is not to be seen here.
	if (wantsInline) return null;
	const numbers = filter === undefined ? undefined : filterOf(run, filter);
	return (
		<Box flexDirection="column" width={columns} height={rows}>
			{!isZoomed && (
				<Header
					{...{run, now, columns}}
					rows={layout.header}
					animated={frames.animated}
					undelivered={undelivered?.() ?? 0}
				/>
			)}
			{screen.name === 'run' && (
				<RunScreen {...{run, frames, layout, selected, tab, tabDoc, filter, numbers}} lines={output.lines} />
			)}
			{screen.name === 'help' && <Help top={screen.top} rows={layout.body} {...{columns, isWatching}} />}
			{screen.name === 'change' && (
				<StyledRows shown={styledRows(screen.lines, columns)} top={screen.top} rows={layout.body} columns={columns} />
			)}
			{isZoomed && (
				<ZoomScreen
					rows={zoomRows}
					turn={frames.turnOf(selected)}
					{...{batch, run, tab, text, reading, search, now, columns}}
				/>
			)}
			{seeking && layout.footer > 0 && <SeekPrompt line={seeking.line} columns={columns} />}
			{prompt && <CommandPrompt prompt={prompt} rows={layout.footer} />}
			{!seeking && !prompt && (!isZoomed || spoken.length > 0) && (
				<Footer spoken={spoken} hint={hint} rows={layout.footer} />
			)}
		</Box>
	);
}

/** A long output is laid out only where it is read. */
function lazyText(tab: Tab, pane: Pane, docOf: () => Doc): Shown {
	let doc: Doc | undefined;
	return {
		get doc() {
			doc ??= docOf();
			return doc;
		},
		pane,
		follows: tab === 'output',
	};
}

/** What the terminal can show and the person wants to see. */
export type Looks = {clock: Clock; tempo: Tempo; colors: boolean; ascii: boolean; reader: boolean};

/** A screen that is shown, in the terminal's second buffer. */
export type Screen = {
	/** Gives the terminal back as it was: at once, or when the promise resolves where writing takes its time. */
	close(): Promise<void>;
	/** Shows this until the next key. */
	say(notice: string): void;
	/** Resolves when the screen has been closed, and rejects when it has failed; the engine notices neither. */
	closed: Promise<unknown>;
};

/** What stands below the lines is of no use in the scrollback. */
function takeDown(instance: Instance & {isInline: boolean}): void {
	if (instance.isInline) instance.clear();
	instance.unmount();
}

/** Listens to the engine from now on, and shows the run as soon as there is one. */
export function openScreen(
	engine: Engine,
	{
		clock,
		colors,
		tempo,
		ascii,
		reader,
		...steering
	}: Looks & {evidence?: Evidence; lines?: StreamedLines; undelivered?: () => number} & Omit<
			Steering,
			'engine' | 'onNotice' | 'hasLines' | 'memory'
		>,
): Screen {
	const {promise: closed, resolve, reject} = Promise.withResolvers<unknown>();
	/** What is shown, until something else is to be shown in its place. */
	let instance: (Instance & {isInline: boolean}) | undefined;
	const memory = {view: initialView};
	const link = freeTerminal();
	const stdout = ascii ? asciiOnly(process.stdout) : process.stdout;
	const fail = (error: unknown) => {
		reject(error);
		instance?.unmount();
	};
	const frames = createFrames(engine, clock, fail, {tempo, link});
	closed.finally(() => frames.stop()).catch(() => {});
	const listeners = new Set<(notice: string) => void>();
	const onNotice: Steering['onNotice'] = listener => {
		listeners.add(listener);
		return () => void listeners.delete(listener);
	};
	const show = (isInline = false) => {
		stopWaiting();
		const told = {engine, onNotice, ...steering};
		const shown = render(
			reader ? (
				<Reader output={frames.output} now={clock.now} {...told} />
			) : (
				<Colors value={colors}>
					<App {...{frames, memory, isInline, ...told}} onSwitch={() => setImmediate(change)} />
				</Colors>
			),
			{
				stdout,
				alternateScreen: !reader && !isInline,
				isScreenReaderEnabled: reader,
				incrementalRendering: true,
				exitOnCtrlC: false,
				patchConsole: false,
				interactive: true,
				maxFps: maxKeyFps,
			},
		);
		instance = {...shown, isInline};
		shown.waitUntilExit().then(result => {
			if (isClosing || instance?.waitUntilExit === shown.waitUntilExit) resolve(result);
		}, reject);
	};
	/** From the terminal's second buffer to its usual one, or back. */
	const change = () => {
		const wantsInline = memory.view.screen.name === 'lines';
		if (!instance || instance.isInline === wantsInline || isClosing) return;
		const before = instance;
		instance = undefined;
		takeDown(before);
		show(wantsInline);
	};
	let isClosing = false;
	// An empty frame would hold up the first real one: frames have their least distance.
	const stopWaiting = frames.subscribe(() => show());
	if (frames.run()) show();
	return {
		async close() {
			stopWaiting();
			isClosing = true;
			link.release();
			if (instance) takeDown(instance);
			else resolve(undefined);
			await closed.catch(() => {});
		},
		say(notice) {
			for (const listener of listeners) listener(notice);
		},
		closed,
	};
}
