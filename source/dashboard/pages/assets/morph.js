/**
 * Makes one element like another one, and leaves alone what is the same already, so that focus, scrolling and a
 * selection stay. Children with an id are found again wherever they stand by then.
 * @param {Element} old @param {Element} next
 */
export function morph(old, next) {
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
