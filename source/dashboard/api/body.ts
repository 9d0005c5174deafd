import type {Context} from 'hono';
import {errorWords} from '../../config/error-words.js';
import type {Env} from '../guard.js';
import {type Refusal, refuse} from './refusal.js';

/** Bytes of a request; commands are short. */
const mostBytes = 64 * 1024;

const tooLarge = refuse('too-large', `What was sent is too large: ${mostBytes} bytes at most.`);

/** The text of a request, as long as it is short; what is longer is not read. */
export async function readBody({req}: Context<Env>): Promise<string | Refusal> {
	const {body} = req.raw;
	if (Number(req.header('content-length') ?? 0) > mostBytes) return tooLarge;
	if (!body) return '';
	const decoder = new TextDecoder();
	const reader = body.getReader();
	let text = '';
	let bytes = 0;
	for (;;) {
		const {done, value} = await reader.read();
		if (done) return text + decoder.decode();
		bytes += value.byteLength;
		if (bytes > mostBytes) {
			reader.cancel().catch(() => {});
			return tooLarge;
		}
		text += decoder.decode(value, {stream: true});
	}
}

/** A JSON body. Forms are not taken: a page elsewhere can send one. */
export async function readJson(context: Context<Env>): Promise<{value: unknown} | Refusal> {
	const [type = ''] = (context.req.header('content-type') ?? '').split(';');
	if (type.trim().toLowerCase() !== 'application/json')
		return refuse('wrong-type', 'Send JSON, and say so: content-type: application/json');
	const text = await readBody(context);
	if (typeof text !== 'string') return text;
	try {
		return {value: JSON.parse(text)};
	} catch (error) {
		return refuse('bad-request', `The body is not JSON: ${errorWords(error)}`);
	}
}
