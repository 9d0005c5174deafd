import {showRunning} from './batch-list.js';
import {moveClocks, setClocks} from './clocks.js';
import {byId} from './dom.js';
import {morph} from './morph.js';
import {showEnds, showPrinted} from './output.js';

/** @param {string} url @returns {Promise<Document>} */
export function fetchPage(url) {
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

/** Milliseconds between two looks at least; when a lot happens a page is still calm. */
const restMs = 500;
let lastLook = 0;
let planned = 0;
let isLooking = false;
let isWanted = false;

/** Looks at the page again soon; a page that nobody sees waits until somebody does. */
export function lookSoon() {
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
	setClocks(page);
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
	showPrinted();
	// What had the focus and is gone leaves it where reading goes on.
	if (focused instanceof HTMLElement && focused !== document.body && !focused.isConnected)
		byId('main')?.focus({preventScroll: true});
}

/** Looks now: who has asked for something waits for it. */
export function lookNow() {
	lastLook = 0;
	clearTimeout(planned);
	planned = 0;
	lookSoon();
}

document.addEventListener('visibilitychange', () => {
	if (document.hidden) return;
	moveClocks();
	if (isWanted) lookSoon();
});
