import type * as z from 'zod';
import {backendSchema} from '../config/backend-schema.js';
import {closest} from '../config/closest.js';
import type {JobDocument} from '../config/document.js';
import {type Job, jobSchema, type Rule, ruleSchema} from '../config/schema.js';

type Section =
	| 'name'
	| 'workspace'
	| 'backend'
	| 'batch'
	| 'prompt'
	| 'retry'
	| 'rate_limit'
	| 'budget'
	| 'parallel'
	| 'notifications';

/**
 * A job to look closer at even when parts of its file are wrong, so that one run tells everything: what can be used is
 * used, the rest stands in with defaults. Nothing may be said about a section that is not in `sound`.
 */
export type Draft = {
	job: Job;
	sound: ReadonlySet<Section>;
	/** The rules that can be read, each with its index in the file. */
	rules: readonly {index: number; rule: Rule}[];
	/** Whether all of `validations` could be read. */
	allRules: boolean;
};

const sections: readonly Section[] = [
	'name',
	'workspace',
	'backend',
	'batch',
	'prompt',
	'retry',
	'rate_limit',
	'budget',
	'parallel',
	'notifications',
];

export function draftOf(document: JobDocument, job: Job | undefined): Draft {
	if (job) {
		const rules = job.validations.map((rule, index) => ({index, rule}));
		return {job, sound: new Set(sections), rules, allRules: true};
	}
	const written = asMap(document.value);
	const stand: Record<string, unknown> = jobSchema.parse({
		name: 'job',
		backend: {type: 'command', command: ['true']},
		batch: {size: 1, total_items: 1},
		prompt: {template: 'x'},
	});
	const sound = new Set<Section>();
	for (const section of sections) {
		// A wait that stands in for a wrong one must not be compared with its neighbours.
		const tries = section === 'retry' ? 1 : 4;
		const healed = heal<unknown>(jobSchema.shape[section], written[section], tries);
		if (healed === undefined || (section === 'backend' && hasUnsureType(written.backend))) continue;
		stand[section] = healed;
		sound.add(section);
	}
	const validations = written.validations ?? [];
	const rules = (Array.isArray(validations) ? validations : []).flatMap((rule: unknown, index) => {
		const healed = heal(ruleSchema, rule);
		return healed === undefined ? [] : [{index, rule: healed}];
	});
	const allRules = Array.isArray(validations) && rules.length === validations.length;
	return {job: {...(stand as Job), validations: rules.map(({rule}) => rule)}, sound, rules, allRules};
}

/** Whether a backend, or one of its fallbacks, is of the default type only because its `type` is mistyped or forgotten. */
function hasUnsureType(backend: unknown): boolean {
	const {type, fallbacks, ...fields} = asMap(backend);
	const keys = Object.keys(fields);
	const unsure = closest('type', keys) !== undefined || keys.some(key => otherFields.has(key) && !ownFields.has(key));
	return (type === undefined && unsure) || (Array.isArray(fallbacks) && fallbacks.some(hasUnsureType));
}

const [claude, ...others] = backendSchema.options;
const ownFields = new Set(Object.keys(claude.shape));
const otherFields = new Set(others.flatMap(({shape}) => Object.keys(shape)));

/** Takes out what a section's schema refuses, key by key; undefined when what is left will not do either. */
function heal<T>(schema: z.ZodType<T>, written: unknown, mostTries = 4): T | undefined {
	let value = structuredClone(written);
	for (let tries = 0; tries < mostTries; tries++) {
		const result = schema.safeParse(value);
		if (result.success) return result.data;
		for (const issue of result.error.issues) {
			// A backend without its wrong type would be looked at as one of the default type.
			if (issue.code === 'invalid_union') return undefined;
			if (issue.code === 'unrecognized_keys') for (const key of issue.keys) remove(value, [...issue.path, key]);
			else if (issue.path.length === 0) value = undefined;
			else remove(value, issue.path);
		}
	}
	return undefined;
}

function remove(value: unknown, path: readonly PropertyKey[]): void {
	const last = path.at(-1)!;
	let holder: unknown = value;
	for (const step of path.slice(0, -1)) holder = asMap(holder)[String(step)];
	if (typeof holder === 'object' && holder !== null) Reflect.deleteProperty(holder, last);
}

const asMap = (value: unknown): Record<string, unknown> =>
	typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {};
