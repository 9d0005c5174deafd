import {ReviewError} from './review-error.mjs';

/**
 * What the prompt of commit-review.yaml asks for. A completion prompt quotes it, so its lines may be indented. A prompt
 * that was cut short is refused: a review of half a batch would look like a whole one.
 */
export function readPrompt(prompt) {
	const line = (name, pattern) => {
		const found = new RegExp(`^[> \\t]*${name}: ${pattern}`, 'm').exec(prompt);
		if (!found) throw new ReviewError(`The prompt has no line "${name}: …" that says what to review.`);
		return found.slice(1);
	};
	const [repository] = line('Repository', '(.*\\S)');
	const [workspace] = line('Workspace', '(.*\\S)');
	const [number, total] = line('Batch', '(\\d+) of (\\d+)').map(Number);
	const [first, last] = line('Commits', '(\\d+) to (\\d+)').map(Number);
	const hashes = [...new Set([...prompt.matchAll(/^[> \t]*- ([0-9a-f]{7,64})[ \t\r]*$/gm)].map(([, hash]) => hash))];

	const expected = last - first + 1;
	if (hashes.length !== expected) {
		throw new ReviewError(`The prompt speaks of ${expected} commits and lists ${hashes.length}. Was it cut short?`);
	}
	return {repository, workspace, batch: {number, total, first, last}, hashes};
}
