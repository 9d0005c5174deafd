import {type Context, Hono} from 'hono';
import {methodNotAllowed} from 'hono/method-not-allowed';
import type {Clock} from '../engine/clock.js';
import {api} from './api/api.js';
import {type Refusal, refuse} from './api/refusal.js';
import {answerWith} from './api/route.js';
import {entrance} from './entrance.js';
import {type Env, type GuardOptions, guard, headers} from './guard.js';
import type {Parts} from './parts.js';
import {refusedPage, site, wantsData} from './site.js';

export type AppOptions = Omit<GuardOptions, 'refuse'> & {
	parts: Parts;
	clock: Clock;
};

/** Everything that is served, behind the guard. */
export function createApp({parts, clock, ...door}: AppOptions): Hono<Env> {
	const app = new Hono<Env>();
	const no = (context: Context<Env>, refusal: Refusal) =>
		wantsData(context) ? answerWith(context, refusal) : refusedPage(context, clock.now(), refusal);

	app.use(headers);
	app.use(guard({...door, refuse: no}));
	app.use(
		methodNotAllowed({
			app,
			onMethodNotAllowed(context, methods) {
				context.header('allow', methods.join(', '));
				return no(context, refuse('method-not-allowed', `This can be asked for by ${methods.join(' or ')} only.`));
			},
		}),
	);
	app.route('/', entrance(door, clock));
	app.route('/', api(parts));
	app.route('/', site(parts));
	app.notFound(context => no(context, refuse('not-found', 'There is nothing here.')));
	// What goes wrong here is a bug; who asks is told no more than that.
	app.onError((error, context) => {
		parts.onBug(error);
		return no(
			context,
			refuse('trouble', 'This went wrong in the dashboard itself; it says more where it was started.'),
		);
	});
	return app;
}
