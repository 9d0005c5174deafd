import {byId} from './dom.js';

/** Somebody reads in the list of batches: it does not move by itself any more. */
let isRead = false;

/** What runs is what one looks for in a long list. */
export function showRunning() {
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
