import type {Backend} from '../config/backend-schema.js';
import type {Path} from '../config/document.js';
import type {Subject} from './subject.js';

/** The job's backend and its fallbacks, each with its path; none where they cannot be read. */
export function backendsOf({job, sound}: Subject): {path: Path; settings: Backend}[] {
	if (!sound.has('backend')) return [];
	const {fallbacks = [], ...own} = job.backend;
	return [
		{path: ['backend'], settings: own},
		...fallbacks.map((settings, index) => ({path: ['backend', 'fallbacks', index], settings})),
	];
}
