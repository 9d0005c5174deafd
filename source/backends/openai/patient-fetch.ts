import {request as requestPlain} from 'node:http';
import {request as requestSecure} from 'node:https';
import {Readable} from 'node:stream';
import type {Fetch} from '../api/watched-fetch.js';

/** The longest refusal that is read, characters. */
const longestRefusal = 64 * 1024;

/**
 * A `fetch` for servers that think before they speak: the usual one gives up after five silent minutes, whatever it is
 * told, and a processor without a graphics card can take longer to read a prompt. Refusals come out of it with their
 * message in one place (`error.message`), wherever the server has put it.
 */
export const patientFetch: Fetch = async (input, init = {}) => {
	const url = new URL(input instanceof Request ? input.url : input);
	const send = url.protocol === 'https:' ? requestSecure : requestPlain;
	const {method = 'GET', body, signal} = init;
	const response = await new Promise<Response>((resolve, reject) => {
		const headers = Object.fromEntries(new Headers(init.headers));
		const sent = send(url, {method, headers, ...(signal ? {signal} : {})}, answer => {
			const {statusCode: status = 502, headersDistinct} = answer;
			const told = Object.entries(headersDistinct).flatMap(([name, values = []]) =>
				values.map((value): [string, string] => [name, value]),
			);
			const isEmpty = status === 204 || status === 205 || status === 304;
			if (isEmpty) answer.resume();
			try {
				resolve(new Response(isEmpty ? null : (Readable.toWeb(answer) as ReadableStream), {status, headers: told}));
			} catch (error) {
				// A status that there is not.
				answer.destroy();
				reject(error);
			}
		});
		sent.on('error', reject);
		sent.end(typeof body === 'string' ? body : undefined);
	});
	if (response.status >= 400) return withMessage(response);
	const isWhole = response.status === 200 && /^application\/json\b/.test(response.headers.get('content-type') ?? '');
	return isWhole ? asStream(response) : response;
};

/** An answer in one piece, of a server that does not stream, as a stream of that piece. */
async function asStream(response: Response): Promise<Response> {
	const text = await response.text();
	// The events of a stream are lines.
	const piece = (rewrapped(text) ?? text).replaceAll(/[\r\n]+/g, ' ');
	return new Response(`data: ${piece}\n\ndata: [DONE]\n\n`, {headers: {'content-type': 'text/event-stream'}});
}

async function withMessage(response: Response): Promise<Response> {
	const text = await textOf(response);
	const {status, headers} = response;
	const kept = new Headers(headers);
	for (const name of ['content-length', 'content-encoding', 'transfer-encoding']) kept.delete(name);
	return new Response(rewrapped(text) ?? text, {status, headers: kept});
}

async function textOf({body}: Response): Promise<string> {
	let text = '';
	const decoder = new TextDecoder();
	for await (const chunk of body ?? []) {
		text += decoder.decode(chunk, {stream: true});
		if (text.length > longestRefusal) break;
	}
	return text.slice(0, longestRefusal);
}

/** The body as OpenAI words it; undefined where it is that already, or tells nothing. */
function rewrapped(text: string): string | undefined {
	const told = parsed(text);
	if (told.choices !== undefined) return undefined;
	if (typeof told.error === 'object' && told.error !== null) return undefined;
	const message = told.error ?? told.message ?? told.detail;
	if (message === undefined || message === null) return undefined;
	const {type, code} = told;
	const words = typeof message === 'string' ? message : JSON.stringify(message);
	return JSON.stringify({error: {message: words, type, code}});
}

function parsed(text: string): Readonly<Record<string, unknown>> {
	try {
		const value: unknown = JSON.parse(text);
		return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {};
	} catch {
		return {};
	}
}
