import {compare} from './baseline.js';
import {look, refusal, similarName} from './files.js';
import {type Check, unchecked} from './finding.js';
import {locate} from './place.js';
import {named, sized} from './wording.js';

/** Passes for a plain file, be it empty; for a folder only when the path ends in a slash. */
export const fileExists: Check<'file_exists'> = async (rule, {workspace, placeholders}) => {
	const place = locate(rule.path, workspace, placeholders);
	if ('problem' in place) return unchecked(rule.path, place.problem);
	const {absolute, key} = place;
	const sight = await look(absolute);
	if (sight.kind === 'file') {
		const message =
			sight.size === 0 ? `${named(key)} exists, but is empty` : `${named(key)} exists (${sized(sight.size)})`;
		return {passed: true, expected: absolute, actual: absolute, message};
	}
	if (sight.kind === 'folder' && /[\\/]$/.test(absolute)) {
		return {passed: true, expected: absolute, actual: absolute, message: `the folder ${named(key)} exists`};
	}
	const found = refusal(key, sight);
	const fail = (actual: string, hint: string) => ({passed: false, expected: absolute, actual, message: found + hint});
	switch (sight.kind) {
		case 'missing': {
			const similar = await similarName(absolute);
			const hint = similar === undefined ? '' : ` (found ${named(similar)} in the same folder)`;
			return fail(sight.what, `; expected the file to exist${hint}`);
		}
		case 'folder':
			return fail('a folder', `; write ${named(key)}/ where a folder is meant`);
		case 'other':
			return fail(sight.what, '; expected a plain file');
		case 'unreadable':
			return fail(`cannot be read: ${sight.why}`, '; expected the file to exist');
		default:
			return sight satisfies never;
	}
};

/** Passes when the content differs from what it was before the batch's first attempt; a mere touch does not count. */
export const fileModified: Check<'file_modified'> = async (rule, {workspace, placeholders, baseline}) => {
	const place = locate(rule.path, workspace, placeholders);
	if ('problem' in place) return unchecked(rule.path, place.problem);
	const expected = `${place.key} new or changed since before the batch's first attempt`;
	const before = baseline.find(state => state.path === place.key);
	if (!before) {
		const problem = `${named(place.key)} has no earlier state to compare with: it could not be looked at before the batch's first attempt`;
		return unchecked(expected, problem);
	}
	return {expected, ...(await compare(place, before))};
};
