import {keysOf} from '../backends/keys.js';
import type {Backend} from '../config/backend-schema.js';
import type {Path} from '../config/document.js';
import type {Finding} from '../config/finding.js';
import type {Profile} from '../config/profile.js';
import {ownPrefix} from '../process/environment.js';
import {createMask} from '../process/mask.js';
import {isKeyName, secretsOf} from '../process/secrets.js';
import {backendsOf} from './backends.js';
import type {Surroundings} from './program.js';
import {error, type Subject, warning} from './subject.js';

/** What the job gives its children to see, and keys that lie where others can read them. */
export function checkEnvironment(subject: Subject, {env: own}: Surroundings = process): Finding[] {
	const backends = backendsOf(subject);
	const findings = backends.flatMap(({path, settings}) => findingsOf(subject, path, settings, own));
	const keys = [...secretsOf(own), ...keysOf(subject.job.backend, own)];
	return [...findings, ...keysInCommands(subject, keys)];
}

function findingsOf({document}: Subject, path: Path, settings: Backend, own: Surroundings['env']): Finding[] {
	const {env = {}, env_pass: pass = []} = settings;
	const findings: Finding[] = [];
	const keys = new Set(secretsOf(env));
	for (const [name, value] of Object.entries(env)) {
		const place = document.placeOf([...path, 'env', name], 'key');
		if (name === '' || /[=\0]/.test(name))
			findings.push(error(place, `${JSON.stringify(name)} cannot be the name of a variable`));
		else if (name.startsWith(ownPrefix))
			findings.push(error(place, `${name} is a name of Mozart’s own, and no CLI gets to see it: choose another`));
		else if (value.includes('\0')) findings.push(error(place, `${name} holds a NUL character, which no variable can`));
		else if (isKeyName(name) && keys.has(value.trim()))
			findings.push(warning(place, `${name} looks like a key, and job files get shared: ${setIt}`));
	}
	if (settings.type === 'profile') {
		const ofProfile = new Set(secretsOf(settings.profile.env));
		for (const [name, value] of Object.entries(settings.profile.env)) {
			if (!isKeyName(name) || !ofProfile.has(value.trim())) continue;
			const place = document.placeOf([...path, 'profile', 'env', name], 'key');
			findings.push(warning(place, `${name} looks like a key, and profiles get shared: ${setIt}`));
		}
	}
	for (const [index, name] of pass.entries()) {
		const place = document.placeOf([...path, 'env_pass', index]);
		if (name.startsWith(ownPrefix))
			findings.push(warning(place, `${name}: variables of Mozart’s own are never passed on; remove it`));
		else if (!/[*?]/.test(name) && own[name] === undefined && env[name] === undefined)
			findings.push(warning(place, `${name} is not set here, so nothing is passed on under that name`));
	}
	return findings;
}

const setIt = 'set it in your own environment, which the CLI gets (backend.env_pass chooses from it)';

const wordsOf = ({argv}: Profile) => argv.flatMap(word => (typeof word === 'string' ? [word] : word.words));

/** Keys among the words of a command, which every user of the machine can read (`ps`). */
function keysInCommands(subject: Subject, keys: readonly string[]): Finding[] {
	const {document, job, rules} = subject;
	const mask = createMask(keys);
	if (!mask) return [];
	const commands: {path: Path; words: readonly string[]}[] = [
		...backendsOf(subject).flatMap(({path, settings}) =>
			settings.type === 'command'
				? [{path: [...path, 'command'], words: settings.command}]
				: settings.type === 'profile'
					? [{path: [...path, 'profile', 'argv'], words: wordsOf(settings.profile)}]
					: [],
		),
		...(job.batch.items?.command ? [{path: ['batch', 'items', 'command'], words: job.batch.items.command}] : []),
		...rules.flatMap(({index, rule}) =>
			rule.type === 'command_succeeds' ? [{path: ['validations', index, 'command'], words: [rule.command].flat()}] : [],
		),
	];
	const message = `a key stands in this command, where everybody on the machine can see it (ps): ${setIt}`;
	return commands
		.filter(({words}) => words.some(word => mask.text(word) !== word))
		.map(({path}) => warning(document.placeOf(path, 'key'), message));
}
