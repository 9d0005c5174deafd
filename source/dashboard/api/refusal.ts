import * as z from 'zod';

/** Every way in which the API says no, and its status. */
export const refusalStatus = {
	'bad-request': 400,
	unauthorized: 401,
	forbidden: 403,
	'not-found': 404,
	'method-not-allowed': 405,
	refused: 409,
	'too-large': 413,
	'wrong-type': 415,
	'too-many': 503,
	trouble: 500,
} as const;
export type RefusalKind = keyof typeof refusalStatus;

export const refusalSchema = z
	.object({
		kind: z.enum(Object.keys(refusalStatus) as [RefusalKind, ...RefusalKind[]]),
		message: z.string().describe('What was found, and what to do instead; for people.'),
	})
	.meta({id: 'Refusal'});
export type Refusal = z.infer<typeof refusalSchema>;

export const refuse = (kind: RefusalKind, message: string): Refusal => ({kind, message});

export const isRefusal = (value: unknown): value is Refusal =>
	typeof value === 'object' &&
	value !== null &&
	'kind' in value &&
	'message' in value &&
	String(value.kind) in refusalStatus;

/** Answers out of what was found, or says why it was not. */
export const whenFound = <F, A>(found: F | Refusal, answer: (found: F) => A): A | Refusal =>
	isRefusal(found) ? found : answer(found);

/** What zod found, as one sentence that names each place. */
export function issueWords(error: z.ZodError, what: string): string {
	const words = error.issues.map(issue => {
		const path = issue.path.map(String).join('.');
		if (issue.code === 'unrecognized_keys') return `${what} has no ${issue.keys.map(key => `“${key}”`).join(', ')}`;
		return `${path === '' ? what : path}: ${issue.message}`;
	});
	return words.join('; ');
}
