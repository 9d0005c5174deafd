import type {Path} from '../config/document.js';
import type {Finding} from '../config/finding.js';
import {ownPrefix} from '../process/environment.js';
import {createMask} from '../process/mask.js';
import {isKeyName, secretsOf} from '../process/secrets.js';
import type {Surroundings} from './program.js';
import {error, type Subject, warning} from './subject.js';

/** What the job gives its children to see, and keys that lie where others can read them. */
export function checkEnvironment(subject: Subject, {env: own}: Surroundings = process): Finding[] {
	const {document, job, sound} = subject;
	if (!sound.has('backend')) return [];
	const {env = {}, env_pass: pass = []} = job.backend;
	const findings: Finding[] = [];
	const keys = new Set(secretsOf(env));
	for (const [name, value] of Object.entries(env)) {
		const place = document.placeOf(['backend', 'env', name], 'key');
		if (name === '' || /[=\0]/.test(name))
			findings.push(error(place, `${JSON.stringify(name)} cannot be the name of a variable`));
		else if (name.startsWith(ownPrefix))
			findings.push(error(place, `${name} is a name of Mozart’s own, and no CLI gets to see it: choose another`));
		else if (value.includes('\0')) findings.push(error(place, `${name} holds a NUL character, which no variable can`));
		else if (isKeyName(name) && keys.has(value.trim()))
			findings.push(warning(place, `${name} looks like a key, and job files get shared: ${setIt}`));
	}
	for (const [index, name] of pass.entries()) {
		const place = document.placeOf(['backend', 'env_pass', index]);
		if (name.startsWith(ownPrefix))
			findings.push(warning(place, `${name}: variables of Mozart’s own are never passed on; remove it`));
		else if (!/[*?]/.test(name) && own[name] === undefined && env[name] === undefined)
			findings.push(warning(place, `${name} is not set here, so nothing is passed on under that name`));
	}
	return [...findings, ...keysInCommands(subject, {...own, ...env})];
}

const setIt = 'set it in your own environment, which the CLI gets (backend.env_pass chooses from it)';

/** Keys among the words of a command, which every user of the machine can read (`ps`). */
function keysInCommands({document, job, rules}: Subject, env: Surroundings['env']): Finding[] {
	const mask = createMask(secretsOf(env));
	if (!mask) return [];
	const commands: [Path, string | readonly string[]][] = [
		...(job.backend.type === 'command' ? [[['backend', 'command'], job.backend.command] as [Path, string[]]] : []),
		...(job.batch.items?.command ? [[['batch', 'items', 'command'], job.batch.items.command] as [Path, string[]]] : []),
		...rules.flatMap(({index, rule}): [Path, string | readonly string[]][] =>
			rule.type === 'command_succeeds' ? [[['validations', index, 'command'], rule.command]] : [],
		),
	];
	return commands
		.filter(([, words]) => [words].flat().some(word => mask.text(word) !== word))
		.map(([path]) =>
			warning(
				document.placeOf(path, 'key'),
				`a key stands in this command, where everybody on the machine can see it (ps): ${setIt}`,
			),
		);
}
