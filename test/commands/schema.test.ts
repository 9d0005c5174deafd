import assert from 'node:assert/strict';
import {globSync, readFileSync} from 'node:fs';
import path from 'node:path';
import {it} from 'node:test';
import {parse} from 'yaml';
import {schema} from '../../source/commands/schema.js';
import {starterJob} from '../../source/commands/starter-job.js';
import type {JsonSchema} from '../../source/config/json-schema.js';
import {withDesk} from '../program/program.js';
import {heard} from './context.js';

const project = path.resolve(import.meta.dirname, '../..');

function printed(): JsonSchema {
	const context = heard();
	assert.equal(schema({path: false}, context), 'done');
	return JSON.parse(context.said.join('\n'));
}

/** What a validator would say, for the part of JSON Schema that is used here; an unknown word in the schema throws. */
function faults(field: JsonSchema, value: unknown, at = ''): string[] {
	const own = Object.entries(field).flatMap(([word, wanted]) => {
		if (!(word in words)) throw new Error(`the schema says “${word}” at ${at}`);
		return words[word]?.(value, wanted as never, at) ?? [];
	});
	if (typeof value !== 'object' || value === null || Array.isArray(value)) return own;
	const known = field.properties ?? {};
	const others = field.additionalProperties as JsonSchema | false | undefined;
	const inner = Object.entries(value).flatMap(([key, child]) => {
		const place = `${at}.${key}`;
		if (known[key]) return faults(known[key], child, place);
		return others === false ? [`${place} is not known`] : faults(others ?? {}, child, place);
	});
	return [...own, ...inner];
}

const nothing = () => [];
const says = (good: boolean, at: string, what: string) => (good ? [] : [`${at} is not ${what}`]);
const words: Record<string, (value: unknown, wanted: never, at: string) => string[]> = {
	...{title: nothing, $schema: nothing, description: nothing, default: nothing, definitions: nothing},
	...{properties: nothing, additionalProperties: nothing, propertyNames: nothing},
	type: (value, wanted: string, at) => {
		const type = Array.isArray(value) ? 'array' : value === null ? 'null' : typeof value;
		return says(type === wanted || (wanted === 'integer' && Number.isInteger(value)), at, wanted);
	},
	const: (value, wanted: unknown, at) => says(value === wanted, at, String(wanted)),
	not: (value, wanted: JsonSchema, at) => says(faults(wanted, value, at).length > 0, at, 'anything but that'),
	enum: (value, wanted: unknown[], at) => says(wanted.includes(value), at, wanted.join()),
	minimum: (value, wanted: number, at) => says(Number(value) >= wanted, at, `>= ${wanted}`),
	maximum: (value, wanted: number, at) => says(Number(value) <= wanted, at, `<= ${wanted}`),
	exclusiveMinimum: (value, wanted: number, at) => says(Number(value) > wanted, at, `> ${wanted}`),
	minLength: (value, wanted: number, at) => says(String(value).length >= wanted, at, `${wanted} long`),
	pattern: (value, wanted: string, at) => says(new RegExp(wanted).test(String(value)), at, wanted),
	minItems: (value, wanted: number, at) => says((value as unknown[]).length >= wanted, at, `${wanted} long`),
	required: (value, wanted: string[], at) =>
		wanted.flatMap(key => says(Object.hasOwn(value as object, key), at, `a map with ${key}`)),
	items: (value, wanted: JsonSchema, at) =>
		(value as unknown[]).flatMap((item, index) => faults(wanted, item, `${at}.${index}`)),
	oneOf: (value, wanted: JsonSchema[], at) =>
		says(wanted.filter(shape => faults(shape, value, at).length === 0).length === 1, at, 'one of the shapes'),
	anyOf: (value, wanted: JsonSchema[], at) =>
		says(
			wanted.some(shape => faults(shape, value, at).length === 0),
			at,
			'any of the shapes',
		),
	$ref: nothing,
};

const jobs = [
	...globSync('examples/*.yaml', {cwd: project}).map(
		file => [file, readFileSync(path.join(project, file), 'utf8')] as const,
	),
	['the job of init', starterJob({name: 'x', schema: 'y'})] as const,
];

it('the printed schema accepts every example, and the job that init writes', () => {
	const root = printed();
	assert.ok(jobs.length >= 3);
	for (const [file, text] of jobs) assert.deepEqual(faults(root, parse(text)), [], file);
});

it('the printed schema refuses what validate refuses: unknown keys, wrong types, missing fields', () => {
	const root = printed();
	const good = {name: 'x', batch: {size: 1, total_items: 1}, prompt: {template: 'x'}};
	const backends = [
		{model: 'opus'},
		{type: 'codex_cli', fallbacks: ['aider', {type: 'gemini_cli'}, {type: 'aider', model: 'm'}]},
		{type: 'aider', model: 'm'},
		{type: 'profile', profile: {argv: ['aider']}},
	];
	for (const job of [good, ...backends.map(backend => ({...good, backend}))]) assert.deepEqual(faults(root, job), []);
	const bad = [
		{...good, nmae: 'y'},
		{...good, name: 7},
		{...good, batch: {total_items: 1}},
		{...good, backend: {type: 'command'}},
		{...good, backend: {type: 'profile'}},
		{...good, backend: {type: 'aider', mdoel: 'm'}},
		{...good, backend: {type: 'codex_cli', fallbacks: [3]}},
		{...good, validations: [{type: 'file_exist', path: 'x'}]},
		{...good, retry: {max_retries: -1}},
	];
	for (const job of bad) assert.notDeepEqual(faults(root, job), [], JSON.stringify(job));
});

it('the package keeps the schema as a file, and tells where it is', () =>
	withDesk(async desk => {
		const [shown, where] = await Promise.all([desk.mozart('schema'), desk.mozart('schema', '--path')]);
		assert.equal(readFileSync(where.stdout.trimEnd(), 'utf8'), shown.stdout);
		assert.equal(where.stdout.trimEnd(), path.join(project, 'dist', 'job.schema.json'));
		assert.deepEqual(JSON.parse(shown.stdout), printed());
	}));
