import type {HttpBindings} from '@hono/node-server';
import type {Context, MiddlewareHandler} from 'hono';
import {getCookie, setCookie} from 'hono/cookie';
import {secureHeaders} from 'hono/secure-headers';
import type {Access} from './access.js';
import {type Refusal, refuse} from './api/refusal.js';
import {isOwnHost, provenance} from './origin.js';

/** What every request is handled with. */
export type Env = {Bindings: HttpBindings};

/** Says no, in the form that the asker reads: a page for people, JSON for programs. */
export type Refuse = (context: Context<Env>, refusal: Refusal) => Response | Promise<Response>;

export type GuardOptions = {
	access: Access;
	/** What the server listens at, and another name by which it is reached. */
	host: string;
	name?: string;
	port: number;
	refuse: Refuse;
};

const none = ["'none'"];
const own = ["'self'"];

/** Nothing is loaded from elsewhere, and no script or style stands in a page; no page elsewhere may hold one of these. */
export const headers: MiddlewareHandler = secureHeaders({
	contentSecurityPolicy: {
		...{defaultSrc: none, baseUri: none, frameAncestors: none},
		...{scriptSrc: own, styleSrc: own, imgSrc: own, connectSrc: own, formAction: own},
	},
	xFrameOptions: 'DENY',
	// Without one, browsers do not say where a form comes from: `Origin: null`.
	referrerPolicy: 'same-origin',
	// It is no server of https: a promise to be one would lock other programs of this machine out.
	strictTransportSecurity: false,
});

const cookieName = (port: number) => `mozart-${port}`;

/** Lets a browser in from now on. */
export function welcome(context: Context<Env>, {access, port}: Pick<GuardOptions, 'access' | 'port'>): void {
	setCookie(context, cookieName(port), access.session, {httpOnly: true, sameSite: 'Strict', path: '/'});
}

const isPublic = (path: string) => path.startsWith('/assets/') || path === '/login';

/** A person follows a link, or writes an address: what comes is shown to nobody but that person. */
const isNavigation = (context: Context<Env>) =>
	context.req.method === 'GET' &&
	context.req.header('sec-fetch-mode') === 'navigate' &&
	context.req.header('sec-fetch-dest') === 'document';

/** Somebody looks at a page. Browsers that reach this server over plain http do not tell more than what they take. */
const wantsPage = ({req}: Context<Env>) =>
	req.method === 'GET' && !req.path.startsWith('/api/') && (req.header('accept') ?? '').includes('text/html');

/**
 * Stands before everything: who speaks to another name, asks from another page, or shows neither token nor cookie gets no
 * further. A token in an address becomes the cookie, and vanishes from the address.
 */
export function guard({access, host, name, port, refuse: no}: GuardOptions): MiddlewareHandler<Env> {
	function stranger(context: Context<Env>): Response | Promise<Response> {
		if (access.hasPassword && wantsPage(context)) {
			const {pathname, search} = new URL(context.req.url);
			return context.redirect(`/login?next=${encodeURIComponent(pathname + search)}`, 303);
		}
		const words =
			'Open the address that `mozart dashboard` has printed, or send its token: Authorization: Bearer TOKEN';
		return no(context, refuse('unauthorized', words));
	}

	return async (context, next) => {
		const {req} = context;
		const own = req.header('host') ?? '';
		if (!isOwnHost(own, host, name))
			return no(context, refuse('forbidden', 'This server does not answer to that name.'));
		const from = provenance({host: own, origin: req.header('origin'), site: req.header('sec-fetch-site')});
		const reads = req.method === 'GET' || req.method === 'HEAD';
		if (from === 'foreign' && !isNavigation(context))
			return no(context, refuse('forbidden', 'Only pages of this server may ask for this.'));
		if (isPublic(req.path)) {
			if (!reads && from === 'unsaid')
				return no(context, refuse('forbidden', 'A browser has to say where this comes from.'));
			return next();
		}
		const bearer = /^bearer ([\w-]+)$/i.exec(req.header('authorization') ?? '')?.[1];
		if (bearer !== undefined && access.isToken(bearer)) return next();
		const token = reads ? req.query('token') : undefined;
		if (token !== undefined && access.isToken(token)) {
			welcome(context, {access, port});
			return context.redirect(withoutToken(req.url), 303);
		}
		const cookie = getCookie(context, cookieName(port));
		if (bearer !== undefined || token !== undefined || cookie === undefined || !access.isSession(cookie))
			return stranger(context);
		// Browsers say where a command comes from; what does not is none, and has no business with a cookie.
		if (!reads && from === 'unsaid')
			return no(context, refuse('forbidden', 'A browser has to say where this comes from.'));
		return next();
	};
}

/** The path and query alone, so that nobody is ever led to another server. */
function withoutToken(address: string): string {
	const {pathname, searchParams} = new URL(address);
	searchParams.delete('token');
	const query = searchParams.size > 0 ? `?${searchParams}` : '';
	return `/${pathname.replace(/^[/\\]+/, '')}${query}`;
}
