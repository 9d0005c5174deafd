import assert from 'node:assert/strict';
import {test} from 'node:test';
import {found} from './found.js';

const variables = '{team: {lead: ada}, cfg: {name: x, list: [1, 2, 3]}, files: [a, b, c]}';

/** What is said of a template in place. */
const said = async (template: string, parts: Record<string, string> = {}) =>
	(await found({prompt: `{template: ${JSON.stringify(template)}, variables: ${variables}}`, ...parts})).said.map(line =>
		line.replace(/^4 /, ''),
	);

test('what fails when the template is rendered is told before, all of it, with what was probably meant', async () => {
	assert.deepEqual(await said('{{ team.laed }}'), [
		"«laed» error: team (a dict) has no entry 'laed'; did you mean “lead”? => lead",
	]);
	assert.deepEqual(await said("{{ cfg['nam'] }}"), [
		"«'nam'» error: cfg (a dict) has no entry 'nam'; did you mean “name”? => 'name'",
	]);
	assert.deepEqual(await said('{{ cfg.list[5] }}{{ job_name.lenght }}'), [
		'«[» error: cfg.list (a list) has no entry 5: its length is 3',
		'«lenght» error: job_name (a text) has no attribute “lenght”; there is a filter: | length',
	]);
	assert.deepEqual(await said("{{ 'a'.uppr() }}"), [
		'«uppr» error: a text has no attribute “uppr”; did you mean upper()? => upper',
	]);
	assert.deepEqual(await said("{{ 'a' + 1 }}").then(lines => lines.length), 1);
});

test('the last batch is tried as well, and one that does not exist is not', async () => {
	assert.deepEqual(await said('{{ files[batch_num] }}', {batch: '{size: 1, total_items: 2}'}), []);
	assert.deepEqual(await said('{{ files[batch_num] }}', {batch: '{size: 2, total_items: 5}'}), [
		'«[» error: in batch 3: files (a list) has no entry 3: its length is 3',
	]);
	assert.deepEqual(await said('{{ files[batch_num - 1] }}', {batch: '{size: 2, total_items: 5}'}), []);
	const start = await said('{{ files[9] }}', {batch: '{size: 2, total_items: 5, start_item: 9}'});
	assert.match(start.join(), /^3 «9» error: start_item is 9 and[^«]*$/);
});

test('what stands in a branch that is not taken is no error', async () => {
	assert.deepEqual(await said('{% if batch_num > 7 %}{{ team.laed }}{% endif %}'), []);
	assert.deepEqual(await said('{{ team.laed is defined }}{{ team.laed | default("-") }}'), []);
	assert.deepEqual(await said('{% if team %}{% set x = 1 %}{% endif %}{{ x }}'), [
		'«x» warning: “x” has a value only on some ways through the template: set it before the {% if %} as well',
	]);
	assert.deepEqual(await said('{% if not team %}{% set x = 1 %}{% endif %}{{ x }}'), [
		'«x» error: “x” has a value only on some ways through the template: set it before the {% if %} as well',
	]);
});

test('one thing that fails brings no others in its train', async () => {
	assert.deepEqual(
		(await said('{% set x = team.laed.name %}{{ x }}{% if x %}{{ cfg.no }}{% endif %}{{ files.x }}')).map(
			line => /«\S*»/.exec(line)?.[0],
		),
		['«laed»', '«x»'],
	);
});

test('of what hangs on items that nobody knows yet is only warned, and the rest stays an error', async () => {
	const batch = '{size: 2, items: {command: [node]}}';
	const tried = '(tried with made-up values: the real ones are known when the run starts)';
	assert.deepEqual(await said('{{ items[0] }}{{ items | join(" ") }}{{ total_batches }}{{ end_item }}', {batch}), []);
	assert.deepEqual(await said('{{ items[7] }}{{ team.laed }}', {batch}), [
		`«[» warning: items (a list) has no entry 7: its length is 2 ${tried}`,
		"«laed» error: team (a dict) has no entry 'laed'; did you mean “lead”? => lead",
	]);
	for (const template of [
		'{% if items[0] == "x" %}{% else %}{{ cfg.no }}{% endif %}',
		'{% set n = items | length %}{% if n == 2 %}{{ cfg.no }}{% endif %}',
		'{% for item in items %}{{ cfg.no }}{% endfor %}',
		'{% set n = namespace(x=0) %}{% for i in items %}{% set n.x = 1 %}{% endfor %}{% if n.x %}{{ cfg.no }}{% endif %}',
		'{% set l = [] %}{% set m = l %}{% do m.append(items[0]) %}{% if l %}{{ cfg.no }}{% endif %}',
		'{% macro m(a) %}{% if a %}{{ cfg.no }}{% endif %}{% endmacro %}{{ m(items) }}',
		'{% set t %}{{ items[0] }}{% endset %}{% if t %}{{ cfg.no }}{% endif %}',
		'{% if total_batches == 1 %}{{ cfg.no }}{% endif %}',
	])
		assert.deepEqual(
			(await said(template, {batch})).map(line => line.replace(/entry .*/, 'entry')),
			['«no» warning: cfg (a dict) has no entry'],
			template,
		);
});

test('what would fail only because something was left out is not said', async () => {
	const batch = '{size: 2, items: {command: [node]}}';
	for (const template of [
		'{% set l = [] %}{% set m = l %}{% do m.append(items[0]) %}{% if not l %}{{ cfg.no }}{% endif %}',
		'{% set t %}{{ items[0] }}{% endset %}{% if not t %}{{ cfg.no }}{% endif %}',
	])
		assert.deepEqual(await said(template, {batch}), [], template);
	const prompt = '{template_file: main.j2}';
	const files = {'main.j2': '{% extends items[0] %}{% block a %}{{ job_name.no }}{% endblock %}'};
	const child = await found({batch, prompt}, files);
	assert.match(child.said.join('\n'), /^1 «extends» warning: there is no file “item 1”[^\n]*$/);
});

test('items of a file are known', async () => {
	const parts = {batch: '{size: 2, items: {file: list.txt}}', prompt: '{template: "{{ items[1] }}"}'};
	assert.deepEqual((await found(parts, {'list.txt': 'a\nb\n'})).said, []);
	assert.deepEqual((await found(parts, {'list.txt': 'a\n\nb\nc\n'})).said, [
		'4 «[» error: in batch 2: items (a list) has no entry 1: its length is 1',
	]);
});

test('what another file does is told in that file', async () => {
	const prompt = '{template_file: main.j2, variables: {team: {lead: ada}}}';
	const files = (main: string, part: string) => ({'main.j2': main, 'part.j2': part});
	const list = await found({prompt}, files("{% include ['nope', 'part.j2'] %}", 'a\n{{ gone }}'));
	assert.match(list.said.join(), /^2 «gone» error: there is no variable “gone”/);
	assert.equal(list.findings[0]?.file, 'part.j2');
	const none = await found({prompt}, files("{% include ['nope', 'no'] %}", ''));
	assert.match(none.said.join(), /^1 «.» error: none of these files is in the template’s folder$/);
	assert.deepEqual((await found({prompt}, files("{% include ['nope', 'no'] ignore missing %}", ''))).said, []);
	const chosen = await found({prompt}, files("{% set x = 'part' %}{% include x ~ '.j2' %}", '{{ team.laed }}'));
	assert.deepEqual([chosen.findings[0]?.file, chosen.findings[0]?.column], ['part.j2', 9]);
	const itself = await found({prompt}, files("{% include 'part.j2' %}", "a\n{% include 'part.j2' %}"));
	assert.deepEqual(itself.said, ['2 «include» error: part.j2 calls itself without end']);
	const ends = "{% if n < 3 %}{% with n = n + 1 %}{% include 'part.j2' %}{% endwith %}{% endif %}";
	assert.deepEqual((await found({prompt}, files("{% set n = 1 %}{% include 'part.j2' %}", ends))).said, []);
});

test('a name, folder or batch that cannot be read is not taken for what stands in for it', async () => {
	const prompt = (text: string) => ({prompt: `{template: ${JSON.stringify(text)}}`});
	const lines = async (parts: Record<string, string>) => (await found(parts)).said.filter(line => line.startsWith('4'));
	assert.match((await lines({name: '5', ...prompt('{{ job_name[8] }}')})).join(), /^4 «\[» warning: job_name/);
	assert.match((await lines({name: 'four', oops: '1', ...prompt('{{ job_name[8] }}')})).join(), /^4 «\[» error/);
	assert.match((await lines({batch: '{size: x}', ...prompt('{{ 1 // (batch_num - 1) }}')})).join(), /^4 .* warning/);
});

test('a template that fails in every round, or without end, is looked at in bounded time', async () => {
	const start = performance.now();
	for (const template of [
		'{% for i in range(90000) %}{{ team.laed }}{{ items[i] }}{% endfor %}',
		'{% macro m() %}{{ m() }}{{ m() }}{% endmacro %}{{ m() }}{{ m() }}',
		'{% for i in range(2000) %}{% for j in range(2000) %}{% endfor %}{% endfor %}',
	])
		assert.equal((await said(template, {batch: '{size: 1, items: {command: [node]}}'})).length > 0, true, template);
	assert.ok(performance.now() - start < 20_000);
});
