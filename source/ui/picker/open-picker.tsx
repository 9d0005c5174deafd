import {render} from 'ink';
import type {Looks} from '../app.js';
import {asciiOnly} from '../ascii.js';
import {Colors} from '../components/tint.js';
import {maxFps} from '../theme.js';
import type {JobBoard, Opening} from './job-row.js';
import {Picker} from './picker.js';

/** The list of jobs in the terminal's second buffer. */
export type OpenPicker = {
	/** Resolves with what was chosen, if anything, when the terminal is as it was. */
	chosen: Promise<Opening | undefined>;
	/** Gives the terminal back; nothing is chosen. */
	close(): void;
};

export function openPicker(
	board: JobBoard,
	{colors, ascii, reader}: Pick<Looks, 'colors' | 'ascii' | 'reader'>,
): OpenPicker {
	let opening: Opening | undefined;
	const instance = render(
		<Colors value={colors}>
			<Picker
				board={board}
				onEnd={chosen => {
					opening = chosen;
					instance.unmount();
				}}
			/>
		</Colors>,
		{
			stdout: ascii ? asciiOnly(process.stdout) : process.stdout,
			alternateScreen: !reader,
			isScreenReaderEnabled: reader,
			incrementalRendering: true,
			exitOnCtrlC: false,
			patchConsole: false,
			interactive: true,
			maxFps,
		},
	);
	return {chosen: instance.waitUntilExit().then(() => opening), close: () => instance.unmount()};
}
