import assert from 'node:assert/strict';
import {execFileSync} from 'node:child_process';
import {chmod, mkdir, open, realpath, symlink, writeFile} from 'node:fs/promises';
import {join} from 'node:path';
import {test} from 'node:test';
import {loadJob} from '../../source/config/load.js';
import {jobSchema, notBuilt} from '../../source/config/schema.js';
import {brief, findingsOf, inFolder, load, sound} from './job-file.js';

test('a sound file gives a job with all defaults and no findings', async () => {
	const {job, findings} = await load(sound());
	assert.deepEqual(findings, []);
	assert.deepEqual(
		job,
		jobSchema.parse({
			name: 'j',
			backend: {type: 'command', command: ['node']},
			batch: {size: 1, total_items: 2},
			prompt: {template: 'x'},
		}),
	);
	assert.equal(job?.retry.max_retries, 3);
});

test('a job’s file is its real path, and findings name it as the user did', () =>
	inFolder(async folder => {
		await writeFile(join(folder, 'job.yaml'), 'nme: j\n');
		await symlink('job.yaml', join(folder, 'link.yaml'));
		const loaded = await loadJob(join(folder, 'link.yaml'));
		assert.equal(loaded.file, join(await realpath(folder), 'job.yaml'));
		assert.equal(loaded.findings[0]?.file, join(folder, 'link.yaml'));
	}));

test('a file that cannot be read is one clear finding', () =>
	inFolder(async folder => {
		const only = async (name: string) => {
			const {findings, job} = await loadJob(join(folder, name));
			assert.equal(job, undefined);
			assert.equal(findings.length, 1, findings.map(brief).join('\n'));
			return findings[0]!.message;
		};
		const write = async (name: string, bytes: Uint8Array | string) => {
			await writeFile(join(folder, name), bytes);
			return only(name);
		};
		assert.equal(await only('nope.yaml'), 'the job file does not exist');
		await mkdir(join(folder, 'folder'));
		assert.equal(await only('folder'), 'the job file is a folder: name a file in it');
		assert.equal(await write('a-file', ''), 'the job file is empty: it needs name, batch and prompt');
		assert.match(await only('a-file/job.yaml'), /a part of its path is a file/);
		assert.match(await write('comments.yaml', '# nothing\n---\n'), /is empty/);
		assert.match(await write('binary.yaml', Buffer.from([0x7f, 0x45, 0, 1, 2])), /zero bytes/);
		assert.match(await write('utf16.yaml', Buffer.from('\ufeffname: j', 'utf16le')), /UTF-16/);
		assert.match(
			await write('latin1.yaml', Buffer.from('name: j\nstakes: h\xe9\n', 'latin1')),
			/not UTF-8 text: line 2/,
		);
		assert.match(await write('big.yaml', 'a'.repeat(1_000_001)), /bigger than 1 MB/);
		await symlink('circle', join(folder, 'circle'));
		assert.match(await only('circle'), /in a circle/);
		if (process.platform !== 'win32') {
			execFileSync('mkfifo', [join(folder, 'pipe')]);
			assert.match(await only('pipe'), /not an ordinary file/);
			if (process.getuid?.() !== 0) {
				await writeFile(join(folder, 'secret'), sound());
				await chmod(join(folder, 'secret'), 0);
				assert.match(await only('secret'), /may not be read by you/);
			}
		}
	}));

test('a file of 10 MB is refused without being read', () =>
	inFolder(async folder => {
		const file = join(folder, 'job.yaml');
		const handle = await open(file, 'w');
		await handle.truncate(10_000_000);
		await handle.close();
		const before = process.memoryUsage().arrayBuffers;
		const {findings} = await loadJob(file);
		assert.match(findings.map(brief).join('\n'), /^1:1\+1 error: the job file is bigger than 1 MB.*$/);
		assert.ok(process.memoryUsage().arrayBuffers - before < 2_000_000);
	}));

test('a byte order mark and Windows line ends change nothing', async () => {
	assert.deepEqual(await findingsOf(`\ufeff${sound('retry:\n  max_retries: 1\n').replaceAll('\n', '\r\n')}`), []);
	assert.deepEqual(await findingsOf(`\ufeff${sound('nam: 1\n').replaceAll('\n', '\r\n')}`), [
		'5:1+3 error: nam is not a field of a job file: did you mean name? => name',
	]);
});

test('everything wrong in a file is said at once, each in its place', async () => {
	const text = `name: 5
descripton: hello
workspace: ""
backend: {type: command, command: [node]}
batch:
  size: "3"
  total_items: 4.5
  start_item: 0
prompt:
  template: x
  template_file: y
retry:
  jitter: yes
  exponential_base: 1
  completion_threshold_percent: 101
  max_delay_seconds: 10m
  max_retries:
validations:
  - type: file_exist
    path: x
  - typ: file_exists
  - type: content_contains
    path: x
  - type: command_succeeds
    command: [1, x]
  - file_exists
  - type: file_exists
    path: x
    pattern: y
on_batch_failure: continu
parallel: 3
`;
	assert.deepEqual(await findingsOf(text), [
		'1:7+1 error: name is 5, which YAML does not take as text: put it in quotes => name: "5"',
		'2:1+10 error: descripton is not a field of a job file: did you mean description? => description',
		'3:12+2 error: workspace is an empty text: write a text or remove the line',
		'6:9+3 error: batch.size is "3", in quotes and therefore text: a whole number is wanted => size: 3',
		'7:16+3 error: batch.total_items is 4.5: a whole number is wanted',
		'8:15+1 error: batch.start_item is 0: it must be 1 or more',
		'11:3+13 error: prompt has both template and template_file: keep one',
		'13:11+3 error: retry.jitter is "yes", which YAML takes as text: true or false is wanted => jitter: true',
		'14:21+1 error: retry.exponential_base is 1: it must be more than 1',
		'15:33+3 error: retry.completion_threshold_percent is 101: it must be 100 or less',
		'16:22+3 error: retry.max_delay_seconds is "10m", which YAML takes as text: a number is wanted => max_delay_seconds: 600',
		'17:3+11 error: retry.max_retries is empty: write a value or remove the line',
		'19:11+10 error: validations.0.type is "file_exist": did you mean file_exists? (it is file_exists, file_modified, content_contains, content_regex or command_succeeds) => type: file_exists',
		'21:5+3 error: typ is not a field of validations.1: did you mean type? => type',
		'22:5+4 error: validations.2: pattern is missing (text that the file must contain, letter by letter) => pattern: "text to find"',
		'25:15+1 error: validations.3.command.0 is 1, which YAML does not take as text: put it in quotes => "1"',
		'26:5+11 error: validations.4 is "file_exists": a map of fields is wanted',
		'29:5+7 error: pattern is not a field of validations.5 (file_exists): known are type, path and description',
		'30:19+7 error: on_batch_failure is "continu": did you mean continue? (it is stop or continue) => on_batch_failure: continue',
		'31:11+1 error: parallel is 3: a map of fields is wanted',
	]);
});

test('a file with nothing in it but a stray field names every field that is needed', async () => {
	const found = await findingsOf('description: x\n');
	assert.deepEqual(
		found.map(line => line.replace(/ \(.*| => .*/, '')),
		['1:1+11 error: name is missing', '1:1+11 error: batch is missing', '1:1+11 error: prompt is missing'],
	);
});

test('a missing field is shown at its parent, with a line to write', async () => {
	const found = await findingsOf(
		'name: j\nbackend:\n  type: command\nbatch:\n  total_items: 3\nprompt:\n  stakes: x\n',
	);
	assert.deepEqual(found, [
		'2:1+7 error: backend: command is missing (any program and its arguments, one word each, no shell) => command: [your-program, its-argument]',
		'4:1+5 error: batch: size is missing (how many items one batch holds) => size: 10',
		'6:1+6 error: prompt needs template or template_file, exactly one of them => template: "Work on items {{ start_item }} to {{ end_item }}."',
	]);
});

test('a mistyped field is not also reported as missing', async () => {
	const found = await findingsOf(
		'name: j\nbackend: {type: command, comand: [node]}\nbatch: {size: 1, total_item: 2}\nprompt: {templat: x}\n',
	);
	assert.deepEqual(found, [
		'2:26+6 error: comand is not a field of backend (command): did you mean command? => command',
		'3:18+10 error: total_item is not a field of batch: did you mean total_items? => total_items',
		'4:10+7 error: templat is not a field of prompt: did you mean template? => template',
	]);
});

test('a field in the wrong place is sent home', async () => {
	assert.deepEqual(await findingsOf(sound('max_retries: 3\nretry: {on_batch_failure: stop}\n')), [
		'5:1+11 error: max_retries is not a field of a job file: it belongs below retry',
		'6:9+16 error: on_batch_failure is not a field of retry: it belongs at the left edge, below no other field',
	]);
});

test('fields that are not built yet are refused by name', async () => {
	assert.ok(notBuilt.size > 0);
	for (const [name, reason] of notBuilt)
		assert.deepEqual(await findingsOf(sound(`${name}: {x: 1}\n`)), [
			`5:1+${name.length} error: ${name} is not built yet in this version of Mozart (${reason}): remove it`,
		]);
});

test('a backend without a type is Claude Code, with its own defaults and its own fields', async () => {
	for (const written of [
		'',
		'backend: {}\n',
		'backend: {type: claude_cli}\n',
		'backend: {model: opus, skip_permissions: false}\n',
	]) {
		const {job, findings} = await load(sound().replace(/^backend.*\n/m, written));
		assert.deepEqual(findings, []);
		const own = written.includes('model') ? {model: 'opus', skip_permissions: false} : {skip_permissions: true};
		assert.deepEqual(job?.backend, {type: 'claude_cli', output_format: 'stream-json', timeout_seconds: 1800, ...own});
	}
	const withFields = (fields: string) => findingsOf(sound().replace(/^backend.*$/m, `backend: {${fields}}`));
	assert.deepEqual(await withFields('command: [node]'), [
		'2:11+7 error: command is not a field of backend (without a type it is claude_cli): it belongs to type command => type: command',
	]);
	assert.deepEqual(await withFields('type: command, command: [node], skip_permissions: true'), [
		'2:43+16 error: skip_permissions is not a field of backend (command): it belongs to type claude_cli, codex_cli, gemini_cli or profile',
	]);
	assert.deepEqual(await withFields('skip_permision: true, output_format: stream_json'), [
		'2:11+14 error: skip_permision is not a field of backend (without a type it is claude_cli): did you mean skip_permissions? => skip_permissions',
		'2:48+11 error: backend.output_format is "stream_json": did you mean stream-json? (it is text, json or stream-json) => output_format: stream-json',
	]);
});

test('duplicate keys are an error at the second that names the line of the first', async () => {
	assert.deepEqual(await findingsOf(sound('name: k\n')), [
		'5:1+4 error: name stands here twice, first on line 1: keep one',
	]);
	assert.deepEqual(await findingsOf(sound('retry:\n  jitter: true\n  max_retries: 2\n  "jitter": false\n')), [
		'8:3+8 error: jitter stands here twice, first on line 6: keep one',
	]);
});

test('a dangerous key is refused', async () => {
	assert.deepEqual(await findingsOf(sound('__proto__: {x: 1}\n')), ['5:1+9 error: __proto__ cannot be a key']);
	const {job} = await load(sound().replace('{template: x}', '{template: x, variables: {constructor: a}}'));
	assert.equal(Object.hasOwn(job!.prompt.variables, 'constructor'), true);
});

test('faults of YAML syntax are said in words, with their place, and nothing is guessed from what is left', async () => {
	const cases: [string, RegExp][] = [
		['name: a: b\n', /^1:7\+1 error: a second key stands in this line.* => name: 'a: b'$/],
		['name:\n\tx: 1\n', /^2:1\+1 error: a tab indents this line/],
		['name: @x\n', /^1:7\+1 error: a value cannot begin with @ .* => name: '@x'$/],
		['name: {{ x }}\n', /^1:8\+1 error: a value that begins with a brace must stand in quotes/],
		["name: 'it's'\n", /^1:11\+2 error: a value ends before this/],
		['pattern: [a-z]+\n', /^1:15\+1 error: a value ends before this.* => pattern: '\[a-z\]\+'$/],
		['name: "x\n', /^1:9\+1 error: a quote is opened and never closed/],
		['name: "\\q"\n', /^1:8\+1 error: \\q means nothing in double quotes/],
		['name: x\nfoo\nbar: 1\n', /^2:1\+3 error: this line has no ": "/],
		['name: x\n---\nname: y\n', /^2:1\+3 error: a second document begins here/],
		['name: !foo x\n', /^1:7\+4 error: a ! begins a YAML tag/],
		['%YAML 1.1\n---\nname: x\n', /^1:1\+1 error: job files are YAML 1\.2/],
		['retry: [1, 2\nname: x\n', /the indentation does not fit|brackets must be closed/],
		['name: - x\n', /a list begins on the line below its key/],
	];
	for (const [text, wanted] of cases) {
		const found = await findingsOf(text);
		assert.match(found[0] ?? 'nothing', wanted, text);
		assert.ok(!found.some(line => line.includes('is missing:')), found.join('\n'));
	}
});

test('several faults of syntax are all told', async () => {
	const found = await findingsOf('name: @x\nbatch:\n  size: `1`\nprompt: "a\\q"\n');
	assert.deepEqual(
		found.map(line => line.split('+')[0]),
		['1:7', '3:9', '4:11'],
	);
});

test('a file that holds no map says what a job file is', async () => {
	for (const text of ['- a\n- b\n', 'hello\n', '5\n'])
		assert.match(
			(await findingsOf(text)).join('\n'),
			/^1:1\+\d+ error: the job file is .*: a map of fields is wanted$/,
		);
});

test('aliases are followed, and a fault in what they name is shown there', async () => {
	const {job} = await load(sound('validations:\n  - &rule {type: file_exists, path: x}\n  - *rule\n'));
	assert.deepEqual(job?.validations[1], {type: 'file_exists', path: 'x'});
	const found = await findingsOf(sound('validations:\n  - &rule {type: file_exists, pth: x}\n  - *rule\n'));
	assert.deepEqual(found, [
		'6:31+3 error: pth is not a field of validations.0 (file_exists): did you mean path? => path',
	]);
});

test('merge keys take over what is not written, the first of several first', async () => {
	const merged = await load(
		sound(
			'validations:\n  - &a {type: file_exists, path: a}\n  - {<<: *a, path: b}\n  - {<<: [{description: d}, *a, {path: z}]}\n',
		),
	);
	assert.deepEqual(merged.findings, []);
	assert.deepEqual(merged.job?.validations.slice(1), [
		{type: 'file_exists', path: 'b'},
		{type: 'file_exists', path: 'a', description: 'd'},
	]);
	assert.match(
		(await findingsOf(sound('retry: {<<: 3}\n'))).join(),
		/^5:9\+2 error: << takes over the fields of a map/,
	);
});

test('an alias without its anchor, or inside it, is an error with its place', async () => {
	assert.deepEqual(await findingsOf(sound('validations:\n  - {type: file_exists, path: *.md}\n')), [
		'6:31+4 error: *.md is YAML for "the value named &.md above", and there is none: text that begins with * needs quotes => "*.md"',
	]);
	assert.match(
		(await findingsOf(sound('retry: &r\n  jitter: &jitter true\n  max_retries: *jiter\n')))[0]!,
		/did you mean \*jitter\?/,
	);
	assert.deepEqual(await findingsOf(sound('retry: &r {jitter: *r}\n')), [
		'5:20+2 error: *r stands inside the very value that &r names',
	]);
});

test('bombs of aliases, merges and nesting end quickly in a finding', async () => {
	const levels = (line: (level: number) => string) =>
		Array.from({length: 30}, (_, level) => (level === 0 ? 'l0: &l0 {a: x, b: y}' : line(level))).join('\n');
	const aliases = levels(
		n =>
			`l${n}: &l${n} [${Array(10)
				.fill(`*l${n - 1}`)
				.join(', ')}]`,
	);
	const merges = levels(
		n =>
			`l${n}: &l${n} {<<: [${Array(10)
				.fill(`*l${n - 1}`)
				.join(', ')}], k${n}: *l${n - 1}}`,
	);
	const chain = Array.from({length: 1000}, (_, n) => (n === 0 ? 'l0: &l0 x' : `l${n}: &l${n} [*l${n - 1}]`)).join('\n');
	const wide = `a: &a [${'x,'.repeat(2000)}]\nb: [${'*a,'.repeat(10_000)}]`;
	for (const text of [aliases, merges, chain, wide, '['.repeat(20_000), '{a: '.repeat(10_000), '- '.repeat(10_000)]) {
		const started = performance.now();
		const found = await findingsOf(text);
		assert.match(found.join('\n'), /unfold to more than|nested/, found.join('\n').slice(0, 300));
		assert.ok(found.length <= 102);
		assert.ok(performance.now() - started < 20_000);
	}
});

test('a large file full of faults gives a bounded list', async () => {
	for (const line of ['name: x\n', 'k: @\n', '"x\n']) {
		const found = await findingsOf(line.repeat(5_000));
		assert.ok(found.length > 0 && found.length <= 102, `${found.length}`);
	}
	const keys = Array.from({length: 5_000}, (_, index) => `key${index}: 1\n`).join('');
	assert.ok((await findingsOf(keys)).length <= 102);
});

test('numbers and words that YAML takes for something else are told with the mend', async () => {
	const mends = async (extra: string) =>
		(await findingsOf(sound(extra))).map(line => line.split(': ').slice(1).join(': '));
	assert.deepEqual(await findingsOf(sound().replace('total_items: 2', 'total_items: 012')), [
		'3:31+3 warning: 012 is read as 12; older YAML reads it as octal (text needs quotes) => 12',
	]);
	assert.match(
		(await mends('retry: {max_retries: "+5"}'))[0]!,
		/in quotes and therefore text: a whole number is wanted => max_retries: 5$/,
	);
	assert.match((await mends('retry: {max_delay_seconds: 1_000}'))[0]!, /=> max_delay_seconds: 1000$/);
	assert.match((await mends('retry: {max_delay_seconds: 1.5h}'))[0]!, /=> max_delay_seconds: 5400$/);
	assert.match((await mends('retry: {completion_threshold_percent: 60%}'))[0]!, /=> completion_threshold_percent: 60$/);
	assert.match(
		(await mends('retry: {max_retries: many}'))[0]!,
		/retry.max_retries is "many": a whole number is wanted$/,
	);
	assert.match((await mends('retry: {jitter: Off}'))[0]!, /=> jitter: false$/);
	assert.match((await mends('retry: {jitter: "true"}'))[0]!, /in quotes and therefore text.* => jitter: true$/);
	assert.match((await mends('retry: {jitter: 1}'))[0]!, /retry.jitter is 1: true or false is wanted$/);
	assert.match((await mends('description: true'))[0]!, /=> description: "true"$/);
	assert.match((await mends('retry: {max_delay_seconds: .inf}'))[0]!, /^.inf is not a number that a job can use$/);
	assert.match((await mends('retry: {max_retries: 1e300}'))[0]!, /it must be 9007199254740991 or less$/);
});

test('optional texts may be left empty, other fields may not', async () => {
	const {job, findings} = await load(
		'name: j\ndescription:\nbackend: {type: command, command: [node], working_directory: }\nbatch: {size: 1, total_items: 1}\nprompt: {template: x, stakes: ~, template_file: null}\n',
	);
	assert.deepEqual(findings, []);
	assert.equal(job && 'description' in job, false);
	for (const field of ['workspace', 'retry', 'validations', 'pause_between_batches_seconds', 'parallel'])
		assert.deepEqual(await findingsOf(sound(`${field}:\n`)), [
			`5:1+${field.length} error: ${field} is empty: write a value or remove the line`,
		]);
	assert.deepEqual(await findingsOf(sound().replace('name: j', 'name:')), [
		'1:1+4 error: name is empty: write a value or remove the line',
	]);
	assert.deepEqual(await findingsOf(sound().replace('template: x', 'template: x, variables: {a: null}')), []);
});

test('items must come from exactly one place', async () => {
	const found = await findingsOf(sound().replace('total_items: 2', 'total_items: 2, items: {file: a, glob: b}'));
	assert.deepEqual(found, [
		'3:34+5 error: batch has both total_items and items: keep one',
		'3:51+4 error: batch.items has both file and glob: keep one',
	]);
});

test('a budget needs a limit, a positive one, and knows its fields', async () => {
	const said = async (budget: string) => findingsOf(sound(`budget: ${budget}\n`));
	assert.deepEqual(await said('{max_cost_usd: 5}'), []);
	assert.deepEqual(await said('{per: batch}'), [
		'5:1+6 error: budget needs max_cost_usd or max_tokens, or both => max_cost_usd: 5',
	]);
	assert.deepEqual(await said('{max_cost_usd: 0, warn_at_percent: 101}'), [
		'5:24+1 error: budget.max_cost_usd is 0: it must be more than 0',
		'5:44+3 error: budget.warn_at_percent is 101: it must be 100 or less',
	]);
	assert.deepEqual(await said('{max_tokens: 1.5}'), [
		'5:22+3 error: budget.max_tokens is 1.5: a whole number is wanted',
	]);
	assert.deepEqual(await said('{max_cost: 5}'), [
		'5:10+8 error: max_cost is not a field of budget: did you mean max_cost_usd? => max_cost_usd',
	]);
	assert.deepEqual(await said('{max_tokens: 5, per: run}'), ['5:30+3 error: budget.per is "run": it is job or batch']);
});
