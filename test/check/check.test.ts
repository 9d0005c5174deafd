import assert from 'node:assert/strict';
import {join} from 'node:path';
import {test} from 'node:test';
import {checkJob} from '../../source/check/check.js';
import {checkProgram} from '../../source/check/program.js';
import {formatFinding} from '../../source/config/finding.js';
import {loadJob} from '../../source/config/load.js';
import {jobSchema} from '../../source/config/schema.js';
import {brief, inFolder} from '../config/job-file.js';
import {found, rules} from './found.js';

test('a sound job has nothing said about it', async () => {
	assert.deepEqual((await found({})).said, []);
});

test('checks go on beside faults of the schema, so that one run says all', async () => {
	const {said} = await found({
		nam: 'x',
		backend: '{type: command, command: [node, "{nope}"], oops: 1}',
		batch: '{size: 1, total_items: 2, start_item: 5, extra: 1}',
		retry: '{jitter: 3, base_delay_seconds: x, max_delay_seconds: 2}',
		validations: rules(
			'type: content_regex, path: "{batch_nun}", pattern: "(["',
			'type: file_exists',
			'type: content_regex, path: a, pattern: "*", more: 1',
		),
	});
	assert.deepEqual(
		said.map(line => line.replace(/» .*/, '»')),
		[
			'2 «{nope}»',
			'2 «oops»',
			'3 «5»',
			'3 «extra»',
			'6 «{batch_nun}»',
			'6 «[»',
			'7 «type»',
			'8 «*»',
			'8 «more»',
			'10 «nam»',
			'11 «3»',
			'11 «x»',
		],
	);
	for (const wanted of [
		/\{nope\} is not a placeholder/,
		/oops is not a field of backend/,
		/start_item is 5/,
		/extra is not a field of batch/,
		/nam is not a field/,
		/retry.jitter is 3/,
		/\{batch_nun\} is not a placeholder.*did you mean \{batch_num\}/,
		/path is missing/,
		/this \[ has no closing/,
		/more is not a field/,
	])
		assert.ok(
			said.some(line => wanted.test(line)),
			`${wanted}\n${said.join('\n')}`,
		);
	assert.ok(!said.some(line => /max_delay/.test(line)), 'a wait that stands in for a wrong one is not compared');
	assert.equal(said.filter(line => /regular expression is not valid/.test(line)).length, 2);
});

test('a start behind the last item is told', async () => {
	assert.deepEqual((await found({batch: '{size: 2, total_items: 5, start_item: 9}'})).said, [
		'3 «9» error: start_item is 9 and total_items is 5: that leaves no item to work on => start_item: 1',
	]);
	assert.deepEqual((await found({batch: '{size: 10, total_items: 5, start_item: 5}'})).said, []);
});

test('items are looked at where nothing has to run', async () => {
	const items = (source: string, files = {}) =>
		found({batch: `{size: 1, start_item: 3, items: {${source}}}`}, files).then(({said}) => said);
	assert.deepEqual(await items('file: nope.txt'), ['3 «nope.txt» error: the items file nope.txt does not exist']);
	assert.deepEqual(await items('file: list.txt', {'list.txt': '\n \n'}), [
		'3 «list.txt» error: the items file list.txt is empty: one item a line is wanted',
	]);
	assert.match(
		(await items('file: list.txt', {'list.txt': 'a\n\nb\n'})).join(),
		/start_item is 3 and list.txt has 2 items/,
	);
	assert.deepEqual(await items('file: list.txt', {'list.txt': 'a\nb\nc'}), []);
	assert.match((await items('glob: "src/*.md"')).join(), /^3 «"src\/\*.md"» warning: no file matches src\/\*\.md/);
	assert.deepEqual(await items('glob: "src/*.md"', {'src/a.md': ''}), []);
	assert.deepEqual(await items('command: [no-such-program-at-all]'), []);
});

test('files and folders a job names must be there', async () => {
	const {said} = await found(
		{
			workspace: 'a-file',
			backend: '{type: command, command: [node], working_directory: nowhere}',
			prompt: '{template_file: nope.md}',
		},
		{'a-file': ''},
	);
	assert.deepEqual(said, [
		'2 «nowhere» error: the working directory nowhere does not exist',
		'4 «nope.md» error: the template file nope.md does not exist',
		'6 «a-file» error: the workspace a-file is a file, and must be a folder',
	]);
	const folder = await found({prompt: '{template_file: prompts}'}, {'prompts/': ''});
	assert.deepEqual(folder.said, ['4 «prompts» error: the template file prompts is a folder: name a file in it']);
	const file = await found({backend: '{type: command, command: [node], working_directory: x}'}, {x: ''});
	assert.deepEqual(file.said, ['2 «x» error: the working directory x is not a folder']);
});

test('a program that cannot be found is a warning', async () => {
	const {said} = await found({backend: '{type: command, command: [./nope.sh]}'});
	assert.deepEqual(said, [
		'2 «./nope.sh» warning: ./nope.sh is no program that can be run (looked at <folder>/nope.sh)',
	]);
	const job = jobSchema.parse({
		name: 'j',
		backend: {type: 'command', command: ['no-such-program']},
		batch: {size: 1, total_items: 1},
		prompt: {template: 'x'},
	});
	await inFolder(async folder => {
		const loaded = await loadJob(join(folder, 'nope'));
		const subject = {
			...loaded,
			job,
			sound: new Set(['backend'] as const),
			rules: [],
			allRules: true,
			folder,
			shownFolder: '.',
		};
		const [finding] = await checkProgram(subject, {env: {PATH: folder}});
		assert.equal(finding?.message, 'no-such-program is not found in any folder of PATH');
		const claude = {...subject, job: jobSchema.parse({...job, backend: {type: 'claude_cli'}})};
		const asRoot = {env: {PATH: folder}, getuid: () => 0};
		const said = (await checkProgram(claude, asRoot)).map(({message}) => message);
		assert.match(
			said[0] ?? '',
			/^claude is not found.*npm install -g @anthropic-ai\/claude-code\), run claude once to log in$/,
		);
		assert.match(said[1] ?? '', /^you are root: .*IS_SANDBOX=1/);
		assert.equal((await checkProgram(claude, {...asRoot, env: {IS_SANDBOX: '1'}})).length, 1);
		assert.equal((await checkProgram(claude, {...asRoot, getuid: () => 1000})).length, 1);
	});
});

test('a placeholder without a value is shown in its place, with the nearest name and how to write braces', async () => {
	const {findings, source} = await found({
		prompt: '{template: x, variables: {lang: en, list: [1]}}',
		backend: '{type: command, command: [node, "-o{lnag}", "{prompt_file}"]}',
		validations: rules(
			'type: file_exists, path: "r-{batchnum}.md"',
			'type: content_contains, path: "{lang}", pattern: "a {zzz}"',
			'type: command_succeeds, command: "cat {prompt_file}"',
			"type: command_succeeds, command: [echo, '{start_item}-{end_items}', '{{literal}}', '{3}']",
			'type: file_exists, path: "{items}{list}"',
		),
	});
	const texts = findings.map(finding => {
		const line = source.split('\n')[finding.line - 1]!;
		return `${line.slice(finding.column - 1, finding.column - 1 + finding.length)} => ${finding.mend}`;
	});
	assert.deepEqual(texts, [
		'{lnag} => {lang}',
		'{batchnum} => {batch_num}',
		'{zzz} => {{zzz}}',
		'{prompt_file} => undefined',
		'{end_items} => {end_item}',
		'{items} => undefined',
		'{list} => undefined',
	]);
	assert.match(
		findings[0]!.message,
		/did you mean \{lang\}\? \(braces that stand for themselves are written \{\{lnag\}\}\)/,
	);
	assert.match(
		findings[2]!.message,
		/known are \{lang\}, .* and \{end_item\}; braces that stand for themselves are written twice/,
	);
});

test('a placeholder is found in a block of text too', async () => {
	const {said} = await found({
		validations: '\n  - type: command_succeeds\n    command: |\n      echo a\n\n        echo {nope}\n',
	});
	assert.match(said[0]!, /^10 «\{nope\}» error: \{nope\}/);
});

test('template writing, formats and lone double braces are warned of', async () => {
	const {said} = await found({
		validations: rules(
			'type: file_exists, path: "r-{{ batch_num }}.md"',
			'type: file_exists, path: "r-{batch_num:03d}.md"',
			'type: content_contains, path: "{batch_num}", pattern: \'{"a": {"b": 1}}\'',
			'type: content_contains, path: "{batch_num}", pattern: \'{{"a": {{"b": 1}}}}\'',
			"type: content_regex, path: '{batch_num}', pattern: 'a{2}b{2,3}'",
		),
	});
	assert.deepEqual(said, [
		'6 «{{ batch_num }}» warning: {{ batch_num }} is how a template says it; here doubled braces stand for themselves, and the placeholder is {batch_num} => {batch_num}',
		'7 «{batch_num:03d}» warning: {batch_num:03d} is left as it is: a placeholder is a name and nothing else => {batch_num}',
		'8 «}}» warning: }} is read as one brace here, and leaves the braces uneven: write four for two',
	]);
});

test('what is nearly a placeholder is warned of, with the one that was meant', async () => {
	const {said} = await found({
		validations: rules(
			'type: file_exists, path: "r-{ batch_num }.md"',
			'type: file_exists, path: "r-{batch-num}.md"',
			'type: file_exists, path: "r-{batch_num"',
			'type: file_exists, path: "r-{batch_num.md"',
			'type: file_exists, path: "r-{0}.md"',
			'type: file_exists, path: "r-{ batchnum}-{end-itm}.md"',
			'type: command_succeeds, command: [cat, "r-{start_item }"]',
			'type: command_succeeds, command: "cat r-{start-item}"',
		),
	});
	const is = 'is left as it is:';
	const name = '(a placeholder is a name between braces and nothing else)';
	assert.deepEqual(said, [
		`6 «{ batch_num }» warning: { batch_num } ${is} did you mean {batch_num}? ${name} => {batch_num}`,
		`7 «{batch-num}» warning: {batch-num} ${is} did you mean {batch_num}? ${name} => {batch_num}`,
		`8 «{batch_num» warning: {batch_num ${is} its closing brace is missing => {batch_num}`,
		`9 «{batch_num» warning: {batch_num ${is} its closing brace is missing => {batch_num}`,
		`10 «{0}» warning: {0} ${is} a placeholder is a name, such as {batch_num}`,
		`11 «{ batchnum}» warning: { batchnum} ${is} did you mean {batch_num}? ${name} => {batch_num}`,
		`11 «{end-itm}» warning: {end-itm} ${is} did you mean {end_item}? ${name} => {end_item}`,
		`12 «{start_item }» warning: {start_item } ${is} did you mean {start_item}? ${name} => {start_item}`,
		`13 «{start-item}» warning: {start-item} ${is} did you mean {start_item}? ${name} => {start_item}`,
	]);
});

test('braces that mean something else in a command, a text or a regular expression are left alone', async () => {
	const {said} = await found({
		validations: rules(
			"type: command_succeeds, command: 'for i in {1..3}; do echo ${batch-num} {} {0} {a,b}; done; { test -s {batch_num}; }'",
			"type: command_succeeds, command: [awk, '{ print $1 }', '{2}', '{x-y}']",
			'type: content_contains, path: a, pattern: \'{ "a": 1 } { yes } {not-one}\'',
			"type: content_regex, path: b, pattern: '[{]batch_num a{ batch_num }'",
		),
	});
	assert.deepEqual(said, []);
});

test('regular expressions are read as Python does, and a fault is shown in its place', async () => {
	const {said} = await found({
		prompt: '{template: x, variables: {word: "a+b"}}',
		validations: rules(
			"type: content_regex, path: a, pattern: '(?P<n>\\d+) (?i:x)?'",
			"type: content_regex, path: b, pattern: '{word}{batch_num}(['",
			"type: content_regex, path: c, pattern: '\\p{Lu}+'",
			"type: content_regex, path: d, pattern: '\\\\{Q}'",
			"type: content_regex, path: e, pattern: '^(a+)+$'",
		),
	});
	const brace = said.filter(line => !line.startsWith('6 '));
	assert.equal(brace.length, 4, said.join('\n'));
	assert.match(brace[0]!, /^7 «\[» error: the regular expression is not valid: this \[ has no closing/);
	assert.match(brace[1]!, /^8 «\\» error: the regular expression is not valid: \\p means nothing here/);
	assert.match(brace[2]!, /^9 «\{Q\}» error: \{Q\} is not a placeholder/);
	assert.match(brace[3]!, /^10 «'\^\(a\+\)\+\$'» warning: this regular expression can take forever/);
	const doubled = await found({validations: rules("type: content_regex, path: a, pattern: '(\\w{{1,}})+$'")});
	assert.match(doubled.said.join(), /^6 .* warning: this regular expression can take forever: "\(\\w\{1,\}\)\+"/);
});

test('a path that climbs out of the workspace is an error where that can be known', async () => {
	const {said} = await found({
		prompt: '{template: x, variables: {up: ..}}',
		validations: rules(
			'type: file_exists, path: ../a',
			'type: file_exists, path: "{up}/b"',
			'type: file_exists, path: "x/../{batch_num}"',
			'type: file_exists, path: "{nope}/../a"',
			'type: file_exists, path: /etc/hosts',
			'type: file_exists, path: "{workspace}/../c"',
		),
	});
	assert.deepEqual(
		said.filter(line => !line.startsWith('9 ')).map(line => line.replace(/the path .* leaves/, 'the path leaves')),
		['6 «../a»', '7 «"{up}/b"»', '11 «"{workspace}/../c"»'].map(
			place => `${place} error: the path leaves the workspace by ..; name a file in the workspace`,
		),
	);
});

test('items are unknown before the run, so where their paths lead is not guessed', async () => {
	const batch = '{size: 1, items: {file: list.txt}}';
	const validations = rules('type: file_exists, path: "{items}/../../a"');
	assert.deepEqual((await found({batch, validations}, {'list.txt': 'a'})).said, []);
});

test('nothing is said of a backend whose type is wrong, but that', async () => {
	const {said} = await found({backend: '{type: claude-cli, working_directory: nowhere}'});
	assert.equal(said.length, 1);
	assert.match(said[0]!, /did you mean claude_cli/);
});

test('nothing is said of a backend whose type is mistyped or forgotten, but that', async () => {
	for (const backend of [
		'{typ: command, command: [no-such-program], working_directory: nowhere}',
		'{Type: command, command: [no-such-program], working_directory: nowhere}',
		'{command: [no-such-program], working_directory: nowhere}',
		'{type: command, command: [node], fallbacks: [{typ: command, command: [x], working_directory: nowhere}]}',
	]) {
		const {said} = await found({backend});
		assert.ok(said.length > 0);
		for (const line of said) assert.match(line, /error: .* is not a field of backend/);
	}
	const {said} = await found({backend: '{model: m, working_directory: nowhere}'});
	assert.match(said.join('\n'), /the working directory nowhere does not exist/);
});

test('patterns for limits are checked like those of rules', async () => {
	const {said} = await found({rate_limit: '{detection_patterns: ["rate.?limit", "([", "(x+)+$"]}'});
	assert.match(said[0]!, /^6 «\[» error: the regular expression is not valid/);
	assert.match(said[1]!, /^6 «"\(x\+\)\+\$"» warning: this regular expression can take forever/);
});

test('no rules, double rules and one watched file for several batches are warned of', async () => {
	assert.deepEqual((await found({validations: ''})).said, [
		'1 «name» warning: there are no validations, so a batch is done when its program exits with 0, whatever it has written: add a rule, such as {type: file_exists, path: report-{batch_num}.md}',
	]);
	assert.deepEqual((await found({validations: '[]'})).said, [
		'5 «validations» warning: there are no validations, so a batch is done when its program exits with 0, whatever it has written: add a rule, such as {type: file_exists, path: report-{batch_num}.md}',
	]);
	const parts = {
		validations: rules(
			'type: file_modified, path: log.md',
			'path: log.md, type: file_modified, description: again',
			'type: file_modified, path: "log-{batch_num}.md"',
			'type: file_exists, path: log.md',
		),
	};
	assert.deepEqual((await found(parts)).said, [
		'7 «file_modified» warning: this rule says the same as validations.0 on line 6',
	]);
	const {said} = await found({...parts, parallel: '{max_concurrent: 3}', batch: '{size: 1, total_items: 5}'});
	assert.deepEqual(
		said.map(line => line.split(': ')[0]),
		['6 «log.md» warning', '7 «log.md» warning', '7 «file_modified» warning'],
	);
	assert.match(said[0]!, /3 batches can be live at once.*\{batch_num\}/);
	const of = async (batch: string) =>
		(await found({...parts, parallel: '{max_concurrent: 3}', batch}, {'list.txt': 'a\nb\nc'})).said.flatMap(
			line => /\d batches can be live/.exec(line)?.[0] ?? [],
		);
	assert.deepEqual(await of('{size: 1, total_items: 1}'), []);
	assert.deepEqual(await of('{size: 2, items: {file: list.txt}}'), Array(2).fill('2 batches can be live'));
	assert.deepEqual(await of('{size: 2, items: {command: [node]}}'), Array(2).fill('3 batches can be live'));
});

test('a first wait longer than the longest is warned of', async () => {
	assert.match(
		(await found({retry: '{base_delay_seconds: 50, max_delay_seconds: 20}'})).said.join(),
		/^6 «50» warning: .*every wait lasts 20 s$/,
	);
	assert.match((await found({retry: '{max_delay_seconds: 5}'})).said.join(), /^6 «5» warning/);
});

test('a template in the file is checked where it stands, one in its own file there', async () => {
	const text = 'Batch {{ batch_num }}\n\n  of {{ nosuchname }}\n';
	const inside = await found({prompt: `\n  template: |\n    ${text.replaceAll('\n', '\n    ').trimEnd()}\n`});
	assert.equal(inside.findings.length, 1, inside.said.join('\n'));
	assert.match(inside.said[0]!, /^8 «nosuchname» error: .*nosuchname/);
	const outside = await found({prompt: '{template_file: prompts/a.md}'}, {'prompts/a.md': text});
	assert.equal(outside.findings.length, 1);
	const [finding] = outside.findings;
	assert.equal(finding?.file, 'prompts/a.md');
	assert.equal(brief(finding!).split(' ')[0], '3:9+10');
	assert.ok(formatFinding(finding!, outside.source).includes('3 |   of {{ nosuchname }}\n  |         ^~~~~~~~~~'));
});

test('a fault in a file that the template includes is shown in that file', async () => {
	const files = {'prompts/a.md': '{% include "b.md" %}', 'prompts/b.md': '\n{{ nosuchname }}\n'};
	const {findings, said} = await found({prompt: '{template_file: prompts/a.md}'}, files);
	assert.equal(findings[0]?.file, 'prompts/b.md', said.join('\n'));
	assert.match(said[0]!, /^2 «nosuchname» error/);
});

test('a variable that a name of Mozart’s own hides is warned of', async () => {
	const {said} = await found({prompt: '{template: x, variables: {batch_num: 3, mine: 4}}'});
	assert.match(said.join(), /^4 «batch_num» warning: the variable batch_num is never seen/);
});

test('texts full of faults give a bounded list, and soon', async () => {
	const templates = ['|\n    ', '>\n    ', '"'].map(
		open => `\n  template: ${open}${'{{ zz }} a '.repeat(3000)}${open === '"' ? '"' : ''}`,
	);
	for (const prompt of templates) assert.ok((await found({prompt})).findings.length <= 101);
	for (const text of ['{x}', '{{ batch_num }}', '{batch_num:3}', '}}', `{${'a'.repeat(100)}}`]) {
		const validations = rules(`type: command_succeeds, command: "${text.repeat(3000)}"`);
		assert.ok((await found({validations})).findings.length <= 21, text);
	}
});

test('a file that is no job gets only what reading it said', async () => {
	await inFolder(async folder => {
		const loaded = await loadJob(join(folder, 'nope'));
		assert.deepEqual(await checkJob(loaded), loaded.findings);
	});
});

test('a budget of figures that the backend does not tell has no effect, and that is said', async () => {
	const command = await found({budget: '{max_cost_usd: 5, max_tokens: 100}'});
	const instead = 'what bounds this job is its batches, retry.max_retries and backend.timeout_seconds';
	assert.deepEqual(command.said, [
		`6 «5» warning: this backend (command) tells no costs: max_cost_usd has no effect; ${instead}`,
		`6 «100» warning: this backend (command) tells no tokens: max_tokens has no effect; ${instead}`,
	]);
	const told = async (backend: string, budget: string) =>
		(await found({backend, budget})).said.filter(text => /budget|effect/.test(text));
	assert.deepEqual(await told('{output_format: json}', '{max_cost_usd: 5}'), []);
	assert.deepEqual(await told('{output_format: text}', '{max_tokens: 5}'), [
		'6 «5» warning: this backend (claude_cli) tells no tokens: max_tokens has no effect; use output_format stream-json or json',
	]);
	assert.deepEqual(await told('{output_format: json, fallbacks: [codex_cli]}', '{max_cost_usd: 5, max_tokens: 5}'), [
		'6 «5» warning: the fallback (codex_cli) tells no costs: max_cost_usd has no effect; set max_tokens, which it tells',
	]);
});

test('a budget for each batch without any further attempts is a warning', async () => {
	const {said} = await found({
		backend: '{type: claude_cli}',
		budget: '{max_cost_usd: 5, per: batch}',
		retry: '{max_retries: 0, max_completion_attempts: 0}',
	});
	assert.deepEqual(
		said.filter(text => text.includes('budget')),
		[
			'6 «batch» warning: a budget for each batch is looked at before its further attempts, and there are none: max_retries and max_completion_attempts are both 0',
		],
	);
});
