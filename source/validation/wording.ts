const most = 2_000;

/** Cuts a text in its middle to at most `limit` UTF-16 units; the result never holds half a character. */
export function bounded(text: string, limit = most): string {
	if (text.length <= limit) return text.toWellFormed();
	const note = ` … (${grouped(text.length - limit)} more characters) … `;
	const room = limit - note.length;
	if (room < 20) return start(text, limit - 1).concat('…');
	return `${start(text, Math.ceil(room / 2))}${note}${end(text, Math.floor(room / 2))}`;
}

/** The last `limit` units of a text, whole characters only. */
export function end(text: string, limit: number): string {
	const tail = limit <= 0 ? '' : text.slice(-limit);
	return (tail.length < text.length && /^[\udc00-\udfff]/.test(tail) ? tail.slice(1) : tail).toWellFormed();
}

function start(text: string, limit: number): string {
	const head = text.slice(0, Math.max(limit, 0));
	return (head.length < text.length && /[\ud800-\udbff]$/.test(head) ? head.slice(0, -1) : head).toWellFormed();
}

/** Writes out characters that a terminal would obey or that turn the reading direction; line ends and tabs stay. */
export function visible(text: string): string {
	return text.replace(/[\0-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]/g, char => {
		const code = char.charCodeAt(0);
		return code < 0x100 ? `\\x${code.toString(16).padStart(2, '0')}` : `\\u${code.toString(16)}`;
	});
}

/** Content from outside, made fit for a verdict: bounded, valid, harmless. */
export function shown(text: string, limit = most): string {
	return bounded(visible(bounded(text, limit)), limit);
}

/** A text in quotes on one line, for the inside of a sentence. */
export function quoted(text: string, limit = 160): string {
	return `"${oneLine(bounded(text, limit))}"`;
}

/** A path or a name for the inside of a sentence. */
export function named(text: string): string {
	return oneLine(bounded(text, 400));
}

function oneLine(text: string): string {
	return visible(text).replaceAll('\n', '\\n').replaceAll('\t', '\\t');
}

/** 1234567 as 1,234,567. */
export function grouped(count: number): string {
	return String(count).replace(/\B(?=(\d{3})+$)/g, ',');
}

/** A size in bytes, as a person says it. */
export function sized(bytes: number): string {
	if (bytes === 1) return '1 byte';
	if (bytes < 1_000_000) return `${grouped(bytes)} bytes`;
	return bytes < 1_000_000_000 ? `${(bytes / 1_000_000).toFixed(1)} MB` : `${(bytes / 1_000_000_000).toFixed(1)} GB`;
}
