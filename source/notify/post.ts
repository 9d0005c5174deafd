import {errorWords} from '../config/error-words.js';
import {certificateWords} from './certificate.js';
import {type Outcome, quote, refused} from './delivery.js';

/** The longest wait that a receiver can ask for, ms. */
const longestWait = 60_000;

/** What of an answer is read, to quote it; the rest is left. */
const readBytes = 500;

type Request = {headers: Headers; body: string; signal: AbortSignal; secrets: readonly string[]};

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
		if (signal.aborted) return {taken: false, again: true, problem: 'it did not answer in time'};
		const outcome = failureOf(error, url);
		return {...outcome, problem: quote(outcome.problem, secrets)};
	}
	try {
		const outcome = outcomeOf(response, response.ok ? '' : await beginning(response));
		return outcome.taken ? outcome : {...outcome, problem: quote(outcome.problem, secrets)};
	} finally {
		// What is not read would keep the connection.
		await response.body?.cancel().catch(() => {});
	}
}

function outcomeOf({status, headers, ok}: Response, said: string): Outcome {
	if (ok) return {taken: true, how: `HTTP ${status}`};
	if (status >= 300 && status < 400) {
		const to = URL.parse(headers.get('location') ?? '')?.origin;
		return refused(
			`it answers with a redirect (HTTP ${status}${to ? ` to ${to}` : ''}), which is not followed: write the address that it leads to`,
		);
	}
	const afterMs = retryAfter(headers);
	return {
		taken: false,
		problem: `it answers HTTP ${status}${said === '' ? '' : ` (${said})`}`,
		again: status >= 500 || status === 429 || status === 408 || status === 425,
		...(afterMs !== undefined && {afterMs}),
	};
}

/** Seconds, or a time, which is compared with the answer’s own `date`: the receiver’s clock may be another one. */
function retryAfter(headers: Headers): number | undefined {
	const text = headers.get('retry-after')?.trim() ?? '';
	const ms = /^\d+(\.\d+)?$/.test(text)
		? Number(text) * 1000
		: Date.parse(text) - Date.parse(headers.get('date') ?? '');
	return Number.isNaN(ms) ? undefined : Math.min(Math.max(0, ms), longestWait);
}

/** The first words of an answer; none when they do not come, since its status says enough. */
async function beginning(response: Response): Promise<string> {
	const reader = response.body?.getReader();
	if (!reader) return '';
	try {
		const {value} = await reader.read();
		return quote(new TextDecoder().decode(value?.subarray(0, readBytes)));
	} catch {
		return '';
	} finally {
		reader.releaseLock();
	}
}

/** Why there is no answer, and whether another try can help. */
function failureOf(error: unknown, {host, port}: URL): {taken: false; problem: string; again: boolean} {
	const cause = error instanceof Error && error.cause instanceof Error ? error.cause : error;
	const failure = (words: string, again = true) => ({taken: false, problem: `${host} ${words}`, again}) as const;
	const {code} = cause as {code?: unknown};
	const distrusted = certificateWords(code);
	if (distrusted !== undefined) return failure(`is not spoken to: ${distrusted}`, false);
	switch (code) {
		case 'ECONNREFUSED':
			return {taken: false, problem: `nothing listens at ${host}`, again: true};
		case 'ENOTFOUND':
		case 'EAI_AGAIN':
			return failure('is not found');
		case 'UND_ERR_SOCKET':
		case 'ECONNRESET':
			return failure('has cut the connection before it answered');
		case 'ERR_SSL_WRONG_VERSION_NUMBER':
			return failure('does not speak https there', false);
	}
	const words = errorWords(cause);
	// Ports that a web page must not reach either, such as those of mail and of X.
	if (words === 'bad port') return failure(`is not posted to: port ${port} is kept for another kind of service`, false);
	return failure(`cannot be reached: ${words}`);
}
