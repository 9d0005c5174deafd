import assert from 'node:assert/strict';
import {mkdir, readFile, writeFile} from 'node:fs/promises';
import {join} from 'node:path';
import {test} from 'node:test';
import {builtInProfiles} from '../../source/backends/profiles.js';
import {checkJob} from '../../source/check/check.js';
import {folderOf} from '../../source/config/backend-schema.js';
import {loadJob} from '../../source/config/load.js';
import {inFolder} from '../config/job-file.js';

/** What is said of a job with this backend, beside these profiles: `file:line «marked text» severity: message => mend`. */
const said = (backend: string, profiles: Record<string, string> = {}): Promise<string[]> =>
	inFolder(async folder => {
		const own = join(folder, 'profiles');
		await mkdir(own);
		for (const [name, text] of Object.entries(profiles)) await writeFile(join(own, name), text);
		const job = `name: j\nbackend: ${backend}\nbatch: {size: 1, total_items: 2}\nprompt: {template: x}\nvalidations: [{type: file_exists, path: a}]\n`;
		const file = join(folder, 'job.yaml');
		await writeFile(file, job);
		const loaded = await loadJob(file, {profiles: own});
		const findings = (await checkJob(loaded)).filter(
			({message}) => !/is not found in any folder|you are root/.test(message),
		);
		return findings.map(({file: where, line, column, length, severity, message, mend, sourceLine}) => {
			const text = (sourceLine ?? job.split('\n')[line - 1] ?? '').slice(column - 1, column - 1 + length);
			const shown = `${where.slice(folder.length + 1)}:${line} «${text}» ${severity}: ${message}`;
			return `${shown}${mend === undefined ? '' : ` => ${mend}`}`.replaceAll(folder, '<folder>');
		});
	});

test('built-in CLIs, profiles in place and profiles by name have nothing said about them', async () => {
	assert.deepEqual(
		await said('{type: codex_cli, model: m, fallbacks: [gemini_cli, {type: claude_cli, model: opus}]}'),
		[],
	);
	assert.deepEqual(await said('{type: profile, profile: {argv: [node]}}'), []);
	assert.deepEqual(
		await said('{type: mine, model: m, fallbacks: [other, {type: command, command: [node]}]}', {
			'mine.yaml':
				'argv: [node, {when: model, words: [--model, "{model}"]}, "{prompt_file}", "{batch_num}"]\nprompt: file\n',
			'other.yml':
				'argv: [node]\noutput: {type: jsonl, events: [{text: a.*.b}]}\nfailures: [{kind: auth, says: "(?i)log ?in"}]\n',
		}),
		[],
	);
});

test('the built-in profiles would pass as profiles of one’s own, and so does the one in the README', async () => {
	for (const profile of Object.values(builtInProfiles)) {
		const found = await said(`{type: profile, profile: ${JSON.stringify(profile)}}`);
		assert.deepEqual(found, []);
	}
	const readme = await readFile(join(import.meta.dirname, '../../README.md'), 'utf8');
	const [, text = ''] = /```yaml\n(argv: [\s\S]*?)```/.exec(readme) ?? [];
	assert.deepEqual(await said('{type: scribe}', {'scribe.yaml': text}), []);
});

test('a type that is none says what was meant, also among the profiles of one’s own', async () => {
	const known = 'it is claude_cli, codex_cli, gemini_cli, anthropic_api, openai_compatible, command, profile or aider';
	const aider = {'aider.yaml': 'argv: [node]\n'};
	assert.deepEqual(await said('{type: codexcli}', aider), [
		`job.yaml:2 «codexcli» error: "codexcli" is no type of backend: did you mean codex_cli? (${known}) => codex_cli`,
	]);
	assert.deepEqual(await said('{type: command, command: [node], fallbacks: [aidr]}', aider), [
		`job.yaml:2 «aidr» error: "aidr" is no type of backend: did you mean aider? (${known}) => aider`,
	]);
	assert.deepEqual(await said('{type: quill}', aider), [
		`job.yaml:2 «quill» error: "quill" is no type of backend: ${known}; a profile of your own would be <folder>/profiles/quill.yaml`,
	]);
	assert.deepEqual(await said('{type: ../aider}', aider), [
		`job.yaml:2 «../aider» error: "../aider" is no type of backend: ${known}`,
	]);
	assert.deepEqual(await said('{profile: aider}', aider), [
		'job.yaml:2 «profile: aider» error: a profile that has a file is chosen by its name as the type => type: aider',
	]);
});

test('a fault in a profile’s file is shown in that file', async () => {
	const found = await said('{type: mine}', {
		'mine.yaml': `argv:
  - node
  - {when: modle, words: [--model]}
promt: file
output:
  type: jsonl
  events: [{text: item..text}]
failures:
  - {kind: limit, says: x}
`,
	});
	assert.deepEqual(found, [
		'profiles/mine.yaml:3 «modle» error: backend.profile.argv.1.when is "modle": did you mean model? (it is model, skip_permissions, new_session or resume) => when: model',
		'profiles/mine.yaml:4 «promt» error: promt is not a field of backend.profile: did you mean prompt? => prompt',
		'profiles/mine.yaml:7 «item..text» error: backend.profile.output.events.0.text is "item..text": write keys joined by dots, such as item.text; * is every entry',
		'profiles/mine.yaml:9 «limit» error: backend.profile.failures.0.kind is "limit": it is rate_limit, overloaded, network, timeout, transient, auth, billing, budget, config, prompt_too_long or refused',
	]);
	for (const [text, message] of [
		['', /^profiles\/mine\.yaml:1 «» error: a profile is a map of fields, and argv at least/],
		['argv: [a', /^profiles\/mine\.yaml:1 «.*» error: the indentation does not fit/],
		['prompt: file', /^profiles\/mine\.yaml:1 «p» error: backend\.profile: argv is missing/],
	] as const)
		assert.match((await said('{type: mine}', {'mine.yaml': text})).join('\n'), message);
});

test('fields of a profile that do not fit together are told, each in its place', async () => {
	const profile = async (text: string) =>
		(await said('{type: mine}', {'mine.yaml': text})).map(line => line.replace(/^profiles\/mine\.yaml:/, ''));
	assert.deepEqual(await profile('argv: [node]\nprompt: file\n'), [
		'2 «prompt» error: prompt is file, and no word of argv is {prompt_file}: add it there',
	]);
	assert.deepEqual(await profile('argv: [node, "{prompt}"]\n'), [
		'1 «"{prompt}"» error: {prompt} hands the prompt over as an argument, and prompt is stdin => prompt: argument',
	]);
	assert.deepEqual(await profile('argv: [node, "{session_id}", {when: resume, words: [-r, "{session_id}"]}]\n'), [
		'1 «"{session_id}"» error: {session_id} has a value only in words with when: new_session or when: resume',
		'1 «-r» error: these words go on with a session, and nothing tells its id: add words with when: new_session that give it one, or an event with session: the path at which the CLI tells it',
	]);
	const told = 'output: {type: jsonl, events: [{session: id, usage: {input: in, counts_session: true}}]}\n';
	assert.deepEqual(await profile(`argv: [node, {when: resume, words: [-r, "{session_id}"]}]\n${told}`), []);
	assert.deepEqual(await profile(`argv: [node, {when: resume, words: [--continue]}]\n${told}`), [
		'1 «--continue» warning: these words name no session, so it could be that of another batch: add {session_id} to them',
	]);
	assert.deepEqual(await profile(`argv: [node]\n${told}`), [
		'2 «counts_session» warning: no session is gone on with, so there is nothing to take off: add words with when: resume, or remove counts_session',
	]);
	assert.deepEqual(
		await profile(
			'argv: [node]\nfailures: [{kind: auth}, {kind: auth, says: x, reset: true}, {kind: rate_limit, says: x, reset_path: a}]\n',
		),
		[
			'2 «kind» error: this row says when for nothing: it needs says, event or exit_codes',
			'2 «reset» warning: only a rate_limit is waited for until its reset, and this is auth',
			'2 «reset_path» error: reset_path is looked up in the event that the row names, and it names none: add event',
		],
	);
	const bare = await said('{type: mine}', {'mine.yaml': 'argv: [node, "{model}"]\n'});
	assert.deepEqual(bare, [
		'job.yaml:2 «backend» error: mine needs a model: add model: NAME',
		'profiles/mine.yaml:1 «"{model}"» warning: {model} has a value only where the job sets one: make it part of words with when: model => {when: model, words: ["{model}"]}',
	]);
	assert.deepEqual(await said('{type: mine, model: m}', {'mine.yaml': 'argv: [node]\n'}), [
		'job.yaml:2 «model» error: mine takes no model: neither argv nor env of its profile holds {model}',
	]);
});

test('placeholders and patterns of a profile are tried, those that can take forever too', async () => {
	const found = await said('{type: mine}', {
		'mine.yaml': `argv: [node, "{batchnum}", "{prompt_file}"]
env: {A: "{session_id}"}
failures:
  - {kind: auth, says: "a(b"}
  - {kind: auth, says: "(a+)+b"}
`,
	});
	assert.match(found[0] ?? '', /^profiles\/mine\.yaml:1 «\{batchnum\}» error: .*did you mean \{batch_num\}\?/);
	assert.match(found[1] ?? '', /^profiles\/mine\.yaml:2 «\{session_id\}» error: \{session_id\} is not a placeholder/);
	assert.match(found[2] ?? '', /^profiles\/mine\.yaml:4 «.» error: the regular expression is not valid/);
	assert.match(found[3] ?? '', /^profiles\/mine\.yaml:5 .* warning: this regular expression can take forever/);
	assert.equal(found.length, 4);
});

test('a fallback has the folder and the time of the backend where it does not set its own; an API has no folder', async () => {
	await inFolder(async folder => {
		const file = join(folder, 'job.yaml');
		const fallbacks = '[codex_cli, {type: gemini_cli, timeout_seconds: 7}, anthropic_api]';
		await writeFile(
			file,
			`name: j\nbackend: {timeout_seconds: 60, working_directory: here, fallbacks: ${fallbacks}}\nbatch: {size: 1, total_items: 2}\nprompt: {template: x}\n`,
		);
		const {job} = await loadJob(file);
		assert.deepEqual(
			job?.backend.fallbacks?.map(one => [one.timeout_seconds, folderOf(one)]),
			[
				[60, 'here'],
				[7, 'here'],
				[60, '.'],
			],
		);
	});
});
