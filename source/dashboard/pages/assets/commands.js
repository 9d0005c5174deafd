import {lookNow} from './look.js';
import {say} from './message.js';

/** Sends a command as its form would, and says what came of it. @param {HTMLFormElement} form */
export function send(form) {
	for (const open of document.querySelectorAll('dialog:popover-open')) /** @type {HTMLElement} */ (open).hidePopover();
	/** @type {[string, string][]} */
	const fields = [...new FormData(form)].map(([name, value]) => [name, String(value)]);
	return command(form.action, fields);
}

/** @param {string} to @param {[string, string][]} fields */
export async function command(to, fields) {
	try {
		const body = new URLSearchParams(fields);
		const answer = await fetch(to, {method: 'POST', body, headers: {accept: 'application/json'}});
		const {message = `the server answered with ${answer.status}`} = await answer.json().catch(() => ({}));
		say(answer.ok ? message : `Not done: ${message}`);
	} catch {
		say('Not done: the connection is lost.');
	}
	lookNow();
}

document.addEventListener('submit', submitted => {
	const form = submitted.target;
	if (!(form instanceof HTMLFormElement) || !form.hasAttribute('data-command')) return;
	submitted.preventDefault();
	send(form);
});
