/** Lines that are kept of what runs. */
const mostLines = 400;
/** Panes that a person has scrolled up in: those do not move. @type {WeakSet<Element>} */
const left = new WeakSet();

/** @param {Element} pane */
const isAtEnd = pane => pane.scrollHeight - pane.scrollTop - pane.clientHeight < 24;

/** Every pane shows its end, but where a person reads further up. */
export function showEnds() {
	for (const pane of document.querySelectorAll('[data-output]'))
		if (!left.has(pane)) pane.scrollTop = pane.scrollHeight;
}

document.addEventListener(
	'scroll',
	({target}) => {
		if (!(target instanceof Element) || !target.hasAttribute('data-output')) return;
		if (isAtEnd(target)) left.delete(target);
		else left.add(target);
	},
	{capture: true, passive: true},
);

/**
 * Text that came since the last frame, by pane; `begins`: it is the end of all that was printed so far.
 * @type {Map<string, {text: string, begins: boolean}>}
 */
let printed = new Map();
/** Signs that are kept for a pane that is not on the page yet. */
const mostUnseen = 64 * 1024;

/** @param {{batch: number, attempt: number, text: string, begins: boolean}} output */
export function print({batch, attempt, text, begins}) {
	const name = `${batch}-${attempt}`;
	if (printed.size === 0) requestAnimationFrame(showPrinted);
	const known = begins ? undefined : printed.get(name);
	printed.set(name, known ? {...known, text: (known.text + text).slice(-mostUnseen)} : {text, begins});
}

/** Adds to the panes what was printed since. */
export function showPrinted() {
	if (printed.size === 0) return;
	const unseen = new Map();
	for (const [name, news] of printed) {
		const pane = document.querySelector(`[data-output="${CSS.escape(name)}"]`);
		const shown = pane?.firstElementChild;
		// A pane that is to come begins with what is on disk; this may be more.
		if (!pane || !shown) {
			if (unseen.size < 32) unseen.set(name, {...news, begins: true});
			continue;
		}
		const before = shown.textContent ?? '';
		const text = news.begins ? beyond(before, news.text) : before + news.text;
		const lines = text.split('\n');
		const mayCut = lines.length > mostLines && !left.has(pane);
		if (!mayCut && text.startsWith(before) && shown.firstChild instanceof Text)
			shown.firstChild.appendData(text.slice(before.length));
		else shown.textContent = mayCut ? lines.slice(-mostLines).join('\n') : text;
		if (!left.has(pane)) pane.scrollTop = pane.scrollHeight;
	}
	printed = unseen;
}

/**
 * Two ends of the same text as one: what both have is not shown twice.
 * @param {string} shown @param {string} news
 */
function beyond(shown, news) {
	const last = shown.slice(-200);
	if (last === '' || shown.endsWith(news)) return shown || news;
	const at = news.lastIndexOf(last);
	return at < 0 ? news : shown + news.slice(at + last.length);
}
