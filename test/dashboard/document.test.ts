import assert from 'node:assert/strict';
import {it} from 'node:test';
import {apiRoutes} from '../../source/dashboard/api/api.js';
import {openApiDocument} from '../../source/dashboard/api/document.js';
import type {Parts} from '../../source/dashboard/parts.js';
import {wishSchema} from '../../source/dashboard/wish.js';

type Operation = {operationId?: string; parameters?: {in: string; name: string}[]; responses?: object};

it('the document of the API has every operation, with all that can be asked and answered', () => {
	const routes = apiRoutes({} as Parts);
	const document = openApiDocument(routes);
	const {paths = {}, components} = document;
	assert.deepEqual(
		routes.map(({method, path}) => `${method} ${path}`).sort(),
		Object.entries(paths)
			.flatMap(([path, item]) => Object.keys(item).map(method => `${method} ${path}`))
			.sort(),
	);
	const text = JSON.stringify(document);
	for (const [, name = ''] of text.matchAll(/"#\/components\/schemas\/([^"]+)"/g))
		assert.ok(Object.hasOwn(components?.schemas ?? {}, name), name);
	for (const [path, item] of Object.entries(paths))
		for (const {operationId, parameters = [], responses = {}} of Object.values(item) as Operation[]) {
			assert.ok(operationId, path);
			const inPath = parameters.filter(one => one.in === 'path').map(({name}) => name);
			assert.deepEqual(
				inPath.map(name => `{${name}}`),
				path.match(/\{\w+\}/g) ?? [],
			);
			assert.ok(Object.hasOwn(responses, '200') && Object.hasOwn(responses, '401'), path);
		}
	for (const {shape} of wishSchema.options) assert.ok(text.includes(`"const":"${shape.type.value}"`), shape.type.value);
});
