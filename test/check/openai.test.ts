import assert from 'node:assert/strict';
import {test} from 'node:test';
import {accountOf} from '../../source/backends/account.js';
import {figuresOf} from '../../source/backends/figures.js';
import {openaiSchema} from '../../source/config/backend-schema.js';
import {found} from './found.js';

const settings = (more: object = {}) =>
	openaiSchema.parse({type: 'openai_compatible', model: 'small', base_url: 'http://localhost:8080/v1', ...more});

/** What is said of a server with these settings. */
const said = async (more: string) =>
	(await found({backend: `{type: openai_compatible, model: small, tools: workspace, ${more}}`})).said;

test('a server of one’s own needs address and model, and no key', async () => {
	assert.deepEqual(await said('base_url: "http://localhost:11434/v1"'), []);
	assert.deepEqual(await said('base_url: "http://192.168.1.7:8000/v1", temperature: 2'), []);
	const {said: all} = await found({backend: '{type: openai_compatible, tools: workspace}'});
	assert.match(all.join('\n'), /backend: model is missing/);
	assert.match(all.join('\n'), /backend: base_url is missing \(address of the server, mostly with \/v1 at its end\)/);
});

test('an address that is nearly right, a key that is not there, and one that goes out in the clear are said', async () => {
	assert.match(
		(await said('base_url: "http://localhost:11434"')).join(),
		/ends with \/v1: http:\/\/localhost:11434\/v1/,
	);
	assert.match(
		(await said('base_url: "http://localhost:11434/v1/chat/completions"')).join(),
		/error: base_url cannot be used: it ends before \/chat\/completions, which is added/,
	);
	assert.match((await said('base_url: "localhost:11434/v1"')).join(), /error: base_url cannot be used: it begins with/);
	const keyed = (await said('base_url: "http://example.org/v1", api_key_env: NO_SUCH_KEY_HERE')).join('\n');
	assert.match(keyed, /warning: the environment variable NO_SUCH_KEY_HERE is not set here/);
	assert.match(keyed, /warning: everybody between here and example\.org can read the key/);
});

test('another server or another key is another account; costs are known by the job’s prices alone', () => {
	assert.equal(accountOf(settings()), 'openai_compatible:localhost:8080');
	assert.equal(accountOf(settings({api_key_env: 'MY_KEY'})), 'openai_compatible:localhost:8080:MY_KEY');
	assert.deepEqual([figuresOf(settings()).tokens, figuresOf(settings()).cost], [true, false]);
	assert.equal(figuresOf(settings({model: 'claude-sonnet-5-5'})).cost, false);
	assert.equal(figuresOf(settings({prices: {input: 1, output: 2}})).cost, true);
});
