/** Whether a host is this machine itself, where nobody else can listen in. */
export const isLoopback = (host: string): boolean => /^(localhost|127(\.\d+){3}|::1|\[::1\])$/i.test(host);

/** Services whose webhook addresses are keys: who knows the address may post. */
const keyAddresses =
	/^https?:\/\/(hooks\.slack\.com|discord(app)?\.com\/api\/webhooks|[\w.-]+\.webhook\.office\.com)\b/i;

/** Names of headers and query fields that hold secrets. */
export const namesSecret = (name: string): boolean =>
	/auth|cookie|token|secret|password|passwd|api-?_?key|signature|^(key|sig|code)$/i.test(name);

/** Why a URL that stands in a job file is a secret itself; undefined when it does not look like one. */
export function secretInUrl(text: string): string | undefined {
	if (keyAddresses.test(text)) return 'whoever knows this address can post to it, so it is a secret';
	const url = URL.parse(text);
	if (url && (url.username !== '' || url.password !== '')) return 'it holds a user name or password';
	const field = [...(url?.searchParams.keys() ?? [])].find(namesSecret);
	return field === undefined ? undefined : `its “${field}” looks like a secret`;
}
