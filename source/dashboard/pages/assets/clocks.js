/** The server's clock, ms: ours may be wrong. */
let ahead = 0;
const now = () => Date.now() + ahead;

/** Goes by the clock of the server that has made this page. @param {Document} page */
export function setClocks(page) {
	ahead = Number(page.body.dataset.now) - Date.now();
}

/** `0:07`, `59:59`, then `1 h 00`, as the terminal has it. @param {number} ms */
function clockWords(ms) {
	const seconds = Math.max(0, Math.round(ms / 1000));
	const [hours, minutes] = [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60];
	const two = (/** @type {number} */ part) => String(part).padStart(2, '0');
	return hours > 0 ? `${hours} h ${two(minutes)}` : `${minutes}:${two(seconds % 60)}`;
}

export function moveClocks() {
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
setClocks(document);
setInterval(moveClocks, 1000);
