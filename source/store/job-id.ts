import {createHash} from 'node:crypto';
import {parse} from 'node:path';

const slug = (text: string) =>
	text
		.normalize('NFKD')
		.toLowerCase()
		.replace(/\p{M}+/gu, '')
		.replace(/[^a-z0-9]+/g, '-')
		.slice(0, 40)
		.replace(/^-|-$/g, '');

/**
 * A job's id, the same for ever for one job file and workspace (real paths): readable, then 8 hex digits that tell
 * apart. `name` is only used when the file's name has no letter that fits.
 */
export const jobId = (file: string, workspace: string, name: string): string => {
	const hash = createHash('sha256').update(`${file}\0${workspace}`).digest('hex').slice(0, 8);
	return `${slug(parse(file).name) || slug(name) || 'job'}-${hash}`;
};
