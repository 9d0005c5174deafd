/**
 * The live part of the pages. They are whole without it: it looks at the same page again when the server says that
 * something has happened, and changes what differs. No text of a job ever becomes HTML here: the browser parses the
 * server's page, in which everything is escaped.
 */

const root = document.documentElement;
root.classList.add('js');

/** @param {string} id */
const byId = id => document.getElementById(id);

/** The server's clock, ms: ours may be wrong. */
let ahead = Number(document.body.dataset.now) - Date.now();
const now = () => Date.now() + ahead;

// What is said to the person

let silence = 0;

/** Shown for a while, and read out once. @param {string} text */
function say(text) {
	const message = byId('message');
	if (!message) return;
	message.textContent = text;
	clearTimeout(silence);
	silence = window.setTimeout(() => {
		message.textContent = '';
	}, 8000);
}
if (byId('message')?.textContent) say(byId('message')?.textContent ?? '');

// Clocks

/** `0:07`, `59:59`, then `1 h 00`, as the terminal has it. @param {number} ms */
function clockWords(ms) {
	const seconds = Math.max(0, Math.round(ms / 1000));
	const [hours, minutes] = [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60];
	const two = (/** @type {number} */ part) => String(part).padStart(2, '0');
	return hours > 0 ? `${hours} h ${two(minutes)}` : `${minutes}:${two(seconds % 60)}`;
}

function moveClocks() {
	if (document.hidden) return;
	for (const clock of document.querySelectorAll('[data-since], [data-until]')) {
		if (!(clock instanceof HTMLElement)) continue;
		const {since, until, step = '1'} = clock.dataset;
		const ms = since === undefined ? Number(until) - now() : now() - Number(since);
		const stepMs = Number(step) * 1000;
		const words = clockWords(Math.floor(ms / stepMs) * stepMs);
		if (clock.textContent !== words) clock.textContent = words;
	}
}
setInterval(moveClocks, 1000);

// Looking again

/** @param {string} url @returns {Promise<Document>} */
function fetchPage(url) {
	return new Promise((resolve, reject) => {
		const request = new XMLHttpRequest();
		request.open('GET', url);
		request.responseType = 'document';
		request.onload = () => {
			if (request.status < 500 && request.response) resolve(request.response);
			else reject(new Error(String(request.status)));
		};
		request.onerror = request.ontimeout = () => reject(new Error('unreachable'));
		request.timeout = 20_000;
		request.send();
	});
}

/**
 * Makes one element like another one, and leaves alone what is the same already, so that focus, scrolling and a
 * selection stay. Children with an id are found again wherever they stand by then.
 * @param {Element} old @param {Element} next
 */
function morph(old, next) {
	if (old.isEqualNode(next)) return;
	for (const {name} of [...old.attributes])
		if (!next.hasAttribute(name) && !isOwn(old, name)) old.removeAttribute(name);
	for (const {name, value} of [...next.attributes])
		if (old.getAttribute(name) !== value && !isOwn(old, name)) old.setAttribute(name, value);
	if (old.hasAttribute('data-keep')) return;
	/** @type {Map<string, Element>} */
	const known = new Map();
	for (const child of old.children) if (child.id !== '') known.set(child.id, child);
	let at = old.firstChild;
	for (const child of [...next.childNodes]) {
		const same = child instanceof Element && child.id !== '' ? known.get(child.id) : undefined;
		if (same) {
			if (same === at) at = at.nextSibling;
			else old.insertBefore(same, at);
			known.delete(same.id);
			morph(same, /** @type {Element} */ (child));
			continue;
		}
		const isAlike =
			at !== null &&
			at.nodeName === child.nodeName &&
			!(at instanceof Element && at.id !== '') &&
			!(child instanceof Element && child.id !== '');
		if (at !== null && isAlike) {
			const here = at;
			at = at.nextSibling;
			if (here instanceof Element) morph(here, /** @type {Element} */ (child));
			else if (here.nodeValue !== child.nodeValue) here.nodeValue = child.nodeValue;
			continue;
		}
		old.insertBefore(document.importNode(child, true), at);
	}
	while (at !== null) {
		const gone = at;
		at = at.nextSibling;
		gone.remove();
	}
	for (const child of known.values()) child.remove();
}

/** What a person has opened stays open. @param {Element} element @param {string} name */
const isOwn = (element, name) => name === 'open' && element.hasAttribute('data-keep-open');

/** Milliseconds between two looks at least; when a lot happens a page is still calm. */
const restMs = 500;
let lastLook = 0;
let planned = 0;
let isLooking = false;
let isWanted = false;

/** Looks at the page again soon; a page that nobody sees waits until somebody does. */
function lookSoon() {
	isWanted = true;
	if (planned || isLooking || document.hidden) return;
	planned = window.setTimeout(look, lastLook === 0 ? 0 : Math.max(0, lastLook + restMs - performance.now()));
}

async function look() {
	planned = 0;
	isWanted = false;
	isLooking = true;
	try {
		take(await fetchPage(location.href));
	} catch {
		// The stream tells when the server is there again.
	}
	isLooking = false;
	lastLook = performance.now();
	if (isWanted) lookSoon();
}

/** @param {Document} page */
function take(page) {
	ahead = Number(page.body.dataset.now) - Date.now();
	const {seq} = page.body.dataset;
	if (seq !== undefined) document.body.dataset.seq = seq;
	const focused = document.activeElement;
	for (const id of ['main', 'spoken']) {
		const [old, next] = [byId(id), page.getElementById(id)];
		if (old && next) morph(old, next);
	}
	if (document.title !== page.title) document.title = page.title;
	moveClocks();
	showEnds();
	showRunning();
	if (printed.size > 0) showPrinted();
	// What had the focus and is gone leaves it where reading goes on.
	if (focused instanceof HTMLElement && focused !== document.body && !focused.isConnected)
		byId('main')?.focus({preventScroll: true});
}

document.addEventListener('visibilitychange', () => {
	if (document.hidden) return;
	moveClocks();
	if (isWanted) lookSoon();
});

// Output

/** Lines that are kept of what runs. */
const mostLines = 400;
/** Panes that a person has scrolled up in: those do not move. @type {WeakSet<Element>} */
const left = new WeakSet();

/** @param {Element} pane */
const isAtEnd = pane => pane.scrollHeight - pane.scrollTop - pane.clientHeight < 24;

/** Every pane shows its end, but where a person reads further up. */
function showEnds() {
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
function print({batch, attempt, text, begins}) {
	const name = `${batch}-${attempt}`;
	if (printed.size === 0) requestAnimationFrame(showPrinted);
	const known = begins ? undefined : printed.get(name);
	printed.set(name, known ? {...known, text: (known.text + text).slice(-mostUnseen)} : {text, begins});
}

function showPrinted() {
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

// News

const line = byId('line');
/** Silence longer than this means that the connection is dead: the server says something more often, ms. */
const patienceMs = 40_000;
/** @type {EventSource | undefined} */
let stream;
let lastId = '';
let heardAt = 0;
let tries = 0;
let retrying = 0;
/** The server is one that says something again and again. */
let hasPulse = false;

/** @param {'live' | 'lost' | 'over'} state */
function tellLine(state) {
	if (!line) return;
	const words = {live: 'live', lost: 'connection lost, trying again', over: ''}[state];
	line.classList.toggle('lost', state === 'lost');
	if (line.textContent !== words) line.textContent = words;
	root.dataset.line = state;
}

function listen() {
	const address = document.body.dataset.live;
	if (address === undefined) return;
	const url = new URL(address, location.href);
	if (lastId !== '') url.searchParams.set('after', lastId);
	stream?.close();
	stream = new EventSource(url);
	heardAt = Date.now();
	stream.onopen = () => {
		tries = 0;
		// What happened meanwhile is on the page that the server has now.
		if (root.dataset.line === 'lost') lookSoon();
		tellLine('live');
		heardAt = Date.now();
	};
	stream.onerror = lost;
	for (const type of ['snapshot', 'state', 'jobs', 'job', 'gone'])
		stream.addEventListener(type, news => {
			heard(news);
			if (isNews(type, JSON.parse(news.data))) lookSoon();
		});
	stream.addEventListener('fact', heard);
	stream.addEventListener('beat', news => {
		heard(news);
		hasPulse = true;
	});
	stream.addEventListener('output', news => {
		heard(news);
		print(JSON.parse(news.data));
	});
}

/** Tries again by itself, sooner at first: the browser would wait, or give up. */
function lost() {
	tellLine('lost');
	stream?.close();
	clearTimeout(retrying);
	retrying = window.setTimeout(listen, Math.min(500 * 2 ** tries++, 15_000));
}

/**
 * Whether the page may be another one by now. A batch’s own page changes with that batch, or where no batch is named; so
 * does any page when its program is gone, without a fact. @param {string} type
 * @param {{seq?: number, batches?: {number: number}[]}} message
 */
function isNews(type, {seq, batches}) {
	const {seq: shown, batch} = document.body.dataset;
	if (seq !== undefined && (seq < Number(shown) || (type === 'snapshot' && seq === Number(shown)))) return false;
	return batch === undefined || !batches?.length || batches.some(({number}) => number === Number(batch));
}

/** @param {MessageEvent} news */
function heard(news) {
	heardAt = Date.now();
	if (news.lastEventId !== '') lastId = news.lastEventId;
}

setInterval(() => {
	if (stream?.readyState === EventSource.OPEN && hasPulse && Date.now() - heardAt > patienceMs) lost();
}, 5000);
addEventListener('online', listen);
addEventListener('offline', () => tellLine('lost'));
// A page that the browser keeps for the way back must not hold a connection.
addEventListener('pagehide', () => stream?.close());
addEventListener('pageshow', ({persisted}) => {
	if (!persisted) return;
	listen();
	lookSoon();
});

// Commands

/** Sends a command as its form would, and says what came of it. @param {HTMLFormElement} form */
function send(form) {
	for (const open of document.querySelectorAll('dialog:popover-open')) /** @type {HTMLElement} */ (open).hidePopover();
	/** @type {[string, string][]} */
	const fields = [...new FormData(form)].map(([name, value]) => [name, String(value)]);
	return command(form.action, fields);
}

/** @param {string} to @param {[string, string][]} fields */
async function command(to, fields) {
	try {
		const body = new URLSearchParams(fields);
		const answer = await fetch(to, {method: 'POST', body, headers: {accept: 'application/json'}});
		const {message = `the server answered with ${answer.status}`} = await answer.json().catch(() => ({}));
		say(answer.ok ? message : `Not done: ${message}`);
	} catch {
		say('Not done: the connection is lost.');
	}
	// Who has asked for something waits for it.
	lastLook = 0;
	clearTimeout(planned);
	planned = 0;
	lookSoon();
}

document.addEventListener('submit', submitted => {
	const form = submitted.target;
	if (!(form instanceof HTMLFormElement) || !form.hasAttribute('data-command')) return;
	submitted.preventDefault();
	send(form);
});

// Keys

/** @returns {HTMLElement[]} */
const rowLinks = () =>
	[...document.querySelectorAll('[data-row]')].flatMap(row => {
		const link = row.querySelector('a');
		return link ? [link] : [];
	});

/** @param {number} by */
function move(by) {
	const links = rowLinks();
	const at = links.findIndex(link => link.closest('[data-row]')?.contains(document.activeElement));
	// One begins where batches run.
	const start = Math.max(
		0,
		links.findIndex(link => link.closest('#batch-rows tr')?.querySelector('.is-running')),
	);
	const wanted = at < 0 && Number.isFinite(by) ? start : Math.max(at, 0) + by;
	const next = Math.max(0, Math.min(wanted, links.length - 1));
	links[next]?.focus();
	links[next]?.closest('[data-row]')?.scrollIntoView({block: 'nearest'});
}

/** What `key` means on this page: a button or a link that says so. @param {ParentNode} where @param {string} key */
const bound = (where, key) =>
	/** @type {HTMLElement | null} */ (where.querySelector(`[data-key="${CSS.escape(key)}"]`));

/** Commands for the batch whose row has the focus, by their keys. @type {Record<string, string>} */
const rowCommands = {r: 'retry', s: 'skip', x: 'hold', w: 'end-wait'};

/** Does to the batch of a row what its own page would do: there lies the button, or the question. @param {HTMLAnchorElement} link @param {string} key */
async function actOnRow(link, key) {
	const batch = link.closest('[data-row]')?.id.replace('batch-', '') ?? '';
	const to = `${location.pathname}/commands`;
	try {
		const page = await fetchPage(link.href);
		const button = bound(page, key);
		const form = button?.closest('form');
		const question = page.getElementById(button?.getAttribute('popovertarget') ?? '');
		if (form) return send(form);
		// What is not offered is asked for all the same: the answer says why not.
		if (!question) {
			return command(to, [
				['type', rowCommands[key] ?? ''],
				['batch', batch],
			]);
		}
		const asked = document.importNode(question, true);
		document.body.append(asked);
		asked.addEventListener('toggle', change => {
			if (/** @type {ToggleEvent} */ (change).newState === 'open') return;
			asked.remove();
			link.focus();
		});
		asked.showPopover();
	} catch {
		say('Not done: the connection is lost.');
	}
}

/** Ways of a key that a page has not bound to a button or a link of its own. @param {string} key @returns {boolean} whether it had a meaning */
function press(key) {
	switch (key) {
		case 'j':
			move(1);
			return true;
		case 'k':
			move(-1);
			return true;
		case 'g':
			move(Number.NEGATIVE_INFINITY);
			return true;
		case 'G':
			move(Number.POSITIVE_INFINITY);
			return true;
		case '/': {
			const filter = byId('filter');
			if (filter instanceof HTMLInputElement) filter.select();
			return filter !== null;
		}
		case '?': {
			const help = byId('help');
			if (help instanceof HTMLDialogElement) help.showModal();
			return true;
		}
	}
	return false;
}

document.addEventListener('keydown', event => {
	const {key, target} = event;
	if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing || event.defaultPrevented) return;
	const isTyping =
		target instanceof HTMLInputElement || target instanceof HTMLSelectElement || target instanceof HTMLTextAreaElement;
	if (isTyping) {
		if (key === 'Escape') target.blur();
		return;
	}
	if (document.querySelector('dialog:popover-open, dialog[open]')) return;
	const name = key === 'Escape' ? 'escape' : key;
	const link = document.activeElement instanceof HTMLAnchorElement ? document.activeElement : undefined;
	const isBatchRow = link?.closest('[data-row]')?.id.startsWith('batch-') ?? false;
	if (link && isBatchRow && name in rowCommands) {
		event.preventDefault();
		actOnRow(link, name);
		return;
	}
	const control = bound(document, name);
	if (control) {
		event.preventDefault();
		control.click();
	} else if (press(key)) event.preventDefault();
	else if (name in rowCommands && document.querySelector('[id^="batch-"][data-row]'))
		say('Choose a batch first: j and k move.');
});

// The list

/** Somebody reads in the list of batches: it does not move by itself any more. */
let isRead = false;

/** What runs is what one looks for in a long list. */
function showRunning() {
	const running = document.querySelector('#batch-rows tr:not(.quiet) .is-running')?.closest('tr');
	const list = byId('batch-scroll');
	if (!running || !list || isRead) return;
	const at = running.offsetTop - list.scrollTop;
	if (at < 0 || at > list.clientHeight * 0.8) list.scrollTop = running.offsetTop - list.clientHeight / 2;
}

/** Where somebody reads the list stays on its page, while others run on. */
function readList() {
	isRead = true;
	const page = document.querySelector('[data-page]')?.getAttribute('data-page');
	const here = new URL(location.href);
	if (!page || here.searchParams.has('page')) return;
	here.searchParams.set('page', page);
	history.replaceState(null, '', here);
}

for (const type of ['wheel', 'touchmove', 'pointerdown', 'focusin'])
	byId('batch-scroll')?.addEventListener(type, readList, {passive: true});

tellLine(document.body.dataset.live === undefined ? 'over' : 'live');
listen();
showEnds();
showRunning();
