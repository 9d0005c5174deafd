import {backendTypes} from './backend-schema.js';
import {type JsonSchema, jobJsonSchema} from './json-schema.js';

/**
 * The JSON Schema for editors: of what a user may write, where reading a file has a step of its own. A backend's type may
 * be the name of a profile, and a fallback a name alone.
 */
export function editorSchema(): JsonSchema {
	const schema = jobJsonSchema();
	const backend = schema.properties?.backend;
	if (!backend?.oneOf) return schema;
	const definitions: Record<string, JsonSchema> = {...(schema.definitions as Record<string, JsonSchema> | undefined)};
	const shapes = backend.oneOf.map(shape => {
		const fallbacks = shape.properties?.fallbacks;
		if (!fallbacks?.items?.oneOf) return shape;
		const items = {
			anyOf: [
				{type: 'string', description: 'A type, or the name of a profile of your own.'},
				{oneOf: withNames(fallbacks.items.oneOf, definitions)},
			],
		};
		return {...shape, properties: {...shape.properties, fallbacks: {...fallbacks, items}}};
	});
	const own = {...backend, oneOf: withNames(shapes, definitions)};
	return {...schema, properties: {...schema.properties, backend: own}, definitions};
}

/** The shapes, and one more for a profile that is named; a profile in place is long, and stands in `definitions` once. */
function withNames(shapes: readonly JsonSchema[], definitions: Record<string, JsonSchema>): JsonSchema[] {
	return shapes.flatMap(shape => {
		const {profile, type, ...others} = shape.properties ?? {};
		if (!profile || !type) return [shape];
		definitions.profile = profile;
		const named = {
			type: 'string',
			not: {enum: [...backendTypes]},
			description: 'The name of a profile of your own: NAME.yaml in ~/.config/mozart/profiles/.',
		};
		return [
			{...shape, properties: {type, profile: {$ref: '#/definitions/profile'}, ...others}},
			{...shape, properties: {type: named, ...others}, required: ['type']},
		];
	});
}
