/**
 * Loads the screen. Its layout engine would fetch its own code from a `data:` URL, and for that have Node load an HTTP
 * client, which takes longer than all the rest; without `fetch` it just decodes the URL.
 */
export async function loadScreen(): Promise<typeof import('./app.js')> {
	const {fetch} = globalThis;
	Reflect.deleteProperty(globalThis, 'fetch');
	try {
		return await import('./app.js');
	} finally {
		globalThis.fetch = fetch;
	}
}
