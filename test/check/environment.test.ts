import assert from 'node:assert/strict';
import {writeFile} from 'node:fs/promises';
import {dirname, join} from 'node:path';
import {test} from 'node:test';
import {draftOf} from '../../source/check/draft.js';
import {checkEnvironment} from '../../source/check/environment.js';
import {loadJob} from '../../source/config/load.js';
import {brief, inFolder, sound} from '../config/job-file.js';

/** What is said of a backend with these settings where this environment is. */
const said = (backend: string, env: Record<string, string> = {}, more = '') =>
	inFolder(async folder => {
		const file = join(folder, 'job.yaml');
		await writeFile(file, sound(more).replace('{type: command, command: [node]}', backend));
		const loaded = await loadJob(file);
		assert.deepEqual(loaded.findings, []);
		const {document, job} = loaded;
		const subject = {...draftOf(document, job), document, folder: dirname(file), shownFolder: '.'};
		return checkEnvironment(subject, {env}).map(brief);
	});

test('what children get to see is asked for by names that can be', async () => {
	assert.deepEqual(await said('{env: {A: "1"}, env_pass: [HOME, "A*", A]}', {HOME: '/h'}), []);
	assert.deepEqual(await said('{env: {"A=B": "1", MOZART_X: "1"}}'), [
		'2:17+5 error: "A=B" cannot be the name of a variable',
		'2:29+8 error: MOZART_X is a name of Mozart’s own, and no CLI gets to see it: choose another',
	]);
	assert.deepEqual(await said('{env_pass: [NOPE, "MOZART_*"]}'), [
		'2:22+4 warning: NOPE is not set here, so nothing is passed on under that name',
		'2:28+10 warning: MOZART_*: variables of Mozart’s own are never passed on; remove it',
	]);
});

test('a key in the job file, or among the words of a command, is a warning that does not repeat it', async () => {
	const [inFile, ...none] = await said('{env: {X_API_KEY: sk-4711-abc, X_KEY_FILE: /a/key.pem}}');
	assert.match(
		inFile ?? '',
		/^2:17\+9 warning: X_API_KEY looks like a key, and job files get shared: set it in your own/,
	);
	assert.deepEqual(none, []);
	const words = await said(
		'{type: command, command: [node, --key=sk-4711-abc]}',
		{X_API_KEY: 'sk-4711-abc'},
		'validations: [{type: command_succeeds, command: "echo sk-4711-abc"}]',
	);
	assert.deepEqual(
		words.map(text => text.replace(/, where.*/, '')),
		['2:26+7 warning: a key stands in this command', '5:40+7 warning: a key stands in this command'],
	);
	assert.ok(!words.join().includes('4711'));
	const ofProfile = await said(
		'{type: profile, profile: {argv: [node, {when: resume, words: [--key=sk-4711-abc]}], env: {X_TOKEN: sk-4712-abc}}}',
		{X_API_KEY: 'sk-4711-abc'},
	);
	assert.deepEqual(
		ofProfile.map(text => text.replace(/(, where|: set).*/, '')),
		[
			'2:100+7 warning: X_TOKEN looks like a key, and profiles get shared',
			'2:36+4 warning: a key stands in this command',
		],
	);
});
