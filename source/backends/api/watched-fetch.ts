export type Fetch = typeof globalThis.fetch;

/**
 * `fetch` that tells of each sign of life, also of those that the SDK keeps to itself, and follows no redirect: the key
 * goes to the address that the user wrote, and to no other. Each request has a connection of its own: one that the server
 * is about to close would take the next request with it, and a conversation of many turns.
 */
export const watchedFetch =
	(alive: () => void, send: Fetch = fetch): Fetch =>
	async (input, init) => {
		const headers = new Headers(init?.headers);
		headers.set('connection', 'close');
		const response = await send(input, {...init, headers, redirect: 'manual'});
		alive();
		if (!response.ok || !response.body) return response;
		const watch = new TransformStream<Uint8Array, Uint8Array>({
			transform(chunk, controller) {
				alive();
				controller.enqueue(chunk);
			},
		});
		return new Response(response.body.pipeThrough(watch), response);
	};
