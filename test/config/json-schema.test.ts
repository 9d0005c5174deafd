import assert from 'node:assert/strict';
import {test} from 'node:test';
import {fieldAt, type JsonSchema, jobJsonSchema} from '../../source/config/json-schema.js';

test('the JSON Schema is draft 7, closed, and asks only for what has no default', () => {
	const schema = jobJsonSchema();
	assert.equal(schema.$schema, 'http://json-schema.org/draft-07/schema#');
	assert.deepEqual(schema.required, ['name', 'batch', 'prompt']);
	assert.equal(schema.additionalProperties, false);
	assert.deepEqual(schema.properties?.batch?.required, ['size']);
	assert.equal(schema.properties?.retry?.properties?.max_retries?.default, 3);
	assert.deepEqual(schema.properties?.on_batch_failure?.enum, ['stop', 'continue']);
	assert.equal(schema.properties?.validations?.items?.oneOf?.length, 5);
	assert.doesNotThrow(() => JSON.stringify(schema));
});

test('of fields that stand for each other, editors ask for as many as reading does', () => {
	const {batch, prompt, budget, notifications} = jobJsonSchema().properties ?? {};
	const either = (...keys: string[]) => keys.map(key => ({required: [key]}));
	assert.deepEqual(batch?.oneOf, either('total_items', 'items'));
	assert.deepEqual(batch?.properties?.items?.oneOf, either('file', 'glob', 'command'));
	assert.deepEqual(prompt?.oneOf, either('template', 'template_file'));
	assert.deepEqual(budget?.anyOf, either('max_cost_usd', 'max_tokens'));
	const webhook = notifications?.items?.oneOf?.find(shape => shape.properties?.type?.const === 'webhook');
	assert.deepEqual(webhook?.properties?.config?.oneOf, either('url', 'url_env'));
});

test('every field keeps its description', () => {
	const bare: string[] = [];
	const walk = (field: JsonSchema, path: string) => {
		for (const shape of field.oneOf ?? []) walk(shape, path);
		if (field.items) walk(field.items, `${path}[]`);
		for (const [key, child] of Object.entries(field.properties ?? {})) {
			if (!child.description) bare.push(`${path}.${key}`);
			walk(child, `${path}.${key}`);
		}
	};
	walk(jobJsonSchema(), '');
	assert.deepEqual(bare, []);
});

test('the field at a path follows the type that is written', () => {
	const schema = jobJsonSchema();
	const value = {validations: [{type: 'content_regex'}, {type: 'command_succeeds'}]};
	assert.ok(fieldAt(schema, ['validations', 0], value)?.properties?.pattern);
	assert.ok(!fieldAt(schema, ['validations', 1], value)?.properties?.pattern);
	assert.equal(fieldAt(schema, ['validations', 0, 'nope', 'deeper'], value), undefined);
	assert.ok(fieldAt(schema, ['backend', 'model'], {backend: {}}));
	assert.ok(!fieldAt(schema, ['backend', 'model'], {backend: {type: 'command'}}));
});
