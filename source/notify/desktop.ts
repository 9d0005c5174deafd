import type {NotificationOf} from '../config/notifications.js';
import {isOverSsh} from '../process/remote.js';
import {runProcess} from '../process/run.js';
import {type Delivery, type Outcome, quote, refused} from './delivery.js';
import type {Message} from './message.js';
import type {TerminalWrite} from './notifier.js';
import {terminalNotice} from './terminal-notice.js';

type Env = Readonly<Record<string, string | undefined>>;

/** What a desktop notice needs of the program. */
export type Surroundings = {
	env: Env;
	platform: NodeJS.Platform;
	/** Undefined where this program owns no terminal (any more). */
	terminal(): TerminalWrite | undefined;
};

const mostLines = 4;

/**
 * The desktop where there is one, else the terminal. Over SSH a desktop, if any, is one that nobody sits at. The system's
 * own program shows the notice (`notify-send`, `osascript`): packages for this bring programs of their own for other
 * systems, which a bundle in one file cannot carry.
 */
export function createDesktop({config}: NotificationOf<'desktop'>, {env, platform, terminal}: Surroundings): Delivery {
	return async (message, signal) => {
		const notice = {title: message.title, body: message.lines.filter(Boolean).slice(0, mostLines).join('\n')};
		const write = terminal();
		const inTerminal = (): Outcome => {
			write?.(terminalNotice(notice, config.bell, env));
			// tmux drops it without a word where it is not allowed to pass.
			const how = env.TMUX ? 'terminal; in tmux it needs `set -g allow-passthrough on`' : 'terminal';
			return write ? {taken: true, how} : refused('this program has no terminal (any more)');
		};
		if (config.via === 'terminal') return inTerminal();
		const argv = config.via === 'auto' && isOverSsh(env) ? undefined : desktopCommand(notice, message, env, platform);
		if (!argv) {
			if (config.via === 'auto' && write) return inTerminal();
			return refused('there is no desktop here, and no terminal that this program owns');
		}
		const outcome = await show(argv, env, signal);
		if (outcome.taken && config.bell && write) write('\x07');
		return outcome.taken || config.via === 'desktop' || !write ? outcome : inTerminal();
	};
}

function desktopCommand(
	{title, body}: {title: string; body: string},
	{level}: Message,
	env: Env,
	platform: NodeJS.Platform,
): string[] | undefined {
	if (platform === 'darwin') {
		const script = ['on run argv', 'display notification (item 2 of argv) with title (item 1 of argv)', 'end run'];
		return ['osascript', ...script.flatMap(line => ['-e', line]), '--', title, body];
	}
	if (!env.DISPLAY && !env.WAYLAND_DISPLAY) return undefined;
	const urgency = level === 'bad' || level === 'attention' ? 'critical' : 'normal';
	return ['notify-send', '--app-name=Mozart', `--urgency=${urgency}`, '--', title, markup(body)];
}

async function show(argv: string[], env: Env, signal: AbortSignal): Promise<Outcome> {
	const given = Object.entries(env).filter((entry): entry is [string, string] => entry[1] !== undefined);
	const result = await runProcess({argv, cwd: '/', env: Object.fromEntries(given), signal, graceMs: 500});
	const [program = ''] = argv;
	if (result.type === 'exited' && result.exitCode === 0) return {taken: true, how: 'desktop'};
	if (result.type !== 'exited') return refused(`${program} cannot be started`);
	if (result.aborted) return refused(`${program} did not end in time`);
	return refused(`${program} ended with exit code ${result.exitCode} (${quote(result.tails.stderr)})`);
}

/** The body of a desktop notice is markup. */
const markup = (text: string): string => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
