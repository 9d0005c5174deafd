import assert from 'node:assert/strict';
import {mkdtempSync, readFileSync, rmSync, writeFileSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {describe, test} from 'node:test';
import {checkTemplate, compileTemplate, type TemplateOptions} from '../../source/prompts/template.js';

const known = new Set(['who', 'items', 'd', 'batch_num', 'total_batches', 'workspace']);

/** Findings as `error 1:4 message`. */
const found = (source: string, options?: TemplateOptions) =>
	checkTemplate(source, known, options).map(
		({severity, line, column, message}) => `${severity} ${line}:${column} ${message}`,
	);

const clean = (...sources: string[]) => {
	for (const source of sources) assert.deepEqual(found(source), [], source);
};

/** Exactly one finding, that matches. */
const one = (source: string, pattern: RegExp, options?: TemplateOptions) => {
	const list = found(source, options);
	assert.equal(list.length, 1, `${source}: ${list.join(' | ')}`);
	assert.match(list[0] ?? '', pattern);
};

describe('unknown variables', () => {
	test('are found wherever a name can stand', () => {
		for (const source of [
			'{{ nosuch }}',
			'{% if nosuch %}{% endif %}',
			'{% if who %}{% elif nosuch %}{% endif %}',
			'{% for x in nosuch %}{% endfor %}',
			'{% for x in items if nosuch %}{% endfor %}',
			'{{ who | default(nosuch) }}',
			'{{ items | join(d=nosuch) }}',
			'{{ nosuch | upper }}',
			'{{ who is sameas nosuch }}',
			'{{ nosuch is odd }}',
			'{{ items[nosuch] }}',
			'{{ items[nosuch:] }}',
			'{{ items[:1:nosuch] }}',
			'{{ nosuch.a.b }}',
			'{{ [1, {"a": nosuch}] }}',
			'{{ {nosuch: 1} }}',
			'{{ (1, nosuch) }}',
			'{{ 1 < 2 < nosuch }}',
			'{{ nosuch in items }}',
			'{{ who if nosuch else who }}',
			'{{ who if who else nosuch }}',
			'{{ who ~ nosuch }}',
			'{{ -nosuch }}',
			'{{ not nosuch }}',
			'{% set x = nosuch %}',
			'{% set x %}{{ nosuch }}{% endset %}',
			'{% set nosuch.x = 1 %}',
			'{% with a = nosuch %}{% endwith %}',
			'{% filter indent(nosuch) %}{% endfilter %}',
			'{% macro m(a=nosuch) %}{% endmacro %}',
			'{% macro m() %}{{ nosuch }}{% endmacro %}',
			'{% block b %}{{ nosuch }}{% endblock %}',
			'{% do items.append(nosuch) %}',
			'{{ dict(*nosuch) }}',
			'{{ dict(**nosuch) }}',
			'{% raw %}{{ a }}{% endraw %}{{ nosuch }}',
			'{{ nosuch.gone | default(1) }}',
		]) {
			one(source, /there is no variable “nosuch”/);
		}
		one('{{ nosuch() }}', /there is no function “nosuch”/);
	});

	test('are no findings where a missing value is asked for on purpose', () => {
		clean(
			'{{ nosuch is defined }}',
			'{{ nosuch is not defined }}{{ nosuch is undefined }}',
			'{{ nosuch | default("x") }}{{ nosuch | d }}',
			'{% if nosuch is defined %}{{ nosuch.a }}{% endif %}',
			'{% if nosuch is defined and nosuch > 1 %}{{ nosuch }}{% else %}-{% endif %}',
			'{% if nosuch is undefined %}-{% else %}{{ nosuch }}{% endif %}',
			'{% if not (nosuch is defined) or nosuch %}{% endif %}',
			'{{ nosuch if nosuch is defined else "-" }}',
			'{% if nosuch is not defined %}{% set nosuch = 1 %}{% endif %}{{ nosuch }}',
		);
		one('{% if nosuch is defined %}{{ nosuch }}{% endif %}{{ nosuch }}', /^error 1:53/);
		one('{% if nosuch is defined or who %}{{ nosuch }}{% endif %}', /nosuch/);
	});

	test('are told from names that the template itself makes', () => {
		clean(
			'{% set x = 1 %}{{ x }}',
			'{% set a, b = 1, 2 %}{{ a }}{{ b }}',
			'{% set x %}text{% endset %}{{ x }}',
			'{% for k, v in d.items() %}{{ k }}{{ v }}{{ loop.index }}{% endfor %}',
			'{% for (a, b), c in items %}{{ a }}{{ b }}{{ c }}{% endfor %}',
			'{% for x in items if x %}{{ x }}{% else %}{{ who }}{% endfor %}',
			'{% macro m(a, b=1) %}{{ a }}{{ b }}{{ varargs }}{{ kwargs }}{{ caller() }}{% endmacro %}{{ m(1) }}',
			'{% macro m() %}{{ later }}{% endmacro %}{% set later = 1 %}{{ m() }}',
			'{% macro m(n) %}{{ m(n - 1) }}{% endmacro %}',
			'{% macro m() %}{% endmacro %}{% call(u) m() %}{{ u }}{% endcall %}',
			'{% with a = who, b = 2 %}{{ a }}{{ b }}{% endwith %}',
			'{% set ns = namespace(n=0) %}{% set ns.n = 1 %}{{ ns.n }}',
			'{% block b %}{{ super() }}{{ who }}{% endblock %}',
			'{{ range(3) }}{{ dict(a=1) }}{{ cycler(1, 2) }}{{ joiner(",") }}',
			'{{ True }}{{ none }}{{ false }}',
		);
	});

	test('end with their loop, block or macro', () => {
		one('{% for x in items %}{% endfor %}{{ x }}', /“x”/);
		one('{% for x in items %}{% set y = 1 %}{% endfor %}{{ y }}', /“y”/);
		one('{% with y = 1 %}{% endwith %}{{ y }}', /“y”/);
		one('{{ loop.index }}', /“loop”/);
		one('{% macro m(a) %}{% endmacro %}{{ a }}', /“a”/);
		one('{{ x }}{% set x = 1 %}', /“x”/);
		one('{% set x %}{% set y = 1 %}{% endset %}{{ y }}', /“y”/);
	});

	test('set on one way only are a warning', () => {
		one('{% if who %}{% set x = 1 %}{% endif %}{{ x }}', /^warning 1:42 “x” has a value only on some ways/);
		one('{% if who %}{% set x = 1 %}{% elif d %}{% set x = 2 %}{% endif %}{{ x }}', /^warning/);
		clean('{% if who %}{% set x = 1 %}{% elif d %}{% set x = 2 %}{% else %}{% set x = 3 %}{% endif %}{{ x }}');
	});

	test('come with what was probably meant, as mend', () => {
		const [finding] = checkTemplate('{{ batch_nmu }}', known);
		assert.equal(finding?.mend, 'batch_num');
		assert.match(finding?.message ?? '', /did you mean “batch_num”/);
		assert.match(found('{{ zzz }}')[0] ?? '', /there are batch_num, d, items/);
		assert.match(found('{{ len(items) }}')[0] ?? '', /Jinja2 has {{ list \| length }}/);
	});

	test('are all told in one go, in the order of the text, but not without end', () => {
		assert.deepEqual(
			checkTemplate('{{ b1 }}\n{{ a1 }}{{ c1 }}', known).map(({line, column}) => [line, column]),
			[
				[1, 4],
				[2, 4],
				[2, 12],
			],
		);
		assert.equal(checkTemplate('{{ zzz }}'.repeat(5000), known).length, 200);
	});
});

describe('unknown filters, tests, methods and arguments', () => {
	test('are found, also by name inside map and select', () => {
		one('{{ who | uper }}', /there is no filter “uper”; did you mean “upper”/);
		one('{{ who is defned }}', /there is no test “is defned”; did you mean “defined”/);
		one('{{ items | map("uper") }}', /there is no filter “uper”/);
		one('{{ items | select("od") }}', /there is no test “is od”/);
		one('{{ items | selectattr("a", "equals", 1) }}', /there is no test “is equals”/);
		one('{{ who.uper() }}', /there is no method uper\(\); did you mean upper\(\)/);
		one('{{ d.name.striip() }}', /did you mean strip\(\)/);
		one('{% set f | shout %}x{% endset %}', /there is no filter “shout”/);
	});

	test('do not fit in number or name', () => {
		one('{{ who | truncate(1, 2, 3, 4, 5) }}', /truncate takes at most 4/);
		one('{{ who | upper(1) }}', /upper takes no arguments/);
		one('{{ who | replace("a") }}', /replace needs an argument: new/);
		one('{{ items | sort(reversed=true) }}', /sort has no argument “reversed”; it has reverse/);
		one('{{ who is divisibleby }}', /needs an argument: num/);
		clean('{{ who | truncate(*items) }}{{ items | map("replace", "a", "b") | list }}{{ d.get("a") }}');
	});
});

describe('files', () => {
	const withFiles = (files: Record<string, string>, run: (folder: string) => void) => {
		const folder = mkdtempSync(join(tmpdir(), 'templates-'));
		for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, name), text);
		try {
			run(folder);
		} finally {
			rmSync(folder, {recursive: true});
		}
	};

	test('that are named and missing are found; without a folder none can be named', () => {
		one('{% include "x" %}', /only a template in a file can name other files/);
		withFiles({}, folder => {
			one('{% include "x" %}', /there is no file “x”/, {folder});
			assert.deepEqual(found('{% include "x" ignore missing %}', {folder}), []);
			one('{% include "../x" %}', /without “\.\.”/, {folder});
		});
	});

	test('are checked themselves, with the names that they can see and their own name', () => {
		withFiles(
			{
				'part.j2': '{{ x }}{{ who }}\n{{ gone }}',
				'macros.j2': '{% macro hi(n) %}{{ n }}{{ who }}{% endmacro %}{% set v = 1 %}',
				'broken.j2': 'a\n{% if %}',
			},
			folder => {
				const [finding, ...rest] = checkTemplate('{% set x = 1 %}{% include "part.j2" %}', known, {folder});
				assert.deepEqual(rest, []);
				assert.deepEqual([finding?.file, finding?.line, finding?.column], ['part.j2', 2, 4]);
				one('{% import "macros.j2" as m with context %}{{ m.hi(1) }}{{ n }}', /“n”/, {folder});
				one('{% from "macros.j2" import hi %}{{ hi(1) }}', /there is no variable “who”/, {folder});
				one('{% from "macros.j2" import hii with context %}', /has nothing named “hii”; did you mean “hi”/, {folder});
				one('{% include "broken.j2" %}', /error 2:7/, {folder});
			},
		);
	});

	test('that are imported see nothing of the template, which is said with what to write', () => {
		const file = '{% macro hi(nam) %}{{ who }}{{ x }}{{ zzz }}{% endmacro %}';
		withFiles({'m.j2': file, 'i.j2': '{{ who }}'}, folder => {
			const instead = 'give it to the macro as an argument, or write “with context” at the end of the import';
			const only = 'in this file, only in the one that names it';
			const macros = [
				`error 1:23 there is no variable “who” ${only}: ${instead}`,
				`error 1:32 there is no variable “x” ${only}: ${instead}`,
				'error 1:39 there is no variable “zzz”; there are hi, nam',
			];
			assert.deepEqual(found('{% set x = 1 %}{% from "m.j2" import hi %}{{ hi(1) }}', {folder}), macros);
			assert.deepEqual(found('{% set x = 1 %}{% import "m.j2" as m %}{{ m.hi(1) }}', {folder}), macros);
			one('{% set x = 1 %}{% import "m.j2" as m with context %}', /“zzz”; there are .*who, workspace, x$/, {folder});
			one('{% include "i.j2" without context %}', /“who” in this file, .*: leave out “without context”$/, {folder});
			clean('{% set v = who %}{{ v }}');
		});
	});

	test('that include each other do not make the check run without end', () => {
		withFiles({'a.j2': '{% include "b.j2" %}', 'b.j2': '{% include "a.j2" %}{{ gone }}'}, folder => {
			one('{% include "a.j2" %}', /gone/, {folder});
		});
	});

	test('that are extended see the names of the child, and replaced blocks are not checked', () => {
		withFiles(
			{'base.j2': '{{ title }}{% block a %}{{ gone }}{% endblock %}{% block b %}{{ who }}{% endblock %}'},
			folder => {
				assert.deepEqual(found('{% extends "base.j2" %}{% set title = 1 %}{% block a %}x{% endblock %}', {folder}), []);
			},
		);
	});
});

test('a template that cannot be read gives the one error with its place', () => {
	one('a\n{{ b', /^error 2:1 {{ is never closed with }}/);
});

test('what renders has no errors, and an unknown variable that stops a rendering was found before', () => {
	const fixture = new URL('../fixtures/jinja-answers.json', import.meta.url);
	const {variables, cases} = JSON.parse(readFileSync(fixture, 'utf8')) as {
		variables: Record<string, unknown>;
		cases: {template: string; error?: string; message?: string}[];
	};
	const names = new Set(Object.keys(variables));
	for (const {template, error, message} of cases) {
		const errors = checkTemplate(template, names).filter(({severity}) => severity === 'error');
		const compiled = compileTemplate(template);
		const rendered = 'error' in compiled ? compiled : compiled.render(variables);
		if ('text' in rendered) assert.deepEqual(errors, [], template);
		if (error === 'UndefinedError' && / is undefined$/.test(message ?? '')) assert.notEqual(errors.length, 0, template);
		if (error === 'TemplateSyntaxError') assert.notEqual(errors.length, 0, template);
	}
});
