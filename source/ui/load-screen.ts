let loading: Promise<typeof import('./app.js')> | undefined;

/** Loads the screen, once. The sooner it is asked for, the less there is to wait for when it is needed. */
export const loadScreen = (): Promise<typeof import('./app.js')> => (loading ??= quickly(() => import('./app.js')));

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
		const [screen, layout] = await Promise.all([load(), import('yoga-layout')]);
		// Only in the bundle, see build.mjs: there a module cannot wait for it itself.
		if ('ready' in layout) await layout.ready;
		return screen;
	} finally {
		globalThis.fetch = fetch;
	}
}
