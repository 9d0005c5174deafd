import type {Context} from 'hono';
import {readBody} from './api/body.js';
import {issueWords, type Refusal, refuse} from './api/refusal.js';
import type {Env} from './guard.js';
import {type Wish, wishSchema} from './wish.js';

/** What a form has sent: short texts, each once. */
export async function readForm(context: Context<Env>): Promise<Map<string, string> | Refusal> {
	const [type = ''] = (context.req.header('content-type') ?? '').split(';');
	if (type.trim().toLowerCase() !== 'application/x-www-form-urlencoded')
		return refuse('wrong-type', 'Send this as a form does.');
	const text = await readBody(context);
	return typeof text === 'string' ? new Map(new URLSearchParams(text)) : text;
}

/** The command in a form: its fields are those of the API, as text. `back`: the page to show then. */
export function wishIn(form: ReadonlyMap<string, string>): {wish: Wish; back: string | undefined} | Refusal {
	const {back, ...fields} = Object.fromEntries(form);
	const values = Object.entries(fields).map(([name, text]) => [name, meant(text)]);
	const parsed = wishSchema.safeParse(Object.fromEntries(values));
	if (!parsed.success) return refuse('bad-request', issueWords(parsed.error, 'the command'));
	return {wish: parsed.data, back};
}

function meant(text: string): string | number | boolean {
	if (/^\d{1,15}$/.test(text)) return Number(text);
	return text === 'true' || text === 'false' ? text === 'true' : text;
}

/** A page of this server to go to; anything else becomes the first one. */
export const ownPath = (path: string | undefined): string =>
	path !== undefined && /^\/(?![/\\])[!-~]*$/.test(path) ? path : '/';

/** What a command that was carried out has done. */
export function doneWords(wish: Wish): string {
	switch (wish.type) {
		case 'pause':
			return wish.mode === 'now'
				? 'Paused: what ran goes back to the queue.'
				: 'Nothing new starts; what runs is finished.';
		case 'resume':
			return 'It goes on.';
		case 'stop':
			return wish.mode === 'now'
				? 'What ran is ended, and the run with it.'
				: 'The run ends when what runs is finished.';
		case 'retry':
			return wish.batch === undefined
				? 'What failed or was held is queued again.'
				: `Batch ${wish.batch} is queued again.`;
		case 'skip':
			return `Batch ${wish.batch} is skipped.`;
		case 'hold':
			return `Batch ${wish.batch} is held until it is retried.`;
		case 'recheck':
			return `The rules of batch ${wish.batch} are checked.`;
		case 'end-wait':
			return `The wait of batch ${wish.batch} is over.`;
		case 'set-concurrency':
			return `${wish.concurrency} at once from now on.`;
	}
}
