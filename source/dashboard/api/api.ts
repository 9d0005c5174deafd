import {Hono} from 'hono';
import type {Env} from '../guard.js';
import type {Parts} from '../parts.js';
import {batchesRoutes} from './batches-routes.js';
import {historyRoutes} from './history-routes.js';
import {jobsRoutes} from './jobs-routes.js';
import {answerWith, type Route} from './route.js';
import {streamRoutes} from './stream-routes.js';

export const apiRoutes = (parts: Parts): Route[] => [
	...jobsRoutes(parts),
	...batchesRoutes(parts),
	...streamRoutes(parts),
	...historyRoutes(parts),
];

/** Everything below `/api/`, and the document that describes it. */
export function api(parts: Parts): Hono<Env> {
	const app = new Hono<Env>();
	const routes = apiRoutes(parts);
	for (const {method, path, handle} of routes) app.on(method.toUpperCase(), path.replace(/\{(\w+)\}/g, ':$1'), handle);
	let document: Promise<object> | undefined;
	app.get('/api/openapi.json', async context => {
		document ??= import('./document.js').then(({openApiDocument}) => openApiDocument(routes));
		return answerWith(context, await document);
	});
	return app;
}
