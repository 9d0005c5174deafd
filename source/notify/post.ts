import {errorWords} from '../config/error-words.js';
import {type Outcome, quote, refused} from './delivery.js';

/** The longest wait that a receiver can ask for, ms. */
const longestWait = 60_000;

/** What of an answer is read, to quote it; the rest is left. */
const readBytes = 500;

type Request = {headers: Record<string, string>; body: string; signal: AbortSignal; secrets: readonly string[]};

/** Sends one POST. A redirect is not followed: the body, and its signature, are meant for one receiver only. */
export async function post(address: string, {headers, body, signal, secrets}: Request): Promise<Outcome> {
	const url = URL.parse(address);
	if (!url || !/^https?:$/.test(url.protocol))
		return refused('the address does not begin with https://, so nothing can be sent there');
	if (url.username !== '' || url.password !== '')
		return refused('the address holds a user name or password: send them as a header (headers_env)');
	let response: Response;
	try {
		response = await fetch(url, {method: 'POST', headers, body, signal, redirect: 'manual'});
	} catch (error) {
		return signal.aborted ? tooSlow : {taken: false, again: true, problem: quote(failureWords(error, url), secrets)};
	}
	try {
		const outcome = outcomeOf(response, response.ok ? '' : await beginning(response));
		return outcome.taken ? outcome : {...outcome, problem: quote(outcome.problem, secrets)};
	} catch {
		return tooSlow;
	} finally {
		// What is not read would keep the connection.
		await response.body?.cancel().catch(() => {});
	}
}

const tooSlow: Outcome = {taken: false, again: true, problem: 'it did not answer in time'};

function outcomeOf({status, headers, ok}: Response, said: string): Outcome {
	if (ok) return {taken: true, how: `HTTP ${status}`};
	if (status >= 300 && status < 400) {
		const to = URL.parse(headers.get('location') ?? '')?.origin;
		return refused(
			`it answers with a redirect (HTTP ${status}${to ? ` to ${to}` : ''}), which is not followed: write the address that it leads to`,
		);
	}
	const afterMs = retryAfter(headers.get('retry-after'));
	return {
		taken: false,
		problem: `it answers HTTP ${status}${said === '' ? '' : ` (${said})`}`,
		again: status >= 500 || status === 429 || status === 408 || status === 425,
		...(afterMs !== undefined && {afterMs}),
	};
}

/** Seconds only: a date would have to be compared with a clock that may be another one. */
const retryAfter = (text: string | null): number | undefined =>
	text !== null && /^\d{1,6}$/.test(text.trim()) ? Math.min(Number(text) * 1000, longestWait) : undefined;

/** The first words of an answer. */
async function beginning(response: Response): Promise<string> {
	const reader = response.body?.getReader();
	if (!reader) return '';
	try {
		const {value} = await reader.read();
		return quote(new TextDecoder().decode(value?.subarray(0, readBytes)));
	} finally {
		reader.releaseLock();
	}
}

function failureWords(error: unknown, {host}: URL): string {
	const cause = error instanceof Error && error.cause instanceof Error ? error.cause : error;
	const code = (cause as {code?: unknown}).code;
	switch (code) {
		case 'ECONNREFUSED':
			return `nothing listens at ${host}`;
		case 'ENOTFOUND':
		case 'EAI_AGAIN':
			return `${host} is not found`;
		default:
			return `${host} cannot be reached: ${errorWords(cause)}`;
	}
}
