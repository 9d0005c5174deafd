import {type Digest, digestOf} from '../core/digest.js';
import {digestLines, digestMarkdown} from '../headless/digest-text.js';
import {type Context, type Ending, sayProblem} from './context.js';
import {locate} from './locate.js';
import {standingOf} from './status.js';

export type DigestFormat = 'text' | 'markdown' | 'json';

const formats: Record<DigestFormat, (digest: Digest) => string[]> = {
	text: digestLines,
	markdown: digestMarkdown,
	json: digest => [JSON.stringify(digest)],
};

/** `mozart digest JOB`: what a person wants to know in the morning, also of a run that goes on. */
export async function digest(ref: string, format: DigestFormat, context: Context): Promise<Ending> {
	const located = await locate(ref, context);
	if ('kind' in located) return sayProblem(located, context);
	const now = context.clock.now();
	const standing = await standingOf(located, now);
	if ('kind' in standing) return sayProblem(standing, context);
	const {run, state} = standing;
	for (const line of formats[format](digestOf(run, {id: located.id, now, state}))) context.out(line);
	return 'done';
}
