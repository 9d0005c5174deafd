import * as z from 'zod';
import {choicesOf} from './exactly-one.js';
import {jobSchema} from './schema.js';

/** The part of JSON Schema that zod writes for a job. */
export type JsonSchema = {
	type?: string;
	description?: string;
	default?: unknown;
	const?: unknown;
	enum?: unknown[];
	properties?: Record<string, JsonSchema>;
	required?: string[];
	items?: JsonSchema;
	oneOf?: JsonSchema[];
	anyOf?: JsonSchema[];
	[more: string]: unknown;
};

/** The JSON Schema (draft 7) of a job file as it is written, for editors such as yaml-language-server. */
export function jobJsonSchema(): JsonSchema {
	const schema = z.toJSONSchema(jobSchema, {
		target: 'draft-7',
		io: 'input',
		unrepresentable: 'any',
		override: ({zodSchema, jsonSchema}) => Object.assign(jsonSchema, choicesOf(zodSchema)),
	});
	return {title: 'Mozart job file', ...(schema as JsonSchema)};
}

/** The schema of the field at a path; a value that is written there chooses between the shapes of a backend or rule. */
export function fieldAt(root: JsonSchema, path: readonly PropertyKey[], value: unknown): JsonSchema | undefined {
	let field: JsonSchema | undefined = shapeOf(root, value);
	let current = value;
	for (const step of path) {
		const own: JsonSchema | undefined = field;
		field = typeof step === 'number' ? own?.items : own?.properties?.[String(step)];
		current =
			typeof current === 'object' && current !== null ? (current as Record<PropertyKey, unknown>)[step] : undefined;
		field = field && shapeOf(field, current);
	}
	return field;
}

/** All shapes that the field at a path can have, where they differ by `type`; none where they do not. */
export function shapesAt(root: JsonSchema, path: readonly PropertyKey[], value: unknown): JsonSchema[] {
	const parent = fieldAt(root, path.slice(0, -1), value);
	const step = path.at(-1);
	return (typeof step === 'number' ? parent?.items : parent?.properties?.[String(step)])?.oneOf ?? [];
}

/** Of the shapes that differ by `type`, the one whose `type` is written, or else is the default. */
function shapeOf(field: JsonSchema, value: unknown): JsonSchema {
	const type = typeof value === 'object' && value !== null ? (value as {type?: unknown}).type : undefined;
	const fits = (shape: JsonSchema) => {
		const own = shape.properties?.type;
		return type === undefined ? own?.default !== undefined : own?.const === type;
	};
	// Of a text or a map, the map is the one with fields.
	const map = type === undefined && isMap(value) ? field.anyOf?.find(shape => shape.properties) : undefined;
	return field.oneOf?.find(fits) ?? map ?? field;
}

const isMap = (value: unknown) => typeof value === 'object' && value !== null && !Array.isArray(value);

/** The keys a job file can hold, each with the paths (dotted, `*` for any index) where it belongs. */
export function keysByName(root: JsonSchema): Map<string, string[]> {
	const found = new Map<string, string[]>();
	const walk = (field: JsonSchema, path: string) => {
		for (const shape of field.oneOf ?? []) walk(shape, path);
		if (field.items) walk(field.items, `${path}.*`);
		for (const [key, child] of Object.entries(field.properties ?? {})) {
			const parents = found.get(key) ?? [];
			if (!parents.includes(path)) found.set(key, [...parents, path]);
			walk(child, path === '' ? key : `${path}.${key}`);
		}
	};
	walk(root, '');
	return found;
}
