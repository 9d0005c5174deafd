import assert from 'node:assert/strict';
import {test} from 'node:test';
import {createResetReader} from '../../source/backends/reset-reader.js';
import {createTools} from '../../source/engine/tools.js';
import {compileTemplate} from '../../source/prompts/template.js';
import {makeJob} from '../support/job.js';

const template = compileTemplate('x');
assert.ok(!('error' in template));

test('tools follow from the state, which has no keys: the environment has them, and what was a key stays masked', () => {
	const readReset = createResetReader({now: () => 0, env: {}});
	const tools = createTools({readReset, env: {PATH: '/bin', MY_TOKEN: 'own-key-4711'}, now: () => 0});
	const job = makeJob();
	/** The job with this key, as the file has it and as facts have it. */
	const jobs = (key: string) =>
		[key, '***'].map(X_API_KEY => ({...job, backend: {...job.backend, env: {X_API_KEY, A: '1'}}}));
	const [before, known] = jobs('first-key-1234');
	const [after] = jobs('second-key-5678');
	assert.ok(before && known && after);
	tools.add({job: known, template: 'hash'}, {template, backend: before.backend});
	const first = tools.of({job: known, template: 'hash'});
	assert.deepEqual(first.env, {PATH: '/bin', MY_TOKEN: 'own-key-4711', X_API_KEY: 'first-key-1234', A: '1'});
	tools.add({job: known, template: 'hash'}, {template, backend: after.backend});
	// The same job whose facts were written in another order.
	const reread = {...known, backend: {...known.backend, env: {A: '1', X_API_KEY: '***'}}};
	const {env, mask} = tools.of({job: reread, template: 'hash'});
	assert.equal(env.X_API_KEY, 'second-key-5678');
	assert.equal(mask?.text('own-key-4711 first-key-1234 second-key-5678'), '*** *** ***');
});
