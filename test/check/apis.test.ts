import assert from 'node:assert/strict';
import {writeFile} from 'node:fs/promises';
import {dirname, join} from 'node:path';
import {test} from 'node:test';
import {checkApis} from '../../source/check/apis.js';
import {draftOf} from '../../source/check/draft.js';
import {loadJob} from '../../source/config/load.js';
import {brief, inFolder, sound} from '../config/job-file.js';
import {found} from './found.js';

const withKey = {ANTHROPIC_API_KEY: 'sk-ant-4711'};

/** What is said of an API with these settings where this environment is. */
const said = (settings: string, env: Record<string, string> = withKey, more = '') =>
	inFolder(async folder => {
		const file = join(folder, 'job.yaml');
		await writeFile(file, sound(more).replace('{type: command, command: [node]}', `{type: anthropic_api${settings}}`));
		const loaded = await loadJob(file);
		const {document, job, findings} = loaded;
		const subject = {...draftOf(document, job), document, folder: dirname(file), shownFolder: '.'};
		return [...findings, ...(await checkApis(subject, {env}))].map(brief).map(text => text.replaceAll(folder, '~'));
	});

test('an API with a key, and hands or a file for its reply, is well', async () => {
	const rules = 'validations: [{type: file_exists, path: a.md}]';
	assert.deepEqual(await said(', tools: workspace', withKey, rules), []);
	assert.deepEqual(await said(', output: {file: "{workspace}/batch-{batch_num}.md"}', withKey, rules), []);
	assert.deepEqual(await said(', base_url: "http://127.0.0.1:4000/x"'), []);
});

test('a key that is not set here is said where it is asked for', async () => {
	assert.deepEqual(await said('', {}), [
		'2:17+13 warning: the environment variable ANTHROPIC_API_KEY is not set here: without a key the API takes nothing',
	]);
	assert.deepEqual(await said(', api_key_env: MY_KEY'), [
		'2:45+6 warning: the environment variable MY_KEY is not set here: without a key the API takes nothing',
	]);
	assert.deepEqual(await said(', api_key_env: MY_KEY, env: {MY_KEY: abc}', {}), []);
});

test('an address holds no secret and can be spoken to; in the clear it is warned of', async () => {
	assert.deepEqual(await said(', base_url: "https://me:secret@example.org"'), [
		'2:42+31 error: base_url cannot be used: it holds a user name or password; write it without, and put the key into the variable of api_key_env',
	]);
	assert.deepEqual(await said(', base_url: example.org'), [
		'2:42+11 error: base_url cannot be used: it begins with https://, as in https://gateway.example.org',
	]);
	assert.match((await said(', base_url: "https://example.org?key=1"')).join(), /it ends before any \? or #/);
	assert.match(
		(await said(', base_url: "http://example.org"')).join(),
		/^2:42\+20 warning: everybody between here and example\.org/,
	);
	assert.match(
		(await said('', {...withKey, ANTHROPIC_BASE_URL: 'nowhere'})).join(),
		/^2:17\+13 warning: ANTHROPIC_BASE_URL cannot/,
	);
});

test('an address that is nearly right, and a proxy that would not be used, are said', async () => {
	assert.match(
		(await said(', base_url: "https://example.org/v1"')).join(),
		/^2:42\+24 warning: the address ends before \/v1/,
	);
	assert.match(
		(await said('', {...withKey, HTTPS_PROXY: 'http://proxy:3128'})).join(),
		/^2:17\+13 warning: the proxy of HTTPS_PROXY is used for an API only with NODE_USE_ENV_PROXY=1/,
	);
});

test('the file for the reply lies in the workspace, has its placeholders, and is another one for each batch', async () => {
	assert.match(
		(await said(', output: {file: ../out.md}')).join(),
		/^2:47\+9 error: backend\.output\.file is ~\/out\.md, which is not in the workspace ~\/workspace/,
	);
	assert.match((await said(', output: {file: .mozart/x}')).join(), / error: .*among Mozart’s own files/);
	assert.match((await said(', output: {file: reply.md}')).join(), /^2:47\+8 warning: every batch writes this one file/);
	const {said: all} = await found({backend: '{type: anthropic_api, output: {file: "{workspace}/{batch}.md"}}'});
	assert.ok(
		all.some(text => /«\{batch\}» error: \{batch\} is not a placeholder that has a value/.test(text)),
		all.join('\n'),
	);
});

test('rules that look at files want something that writes some', async () => {
	const rules = 'validations: [{type: file_exists, path: a.md}]';
	assert.match((await said('', withKey, rules)).join(), /^2:17\+13 warning: an API writes no files by itself/);
	assert.deepEqual(await said('', withKey, 'validations: [{type: command_succeeds, command: "true"}]'), []);
	assert.deepEqual(await said(', max_turns: 3'), ['2:32+9 warning: without tools there is one turn only']);
});

test('a temperature is warned of where the model takes none', async () => {
	assert.deepEqual(await said(', temperature: 0.2'), [
		'2:32+11 warning: claude-sonnet-5-5 takes no temperature: remove it',
	]);
	assert.deepEqual(await said(', model: claude-sonnet-4-6, temperature: 0.2'), []);
});

test('what does not suit the type is refused in its place', async () => {
	const errors = await said(
		', skip_permissions: true, working_directory: ., tools: shell, max_tokens: 0, temperature: 2',
	);
	assert.deepEqual(
		errors.map(text => text.replace(/:.*error: /, ': ')),
		[
			'2: skip_permissions is not a field of backend (anthropic_api): it belongs to type claude_cli, codex_cli, gemini_cli or profile',
			'2: working_directory is not a field of backend (anthropic_api): it belongs to type claude_cli, codex_cli, gemini_cli, command or profile',
			'2: backend.tools is "shell": it is workspace',
			'2: backend.max_tokens is 0: it must be 1 or more',
			'2: backend.temperature is 2: it must be 1 or less',
		],
	);
});

test('without rules the end of the reply is the end; a cost that nobody knows bounds nothing', async () => {
	const {said: all} = await found({
		backend: '{type: anthropic_api, model: my-own}',
		validations: '',
		budget: '{max_cost_usd: 5}',
	});
	assert.match(all.join('\n'), /a batch is done when the model ends its reply, whatever it has written/);
	assert.match(
		all.join('\n'),
		/this backend \(anthropic_api\) tells no costs: max_cost_usd has no effect; say what my-own costs \(backend\.prices\), or set max_tokens/,
	);
	const {said: priced} = await found({backend: '{type: anthropic_api}', budget: '{max_cost_usd: 5}'});
	assert.doesNotMatch(priced.join('\n'), /tells no costs/);
});
