import {byId} from './dom.js';

let silence = 0;

/** Shown for a while, and read out once. @param {string} text */
export function say(text) {
	const message = byId('message');
	if (!message) return;
	message.textContent = text;
	clearTimeout(silence);
	silence = window.setTimeout(() => {
		message.textContent = '';
	}, 8000);
}
if (byId('message')?.textContent) say(byId('message')?.textContent ?? '');
