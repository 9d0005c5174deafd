import {listJobs, registryFolder} from '../store/registry.js';
import type {Context, Ending} from './context.js';

/** What is read of a program's definition, in the terms of commander: it alone says what there is to complete. */
export type Definition = {
	name(): string;
	aliases(): readonly string[];
	description(): string;
	options: readonly Flag[];
	registeredArguments: readonly {name(): string; argChoices?: string[]}[];
	createHelp(): {visibleCommands(command: Definition): Definition[]; visibleOptions(command: Definition): Flag[]};
};
type Flag = {
	long?: string;
	short?: string;
	flags: string;
	description: string;
	required: boolean;
	optional: boolean;
	argChoices?: string[];
};

/** Something a word can be completed to. */
type Candidate = {word: string; description: string};

/** What may stand in a place: known words, a job, commands or a job, or what only the shell can look up. */
type Place = Candidate[] | {orJob: Candidate[]} | 'job' | ':files' | ':folders' | 'anything';

/**
 * Answers a shell's Tab, see `completion.ts`: what the last of the words can become. Hidden, since nobody types it.
 * Everything but the ids of the jobs comes from the program's own definition.
 */
export async function completeWords(program: Definition, words: readonly string[], context: Context): Promise<Ending> {
	const {place, current, prefix} = placeOf(program, words);
	if (place === 'anything') return 'done';
	const known = typeof place === 'string' ? [] : 'orJob' in place ? place.orJob : place;
	const mayBeJob = place === 'job' || (typeof place === 'object' && 'orJob' in place);
	for (const {word, description} of mayBeJob ? [...known, ...(await jobs(context))] : known) {
		if (word.startsWith(current)) context.out(`${prefix}${word}${description && `\t${description}`}`);
	}
	if (mayBeJob || place === ':files') context.out(':files');
	if (place === ':folders') context.out(':folders');
	return 'done';
}

async function jobs({env}: Context): Promise<Candidate[]> {
	const found = await listJobs(registryFolder(env));
	return found.jobs.filter(job => !job.missing).map(({id, file}) => ({word: id, description: file}));
}

/** Where the cursor stands, what has been typed of the word there, and what of it belongs to a flag (`--status=`). */
function placeOf(program: Definition, given: readonly string[]): {place: Place; current: string; prefix: string} {
	// bash makes words of their own of `=` signs.
	const words = given.filter(word => word !== '=');
	const current = (given.at(-1) === '=' ? '' : words.pop()) ?? '';
	let command = program;
	let option: Flag | undefined;
	let position = 0;
	let flagsOver = false;
	for (const word of words) {
		if (option) option = undefined;
		else if (word === '--') flagsOver = true;
		else if (!flagsOver && word.startsWith('-')) option = withValue(command, word);
		else if (subcommands(command).length === 0) position++;
		else {
			const next = subcommands(command).find(one => one.name() === word || one.aliases().includes(word));
			if (next) command = next;
			else if (command.registeredArguments.length > 0) position++;
			else return {place: 'anything', current, prefix: ''};
		}
	}
	if (option) return {place: placeOfOption(option), current, prefix: ''};
	const [flag = '', value] = flagsOver ? [] : current.split(/(?<=^--[\w-]+=)/);
	const valued = value === undefined ? undefined : withValue(command, flag.slice(0, -1));
	if (valued) return {place: placeOfOption(valued), current: value ?? '', prefix: flag};
	const flags = () => command.createHelp().visibleOptions(command).map(described);
	if (!flagsOver && current.startsWith('-')) return {place: flags(), current, prefix: ''};
	const place = placeOfArgument(program, command, position);
	return {place: place === 'anything' && current === '' && !flagsOver ? flags() : place, current, prefix: ''};
}

const subcommands = (command: Definition) => [...command.createHelp().visibleCommands(command)];

const withValue = (command: Definition, flag: string): Flag | undefined =>
	command.options.find(
		({long, short, required, optional}) => (long === flag || short === flag) && (required || optional),
	);

const described = ({long, short, description}: Flag): Candidate => ({word: long ?? short ?? '', description});

const commandsOf = (command: Definition): Candidate[] =>
	subcommands(command).map(one => ({word: one.name(), description: one.description()}));

function placeOfOption({argChoices, flags}: Flag): Place {
	if (argChoices) return argChoices.map(word => ({word, description: ''}));
	return flags.endsWith('<dir>') ? ':folders' : 'anything';
}

/** Arguments are known by their names, which the help shows as well. */
function placeOfArgument(program: Definition, command: Definition, position: number): Place {
	const argument = command.registeredArguments[position];
	if (subcommands(command).length > 0 && position === 0)
		return argument?.name() === 'job' ? {orJob: commandsOf(command)} : commandsOf(command);
	if (!argument) return 'anything';
	if (argument.argChoices) return argument.argChoices.map(word => ({word, description: ''}));
	switch (argument.name()) {
		case 'job':
			return 'job';
		case 'file':
			return ':files';
		case 'command':
			return commandsOf(program);
		default:
			return 'anything';
	}
}
