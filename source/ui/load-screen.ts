/** Loads the screen. */
export const loadScreen = (): Promise<typeof import('./app.js')> => quickly(() => import('./app.js'));

/** Loads the list of jobs. */
export const loadPicker = (): Promise<typeof import('./picker/open-picker.js')> =>
	quickly(() => import('./picker/open-picker.js'));

/**
 * The layout engine would fetch its own code from a `data:` URL, and for that have Node load an HTTP client, which takes
 * longer than all the rest; without `fetch` it just decodes the URL.
 */
async function quickly<T>(load: () => Promise<T>): Promise<T> {
	const {fetch} = globalThis;
	Reflect.deleteProperty(globalThis, 'fetch');
	try {
		return await load();
	} finally {
		globalThis.fetch = fetch;
	}
}
