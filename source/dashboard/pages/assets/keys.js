import {command, send} from './commands.js';
import {byId} from './dom.js';
import {fetchPage} from './look.js';
import {say} from './message.js';

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
