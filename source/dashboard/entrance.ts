import {type Context, Hono} from 'hono';
import type {Clock} from '../engine/clock.js';
import {refuse} from './api/refusal.js';
import {ownPath, readForm} from './command-form.js';
import {type Env, type GuardOptions, welcome} from './guard.js';
import {createTries} from './login.js';
import {isLoopback} from './origin.js';
import {loginPage} from './pages/login-page.js';
import {refusedPage} from './site.js';

/** Where a password is asked for; nowhere, when none was set. */
export function entrance(
	{access, port, name}: Pick<GuardOptions, 'access' | 'port' | 'name'>,
	clock: Clock,
): Hono<Env> {
	const app = new Hono<Env>();
	if (!access.hasPassword) return app;
	const tries = createTries(clock);
	const now = () => clock.now();

	app.get('/login', context => {
		context.header('cache-control', 'no-store');
		return context.html(loginPage({now: now(), next: ownPath(context.req.query('next'))}));
	});

	app.post('/login', async context => {
		context.header('cache-control', 'no-store');
		const form = await readForm(context);
		if ('kind' in form) return refusedPage(context, now(), form);
		const next = ownPath(form.get('next'));
		const again = (status: 401 | 429, text: string) =>
			context.html(loginPage({now: now(), next, notice: {kind: 'refused', text}}), status);
		const place = placeOf(context, name !== undefined);
		const waitMs = tries.waitFor(place);
		if (waitMs > 0) {
			const seconds = Math.ceil(waitMs / 1000);
			context.header('retry-after', String(seconds));
			return again(429, `Too many wrong passwords. Try again in ${seconds} s.`);
		}
		const password = form.get('password');
		if (password === undefined) return refusedPage(context, now(), refuse('bad-request', 'Which password?'));
		if (!access.isPassword(password)) {
			tries.wrong(place);
			return again(401, 'That is not the password.');
		}
		welcome(context, {access, port});
		return context.redirect(next, 303);
	});

	return app;
}

/** Who asks: a server with TLS before this one says so, behind what it was told itself. */
function placeOf({req, env}: Context<Env>, isBehind: boolean): string {
	const {remoteAddress = ''} = env.incoming.socket;
	const told = req.header('x-forwarded-for')?.split(',').at(-1)?.trim();
	return isBehind && told && isLoopback(remoteAddress) ? told : remoteAddress;
}
