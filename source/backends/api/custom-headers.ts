/**
 * Headers as the variables `…_CUSTOM_HEADERS` hold them, one `Name: value` a line. What `inherited` holds is taken out
 * where `own` does not name it again: the SDKs send what they find in the environment of the program, whatever they are told.
 */
export function customHeaders(inherited: string | undefined, own: string | undefined): Record<string, string | null> {
	const none = linesOf(inherited).map(([name]): [string, null] => [name, null]);
	return Object.fromEntries([...none, ...linesOf(own)]);
}

function linesOf(text = ''): [name: string, value: string][] {
	return text.split('\n').flatMap((line): [string, string][] => {
		const colon = line.indexOf(':');
		const name = line.slice(0, Math.max(colon, 0)).trim().toLowerCase();
		return name === '' ? [] : [[name, line.slice(colon + 1).trim()]];
	});
}
