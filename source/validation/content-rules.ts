import {looksCatastrophic} from './catastrophic.js';
import {type Content, chunksOf, largestText, refusal, type Texts, withFile} from './files.js';
import {type Check, type Finding, interrupted, type RuleContext, unchecked} from './finding.js';
import {matchWithin} from './match.js';
import {fill, locate, missingValue, type Place} from './place.js';
import {compileRegex, fillPattern} from './regex.js';
import {end, grouped, named, quoted, shown, sized} from './wording.js';

const defaultRegexLimitMs = 1_000;
const hintLimitMs = 100;
const longestForHints = 1_000_000;
/** Work that is done at once, in steps of the matcher: a few milliseconds at the very worst. */
const quickSteps = 1_000_000;

/** Passes when the file holds the text, letter by letter; of any size. */
export const contentContains: Check<'content_contains'> = async (rule, context, texts) => {
	const pattern = fill(rule.pattern, context.placeholders, 'pattern');
	if (typeof pattern !== 'string') return unchecked(rule.pattern, pattern.problem);
	const read = await readFor(rule.path, pattern, context, texts);
	if ('passed' in read) return read;
	const {place, content} = read;
	if (content.kind === 'large') return searchLarge(place, pattern, context);
	const name = named(place.key);
	const text = withLineEnds(content.text, pattern.includes('\r'));
	const index = text.indexOf(pattern);
	if (index >= 0) {
		const line = lineAt(text, index);
		return {
			passed: true,
			expected: pattern,
			actual: `found in line ${line}`,
			message: `${name} contains ${quoted(pattern)} in line ${line}`,
		};
	}
	const hint = nearMiss(text, pattern);
	const clean = context.mask?.text(text) ?? text;
	const message = `${name} (${sized(content.size)}) does not contain ${quoted(pattern)}${hint ? `; ${hint}` : ''} (${ending(clean)})`;
	return {passed: false, expected: pattern, actual: notFound(clean, content.size), message};
};

/** Passes when the pattern, in Python's syntax, matches somewhere in the file. */
export const contentRegex: Check<'content_regex'> = async (rule, context, texts) => {
	const missing = missingValue(rule.pattern, context.placeholders, 'pattern');
	if (missing) return unchecked(rule.pattern, missing.problem);
	const pattern = fillPattern(rule.pattern, context.placeholders);
	const compiled = compileRegex(pattern);
	if ('error' in compiled) {
		const where = compiled.offset === undefined ? '' : ` (at character ${compiled.offset + 1})`;
		return unchecked(pattern, `the regular expression ${quoted(pattern)} is not valid: ${compiled.error}${where}`);
	}
	const read = await readFor(rule.path, pattern, context, texts);
	if ('passed' in read) return read;
	const {place, content} = read;
	const name = named(place.key);
	if (content.kind === 'large') {
		const problem = `${name} is too large for a regular expression (${sized(content.size)}, the limit is ${sized(largestText)}); use content_contains, or check it with command_succeeds`;
		return unchecked(pattern, problem);
	}
	const text = withLineEnds(content.text, /\r|\\r|\\x0d/i.test(pattern));
	const limitMs = context.regexLimitMs ?? defaultRegexLimitMs;
	const quick = compiled.worstSteps(text.length) <= quickSteps;
	const result = await matchWithin(compiled.regex, text, limitMs, quick);
	if ('timedOut' in result) {
		const advice = looksCatastrophic(pattern) ?? 'Make the pattern more exact, or use content_contains';
		const problem = `the regular expression ${quoted(pattern)} was stopped after ${limitMs / 1_000} s on ${name} (${grouped(text.length)} characters): it can take forever. ${advice}`;
		return {...unchecked(pattern, problem.replace(/\.$/, '')), actual: `stopped after ${limitMs / 1_000} s`};
	}
	if ('failed' in result) {
		const problem = `the regular expression ${quoted(pattern)} could not be tried on ${name}: ${shown(result.failed, 200)}; make it simpler, or use content_contains`;
		return unchecked(pattern, problem);
	}
	if (result.match !== undefined) {
		const line = lineAt(text, result.index ?? 0);
		const match = context.mask?.text(result.match) ?? result.match;
		return {
			passed: true,
			expected: pattern,
			actual: match,
			message: `${name} matches ${quoted(pattern)} in line ${line}: ${quoted(match, 80)}`,
		};
	}
	const flag = await helpfulFlag(pattern, text);
	const hint = flag === undefined ? '' : `; it would with (?${flag}) in front`;
	const clean = context.mask?.text(text) ?? text;
	const message = `${name} (${sized(content.size)}) does not match ${quoted(pattern)}${hint} (${ending(clean)})`;
	return {passed: false, expected: pattern, actual: notFound(clean, content.size), message};
};

async function readFor(
	written: string,
	pattern: string,
	{workspace, placeholders}: RuleContext,
	texts: Texts,
): Promise<Finding | {place: Place; content: Content}> {
	const place = locate(written, workspace, placeholders);
	if ('problem' in place) return unchecked(pattern, place.problem);
	const content = await texts.read(place.absolute);
	if (content.kind === 'text' || content.kind === 'large') return {place, content};
	const message = `${refusal(place.key, content)}; expected it to hold ${quoted(pattern)}`;
	return {
		passed: false,
		expected: pattern,
		actual: content.kind === 'missing' ? 'no such file' : 'no readable file',
		message,
	};
}

/** Looks for the bytes chunk by chunk. Of line ends only all `\n` and all `\r\n` are known here. */
async function searchLarge({absolute, key}: Place, pattern: string, {signal}: RuleContext): Promise<Finding> {
	const needles = [...new Set([pattern, pattern.replace(/\r?\n/g, '\r\n')])].map(text => Buffer.from(text));
	const overlap = Math.max(...needles.map(needle => needle.length)) - 1;
	const result = await withFile(absolute, async (handle, {size}) => {
		let carried = Buffer.alloc(0);
		for await (const chunk of chunksOf(handle)) {
			const window = Buffer.concat([carried, chunk]);
			if (needles.some(needle => window.includes(needle))) return {kind: 'searched' as const, found: true, size};
			if (signal.aborted) return {kind: 'stopped' as const};
			carried = Buffer.from(overlap === 0 ? [] : window.subarray(-overlap));
		}
		return {kind: 'searched' as const, found: false, size};
	});
	if (result.kind === 'stopped') return interrupted(pattern);
	if (result.kind !== 'searched') {
		return {passed: false, expected: pattern, actual: 'no readable file', message: refusal(key, result)};
	}
	const {found: passed, size} = result;
	const message = `${named(key)} (${sized(size)}) ${passed ? 'contains' : 'does not contain'} ${quoted(pattern)}`;
	return {passed, expected: pattern, actual: passed ? 'found' : `not found in ${sized(size)}`, message};
}

/** Reads `\r\n` and `\r` as `\n`, as Python does, unless the pattern speaks of `\r` itself. */
function withLineEnds(text: string, exact: boolean): string {
	return exact || !text.includes('\r') ? text : text.replace(/\r\n?/g, '\n');
}

function lineAt(text: string, index: number): number {
	let line = 1;
	for (let at = text.indexOf('\n'); at >= 0 && at < index; at = text.indexOf('\n', at + 1)) line += 1;
	return line;
}

function nearMiss(text: string, pattern: string): string | undefined {
	if (text.length > longestForHints) return undefined;
	const lower = (value: string) => value.toLowerCase();
	const loose = (value: string) => value.replace(/\s+/g, ' ').trim();
	const at = lower(text).indexOf(lower(pattern));
	if (at >= 0) return `line ${lineAt(lower(text), at)} has it with other upper and lower case`;
	if (loose(pattern) === '') return undefined;
	if (loose(text).includes(loose(pattern))) return 'it has the text with other blanks or line ends';
	return lower(loose(text)).includes(lower(loose(pattern))) ? 'it has the text with other case and blanks' : undefined;
}

async function helpfulFlag(pattern: string, text: string): Promise<string | undefined> {
	if (text.length > longestForHints || text === '') return undefined;
	const flags = ['i', ...(/[\^$]/.test(pattern) ? ['m'] : []), ...(pattern.includes('.') ? ['s'] : [])];
	for (const flag of flags) {
		const compiled = compileRegex(`(?${flag})${pattern}`);
		if ('error' in compiled) return undefined;
		const quick = compiled.worstSteps(text.length) <= quickSteps;
		const result = await matchWithin(compiled.regex, text, hintLimitMs, quick);
		if (!('match' in result)) return undefined;
		if (result.match !== undefined) return flag;
	}
	return undefined;
}

function ending(text: string): string {
	if (text === '') return 'the file is empty';
	return text.length <= 80 ? `it holds ${quoted(text)}` : `its last 80 characters: ${quoted(end(text, 80))}`;
}

function notFound(text: string, size: number): string {
	if (text === '') return 'not found; the file is empty';
	return text.length <= 400
		? `not found; the file holds:\n${text}`
		: `not found; ${sized(size)}, ending with:\n${end(text, 400)}`;
}
