import {stripVTControlCharacters} from 'node:util';
import {expand, type Placeholders, placeholdersIn} from '../core/placeholders.js';
import {runProcess} from '../process/run.js';
import {type Check, interrupted, unchecked} from './finding.js';
import type {Problem} from './place.js';
import {end, quoted, shown} from './wording.js';

/** Passes when the command exits 0 in time, run in the workspace; its whole process tree is ended with it. */
export const commandSucceeds: Check<'command_succeeds'> = async (rule, context) => {
	const {workspace, placeholders, marker, signal} = context;
	const written = typeof rule.command === 'string' ? rule.command : rule.command.join(' ');
	const expected = `exit code 0 of ${filledIn(written, placeholders)}`;
	const command = commandOf(rule.command, placeholders);
	if ('problem' in command) return unchecked(expected, command.problem);
	const result = await runProcess({
		argv: command.argv,
		cwd: workspace,
		env: {...context.env, ...command.env},
		mask: context.mask,
		timeoutMs: rule.timeout_seconds * 1_000,
		signal,
		marker,
	});
	const name = quoted(command.shown);
	switch (result.type) {
		case 'not-started':
			return interrupted(expected);
		case 'unstartable':
			return {
				passed: false,
				expected,
				actual: `not started: ${result.raw}`,
				message: result.message.replace(/\.$/, ''),
			};
		case 'exited': {
			if (result.aborted) return interrupted(expected);
			const took = `${(result.durationMs / 1_000).toFixed(1)} s`;
			const output = outputOf(result.tails);
			const seen = output === '' ? 'it printed nothing' : `its last output: ${quoted(end(output, 200), 240)}`;
			const actual = (how: string) => (output === '' ? `${how}, no output` : `${how}, output:\n${end(output, 1_500)}`);
			if (result.timedOut) {
				const limit = `${rule.timeout_seconds} s`;
				return {
					passed: false,
					expected,
					actual: actual(`ended after ${limit}`),
					message: `${name} was ended after ${limit}, its timeout_seconds; expected exit code 0 (${seen})`,
				};
			}
			if (result.exitCode === 0)
				return {passed: true, expected, actual: 'exit code 0', message: `${name} succeeded after ${took}`};
			const how =
				result.exitCode === undefined ? `ended by ${result.endedBy ?? 'a signal'}` : `exit code ${result.exitCode}`;
			return {
				passed: false,
				expected,
				actual: actual(how),
				message: `${name} failed after ${took} with ${how}; expected exit code 0 (${seen})`,
			};
		}
		default:
			return result satisfies never;
	}
};

/**
 * A list is filled in word by word. For the shell a value is put into the text only where it means the same in any quotes
 * (numbers, plain names and paths); any other could become commands, so `{name}` becomes `${mozart_name}`, a variable of
 * the command. Braces that name no placeholder are the shell's own.
 */
function commandOf(
	command: string | readonly string[],
	placeholders: Placeholders,
): {argv: string[]; env: Record<string, string>; shown: string} | Problem {
	if (typeof command === 'string') {
		const env: Record<string, string> = {};
		const text = command.replace(/(?<!\$)\{([A-Za-z_]\w*)\}/g, (whole, name: string) => {
			const value = placeholders[name];
			if (value === undefined) return whole;
			if (plainWord.test(value)) return value;
			env[`mozart_${name}`] = value;
			return `\${mozart_${name}}`;
		});
		return {argv: ['sh', '-c', text], env, shown: filledIn(command, placeholders)};
	}
	for (const word of command) {
		const missing = placeholdersIn(word).find(
			({name, offset}) => word[offset - 1] !== '$' && !Object.hasOwn(placeholders, name),
		);
		if (!missing) continue;
		const {name} = missing;
		return {
			problem: `the command word ${quoted(word)} uses {${name}}, which has no value; write {{${name}}} for the braces themselves`,
		};
	}
	const argv = command.map(word => expand(word, placeholders));
	return {argv, env: {}, shown: argv.join(' ')};
}

/** Text that a shell leaves alone, within quotes of either kind and without. */
const plainWord = /^[\w@%+=:,./-]+$/;

/** A command for the eye: what is not known stays as it is written. */
const filledIn = (command: string, placeholders: Placeholders) =>
	command.replace(/(?<!\$)\{([A-Za-z_]\w*)\}/g, (whole, name: string) => placeholders[name] ?? whole);

function outputOf({stdout, stderr}: {stdout: string; stderr: string}): string {
	const clean = (text: string) => shown(stripVTControlCharacters(end(text, 1_900)).replace(/\r\n?/g, '\n')).trim();
	return [clean(stdout), clean(stderr)].filter(text => text !== '').join('\n');
}
