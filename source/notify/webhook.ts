import {createHmac} from 'node:crypto';
import type {NotificationOf} from '../config/notifications.js';
import {type Delivery, refused, secretOf} from './delivery.js';
import {post} from './post.js';
import {webhookBody} from './webhook-body.js';

type Context = {env: Readonly<Record<string, string | undefined>>; now(): number};

/**
 * A signed POST. The signature is HMAC-SHA256, in hex, over the timestamp, a dot and the raw body; a receiver that also
 * looks at the timestamp cannot be sent an old message again. `X-Mozart-Delivery` stays the same from try to try.
 */
export function createWebhook({config}: NotificationOf<'webhook'>, {env, now}: Context): Delivery {
	return async (message, signal) => {
		const address = config.url_env === undefined ? {value: config.url ?? ''} : secretOf(config.url_env, env);
		if ('problem' in address) return refused(address.problem);
		const secrets: string[] = config.url_env === undefined ? [] : [address.value];
		const values = Object.entries(config.headers);
		for (const [header, name] of Object.entries(config.headers_env)) {
			const secret = secretOf(name, env);
			if ('problem' in secret) return refused(secret.problem);
			values.push([header, secret.value]);
			secrets.push(secret.value);
		}
		const headers = new Headers();
		const unfit = values.find(([header, value]) => !set(headers, header, value));
		if (unfit) return refused(`the header ${unfit[0]} cannot be sent: its value holds what no header can hold`);
		const body = JSON.stringify(webhookBody(message));
		headers.set('content-type', 'application/json');
		headers.set('x-mozart-delivery', message.id);
		if (config.secret_env !== undefined) {
			const key = secretOf(config.secret_env, env);
			if ('problem' in key) return refused(key.problem);
			const timestamp = String(Math.floor(now() / 1000));
			headers.set('x-mozart-timestamp', timestamp);
			headers.set('x-mozart-signature', `sha256=${signatureOf({key: key.value, timestamp, body})}`);
		}
		return post(address.value, {headers, body, signal, secrets});
	};
}

/** A line break in a value, say, is no header’s value. */
function set(headers: Headers, name: string, value: string): boolean {
	try {
		headers.set(name, value);
		return true;
	} catch {
		return false;
	}
}

/** What the receiver computes too. */
export const signatureOf = ({key, timestamp, body}: {key: string; timestamp: string; body: string}): string =>
	createHmac('sha256', key).update(`${timestamp}.${body}`).digest('hex');
