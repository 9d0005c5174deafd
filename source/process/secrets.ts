/** Variables whose values are taken for keys, by their names. */
const keyName =
	/SECRET|PASSW(?:OR)?D|PASSPHRASE|CREDENTIAL|COOKIE|TOKEN(?!IZ)|KEYS?(?![A-Za-z])|(?:^|_)(?:AUTH|PAT)(?![A-Za-z])|_(?:PASS|PWD)(?![A-Za-z])/i;

/** Whether a variable is named like one that holds a key. */
export const isKeyName = (name: string): boolean => keyName.test(name);

/** Shorter values are never masked: they would be found everywhere. In characters. */
const shortest = 8;

/** Longer words joined by dashes are a passphrase, shorter ones the name of something. */
const longestName = 20;

/** A part of a path that no person has named. */
const looksRandom = (part: string) =>
	part.length >= 16 && /[a-z]/.test(part) && /[A-Z]/.test(part) && /\d/.test(part) && !/[.\s]/.test(part);

/** Values that say nothing to a stranger and that would be missed in a log: a path, a number, a date, a name, an address. */
function isCommon(value: string, name: string): boolean {
	if (/^(?:~?\/|\.{1,2}\/|[A-Za-z]:[\\/])/.test(value)) return !value.split(/[\\/]/).some(looksRandom);
	if (/^[\d.:,+TZ-]+$/.test(value)) return !/PASS|PWD|SECRET/i.test(name);
	if (/^[A-Za-z]+(?:[-_. ][A-Za-z]+)*(?:-\d{1,2})?$/.test(value)) return value.length < longestName;
	if (/^[a-z][a-z0-9+.-]*:\/\/[^\s@]*$/i.test(value)) return !/[?&#]/.test(value);
	return /^[a-z0-9-]{1,30}(?:\.[a-z0-9-]{1,30})*\.[a-z]{2,10}(?::\d+)?$/.test(value);
}

/** The password of an address (`https://user:password@host`), as it is written there and as it is meant. */
function passwordIn(value: string): string[] {
	const written = /^[a-z][a-z0-9+.-]*:\/\/[^\s/:@]*:([^\s/@]+)@/i.exec(value)?.[1];
	if (written === undefined) return [];
	try {
		return [written, decodeURIComponent(written)];
	} catch {
		return [written];
	}
}

/** The other ways in which a program may print the same value: within JSON, an address or base64, a line at a time. */
function spellings(value: string): string[] {
	const lines = value.split(/\r?\n/).filter(line => line.length >= 2 * shortest && !line.startsWith('-----'));
	const json = JSON.stringify(value).slice(1, -1);
	const ascii = json.replace(/[^ -~]/g, character => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`);
	const url = encodeURIComponent(value.toWellFormed());
	const strict = url.replace(/[!'()*]/g, character => `%${character.charCodeAt(0).toString(16).toUpperCase()}`);
	return [
		value,
		...[json, ascii, json.replaceAll('/', '\\/'), ascii.replaceAll('/', '\\/')],
		...[url, strict, strict.replaceAll('%2F', '/'), strict.replaceAll('%20', '+')],
		...base64Of(value),
		...(value.includes('\n') ? lines : []),
	];
}

/** All spellings of a value that is known to be a secret; none where it is so short that it would be found everywhere. */
export const spellingsOf = (secret: string): string[] => (secret.length >= shortest ? spellings(secret) : []);

/**
 * The value within base64, as a header of a request holds it behind a name and a colon: what of it is the same whatever
 * stands around it, for each of the three places at which it can begin.
 */
function base64Of(value: string): string[] {
	const bytes = Buffer.from(value);
	return [0, 1, 2].flatMap(before => {
		const text = Buffer.concat([Buffer.alloc(before), bytes]).toString('base64');
		const from = Math.ceil((before * 8) / 6);
		const own = text.slice(from, Math.floor(((before + bytes.length) * 8) / 6));
		return own.length < shortest ? [] : [own, own.replaceAll('+', '-').replaceAll('/', '_')];
	});
}

/**
 * All texts that must not be kept or shown, longest first: values of variables that are named like keys, and passwords
 * within addresses of any variable.
 */
export function secretsOf(env: Readonly<Record<string, string | undefined>>): string[] {
	const found = new Set<string>();
	for (const [name, whole = ''] of Object.entries(env)) {
		const value = whole.trim();
		const isKey = isKeyName(name) && !isCommon(value, name);
		for (const secret of [...(isKey ? [value] : []), ...passwordIn(value)]) {
			for (const spelling of spellingsOf(secret)) found.add(spelling);
		}
	}
	return [...found].sort((a, b) => b.length - a.length);
}

/** A written line (`X_API_KEY: sk-…`, `X_TOKEN=…`) with stars, as many, where it gives a key its value. */
export const hideKeys = (text: string): string =>
	text.replace(
		/([\w.-]+)(["']?\s*[:=]\s*["']?)([^\s"',{}[\]][^\s"',}\]]{7,})/g,
		(whole, name: string, between: string, value: string) =>
			isKeyName(name) && !isCommon(value, name) ? `${name}${between}${'*'.repeat(value.length)}` : whole,
	);
