import assert from 'node:assert/strict';
import {globSync, readFileSync} from 'node:fs';
import path from 'node:path';
import {describe, it} from 'node:test';

const project = path.resolve(import.meta.dirname, '..');

/** The house from the ground up, as ARCHITECTURE.md draws it. A room may import what lies on the floors below it. */
const floors: readonly (readonly string[])[] = [
	['config'],
	['core'],
	['prompts', 'process'],
	['backends', 'validation', 'store', 'items', 'notify'],
	['engine', 'check'],
	['ui', 'headless', 'control', 'dashboard'],
	['read-job.ts', 'open-teller.ts'],
	['open-run.ts'],
	['commands'],
	['cli.tsx'],
];

/** Arrows that do not point down, each with its reason. */
const allowed: Readonly<Record<string, string>> = {
	'ui -> headless': 'times, counts and summaries are said in the same words on every face',
	'dashboard -> headless': 'times, counts and summaries are said in the same words on every face',
};

/** Rooms that may use a library; one that is not named here may be used anywhere. */
const homes: Readonly<Record<string, readonly string[]>> = {
	execa: ['process'],
	lowdb: ['store'],
	yaml: ['config'],
	ink: ['ui'],
	'ink-spinner': ['ui'],
	react: ['ui'],
	commander: ['commands', 'cli.tsx'],
	nodemailer: ['notify'],
	'@anthropic-ai/sdk': ['backends'],
	openai: ['backends'],
	...{hono: ['dashboard'], '@hono/node-server': ['dashboard'], 'zod-openapi': ['dashboard']},
	'temporal-polyfill': ['backends'],
	'node:child_process': ['process', 'launch'],
	'node:sqlite': ['store'],
};

/** What reaches outside, and the only files that may do it: everywhere else it is passed in. */
const named: readonly {what: RegExp; files: readonly string[]}[] = [
	{what: /\bDate\.now\b|\bMath\.random\b/, files: ['source/engine/clock.ts']},
	{what: /\bconsole\./, files: []},
	{what: /\bprocess\.exit\(/, files: ['cli.tsx']},
	{what: /'execa'/, files: ['source/process/run.ts']},
	{what: /instanceof Error \? [\w.]+\.message\b[^?]*: String\(/, files: ['source/config/error-words.ts']},
];

type Source = {file: string; room: string; text: string; imports: string[]};

function roomOf(file: string): string {
	const [first = '', second = ''] = file.split('/');
	return first === 'source' ? second : first;
}

const sources: Source[] = ['cli.tsx', ...globSync('source/**/*.{ts,tsx}', {cwd: project})]
	.map(file => file.split(path.sep).join('/'))
	.map(file => {
		const text = readFileSync(path.join(project, file), 'utf8');
		const imports = [...text.matchAll(/\b(?:from|import)\s*\(?\s*'([^'\n]+)'/g)].map(match => match[1] ?? '');
		return {file, room: roomOf(file), text, imports};
	});

/** Every arrow between rooms, with the files that draw it. */
function arrows(): Map<string, string[]> {
	const found = new Map<string, string[]>();
	for (const {file, room, imports} of sources) {
		for (const target of imports) {
			if (!target.startsWith('.') || target.endsWith('.json')) continue;
			const other = roomOf(path.posix.join(path.posix.dirname(file), target).replace(/\.js$/, '.ts'));
			if (other === room) continue;
			const arrow = `${room} -> ${other}`;
			found.set(arrow, [...(found.get(arrow) ?? []), file]);
		}
	}
	return found;
}

const floorOf = (room: string) => floors.findIndex(rooms => rooms.includes(room));

describe('the house', () => {
	it('has a place in the drawing for every room', () => {
		const rooms = new Set(sources.map(({room}) => room));
		// The launcher stands before the door: it imports nothing of the house, so that any Node can run it.
		assert.deepEqual(
			[...rooms].filter(room => floorOf(room) < 0),
			['launch'],
		);
		const launching = sources.filter(({room}) => room === 'launch').flatMap(({imports}) => imports);
		assert.deepEqual(
			launching.filter(name => !/^(node:|\.\/|.*\/package\.json$)/.test(name)),
			[],
		);
		assert.deepEqual(
			floors.flat().filter(room => !rooms.has(room)),
			[],
		);
	});

	it('has arrows that point down only, but for those that give a reason', () => {
		const found = arrows();
		const wrong = [...found].filter(([arrow]) => {
			const [from = '', to = ''] = arrow.split(' -> ');
			return floorOf(to) >= floorOf(from) && !(arrow in allowed);
		});
		assert.deepEqual(wrong, []);
		assert.ok(found.size > 20, 'the imports were found');
		for (const arrow of Object.keys(allowed))
			assert.ok(found.has(arrow), `${arrow} is drawn no more: take it off the list`);
	});

	it('uses each library in its room', () => {
		const wrong = sources.flatMap(({file, room, imports}) =>
			imports.flatMap(name => {
				const library = Object.keys(homes).find(one => name === one || name.startsWith(`${one}/`));
				const rooms = library === undefined ? undefined : homes[library];
				return rooms && !rooms.includes(room) ? [`${file}: ${name}`] : [];
			}),
		);
		assert.deepEqual(wrong, []);
	});

	it('keeps its core pure', () => {
		const libraries = sources
			.filter(({room}) => room === 'core')
			.flatMap(({file, imports}) => imports.filter(name => !name.startsWith('.')).map(name => `${file}: ${name}`))
			.filter(use => !/: (zod|node:util)$/.test(use));
		assert.deepEqual(libraries, []);
	});

	for (const {what, files} of named) {
		it(`reaches outside by ${what.source} in ${files.join(', ') || 'no file'} only`, () => {
			const found = sources.filter(({text}) => what.test(text)).map(({file}) => file);
			assert.deepEqual(found, files);
		});
	}

	it('starts no child whose output could hold a key unmasked', () => {
		const calls = sources.flatMap(({file, text}) =>
			[...text.matchAll(/\bawait runProcess\(\{[\s\S]*?\n\t+\}\);/g)].map(([call]) => ({file, call})),
		);
		assert.ok(calls.length >= 4, 'the calls were found');
		assert.deepEqual(
			calls.filter(({call}) => !/\bmask\b/.test(call)).map(({file}) => file),
			[],
		);
	});

	it('has no barrels, and no rooms for odds and ends', () => {
		const odd = sources.filter(({file}) => /\/(index|utils?|helpers?|managers?|services?)\b/.test(file));
		assert.deepEqual(
			odd.map(({file}) => file),
			[],
		);
	});
});
