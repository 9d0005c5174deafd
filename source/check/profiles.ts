import {sessionsOf} from '../backends/profile/profile-cli.js';
import type {Backend} from '../config/backend-schema.js';
import type {JobDocument, Path} from '../config/document.js';
import type {Finding} from '../config/finding.js';
import type {Profile} from '../config/profile.js';
import {placeholdersIn} from '../core/placeholders.js';
import {backendsOf} from './backends.js';
import {regexFindings} from './patterns.js';
import {type Filled, textFindings} from './placeholders.js';
import {sampleValues} from './sample-values.js';
import {error, type Subject, warning} from './subject.js';

/** The profiles that a job holds or names: what their fields say together, their placeholders and patterns. */
export function checkProfiles(subject: Subject): Finding[] {
	const known = new Set(Object.keys(sampleValues(subject)));
	return backendsOf(subject).flatMap(({path, settings}) => {
		if (settings.type !== 'profile') return [];
		const {profile} = settings;
		const at = [...path, 'profile'];
		return [
			...profileFindings(subject.document, at, profile),
			...wishFindings(subject.document, at, path, settings),
			...textsOf(at, profile, known).flatMap(({filled, names}) => textFindings(subject, filled, names)),
		];
	});
}

/** What is wrong with a profile by itself, whatever the job; `at` is where it stands in the document. */
export function profileFindings(document: JobDocument, at: Path, profile: Profile): Finding[] {
	return [
		...promptFindings(document, at, profile),
		...sessionFindings(document, at, profile),
		...failureFindings(document, at, profile),
	];
}

type Word = {text: string; path: Path; when?: string};

/** Every word of a profile's argv, with its place and its condition. */
function wordsOf(at: Path, {argv}: Profile): Word[] {
	return argv.flatMap((word, index): Word[] => {
		const path = [...at, 'argv', index];
		if (typeof word === 'string') return [{text: word, path}];
		return word.words.map((text, inner) => ({text, path: [...path, 'words', inner], when: word.when}));
	});
}

const uses = ({text}: Word, name: string) => placeholdersIn(text).some(one => one.name === name);

function promptFindings(document: JobDocument, at: Path, profile: Profile): Finding[] {
	const words = wordsOf(at, profile);
	const placeholder = {stdin: undefined, file: 'prompt_file', argument: 'prompt'}[profile.prompt];
	const place = document.placeOf([...at, document.find([...at, 'prompt']) ? 'prompt' : 'argv'], 'key');
	const findings: Finding[] = [];
	if (placeholder !== undefined && !words.some(word => uses(word, placeholder)))
		findings.push(error(place, `prompt is ${profile.prompt}, and no word of argv is {${placeholder}}: add it there`));
	const argument = words.find(word => uses(word, 'prompt'));
	if (argument && profile.prompt !== 'argument') {
		const message = `{prompt} hands the prompt over as an argument, and prompt is ${profile.prompt}`;
		findings.push(error(document.placeOf(argument.path), message, 'prompt: argument'));
	}
	return findings;
}

function sessionFindings(document: JobDocument, at: Path, profile: Profile): Finding[] {
	const words = wordsOf(at, profile);
	const findings: Finding[] = [];
	for (const word of words) {
		if (uses(word, 'session_id') && word.when !== 'resume' && word.when !== 'new_session') {
			const message = '{session_id} has a value only in words with when: new_session or when: resume';
			findings.push(error(document.placeOf(word.path), message));
		}
		if (uses(word, 'model') && word.when !== 'model') {
			const message = '{model} has a value only where the job sets one: make it part of words with when: model';
			findings.push(warning(document.placeOf(word.path), message, `{when: model, words: ["${word.text}"]}`));
		}
	}
	const resume = words.find(word => word.when === 'resume');
	if (resume && sessionsOf(profile) === undefined) {
		const message =
			'these words go on with a session, and nothing tells its id: add words with when: new_session that give it one, or an event with session: the path at which the CLI tells it';
		findings.push(error(document.placeOf(resume.path), message));
	}
	if (resume && !words.some(word => word.when === 'resume' && uses(word, 'session_id'))) {
		const message = 'these words name no session, so it could be that of another batch: add {session_id} to them';
		findings.push(warning(document.placeOf(resume.path), message));
	}
	const events = profile.output.type === 'text' ? [] : profile.output.events;
	const counting = events.findIndex(({usage}) => usage?.counts_session);
	if (counting >= 0 && !resume) {
		const message =
			'no session is gone on with, so there is nothing to take off: add words with when: resume, or remove counts_session';
		const path = [...at, 'output', 'events', counting, 'usage', 'counts_session'];
		findings.push(warning(document.placeOf(path, 'key'), message));
	}
	return findings;
}

function failureFindings(document: JobDocument, at: Path, {failures}: Profile): Finding[] {
	return failures.flatMap((row, index) => {
		const path = [...at, 'failures', index];
		const place = document.placeOf([...path, 'kind'], 'key');
		const findings: Finding[] = [];
		if (row.says === undefined && !row.event && !row.exit_codes)
			findings.push(error(place, 'this row says when for nothing: it needs says, event or exit_codes'));
		if (row.says !== undefined) findings.push(...regexFindings(document, [...path, 'says'], row.says, undefined));
		if (row.reset_path !== undefined && !row.event) {
			const message = 'reset_path is looked up in the event that the row names, and it names none: add event';
			findings.push(error(document.placeOf([...path, 'reset_path'], 'key'), message));
		}
		if (row.kind !== 'rate_limit' && (row.reset || row.reset_path !== undefined)) {
			const key = row.reset ? 'reset' : 'reset_path';
			const message = `only a rate_limit is waited for until its reset, and this is ${row.kind}`;
			findings.push(warning(document.placeOf([...path, key], 'key'), message));
		}
		return findings;
	});
}

/** What the job asks of a CLI whose profile does not say how to ask it. */
function wishFindings(
	document: JobDocument,
	at: Path,
	path: Path,
	{model, profile}: Extract<Backend, {type: 'profile'}>,
): Finding[] {
	const words = wordsOf(at, profile);
	if (model === undefined) {
		const bare = words.find(word => uses(word, 'model') && word.when === undefined);
		return bare ? [error(document.placeOf(path, 'key'), `${name(profile)} needs a model: add model: NAME`)] : [];
	}
	if (words.some(word => uses(word, 'model')) || Object.values(profile.env).some(text => /\{model\}/.test(text)))
		return [];
	const message = `${name(profile)} takes no model: neither argv nor env of its profile holds {model}`;
	return [error(document.placeOf([...path, 'model'], 'key'), message)];
}

const name = ({name, argv}: Profile) => name ?? (typeof argv[0] === 'string' ? argv[0] : 'this CLI');

/** The texts of a profile in which placeholders are filled in, each with the names that have a value there. */
function textsOf(at: Path, profile: Profile, known: ReadonlySet<string>): {filled: Filled; names: Set<string>}[] {
	const words = wordsOf(at, profile).map(({text, path}) => ({
		filled: {text, path, isRegex: false},
		names: new Set([...known, 'model', 'session_id', 'prompt_file', 'prompt']),
	}));
	const env = Object.entries(profile.env).map(([variable, text]) => ({
		filled: {text, path: [...at, 'env', variable], isRegex: false},
		names: new Set([...known, 'model', 'prompt_file']),
	}));
	return [...words, ...env];
}
