import {cut} from './cut.js';

type Env = Readonly<Record<string, string | undefined>>;

/** What a terminal shows of a notice, at most; some print nothing of longer ones. */
const titleLength = 100;
const bodyLength = 250;

/**
 * The bytes by which a terminal shows a notice of its own: OSC 777 where it is known to understand that, else OSC 9, and
 * the bell. They move no cursor and draw nothing. Inside tmux and screen they are wrapped, so that they reach the
 * terminal outside (tmux must allow it: `allow-passthrough`); the bell goes to tmux itself, which marks the window.
 */
export function terminalNotice({title, body}: {title: string; body: string}, bell: boolean, env: Env): string {
	const ring = bell ? '\x07' : '';
	const {TERM: term = '', TERM_PROGRAM: program = ''} = env;
	// The console of Linux would print a part of it.
	if (term === 'linux' || term === 'dumb') return ring;
	const [shownTitle, shownBody] = [plain(title, titleLength), plain(body, bodyLength)];
	const both = shownBody === '' ? shownTitle : `${shownTitle}: ${shownBody}`;
	const knows777 = /^(rxvt|foot|xterm-ghostty)/.test(term) || /^(ghostty|WezTerm)$/.test(program) || env.VTE_VERSION;
	const order = knows777
		? `\x1b]777;notify;${shownTitle.replaceAll(';', ',')};${shownBody}\x1b\\`
		: `\x1b]9;${both}\x1b\\`;
	return wrapped(order, env) + ring;
}

function wrapped(order: string, {TMUX: tmux, STY: screen}: Env): string {
	if (tmux) return `\x1bPtmux;${order.replaceAll('\x1b', '\x1b\x1b')}\x1b\\`;
	// screen ends its string at the first ST: the order inside ends with a bell instead.
	if (screen) return `\x1bP${order.replace(/\x1b\\$/, '\x07')}\x1b\\`;
	return order;
}

/** Texts that quote children are data: nothing of them may end the order or begin another one. */
const plain = (text: string, length: number): string =>
	cut(
		text
			.replace(/[\x00-\x1f\x7f-\x9f\s]+/g, ' ')
			.trim()
			// `9;4;` would be a progress bar.
			.replace(/^(\d+;)+/, ''),
		length,
	);
