import assert from 'node:assert/strict';
import {mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {describe, test} from 'node:test';
import fc from 'fast-check';
import {checkTemplate, compileTemplate, type Rendered, type TemplateOptions} from '../../source/prompts/template.js';

function render(source: string, variables: Record<string, unknown> = {}, options: TemplateOptions = {}): Rendered {
	const template = compileTemplate(source, options);
	return 'error' in template ? template : template.render(variables);
}

const refused = (source: string, pattern = /./, variables?: Record<string, unknown>, options?: TemplateOptions) => {
	const rendered = render(source, variables, options);
	assert.ok('error' in rendered, `${source.slice(0, 200)} rendered`);
	assert.match(rendered.error.message, pattern);
};

declare global {
	var escaped: unknown;
}

const variables = {
	who: 'Ada',
	list: [1, 'x', [2]],
	d: {a: 1, nested: {b: null}},
	n: 3,
	host: {run: () => (globalThis.escaped = true)},
	call: () => (globalThis.escaped = true),
	pattern: /x/,
	map: new Map([['k', 1]]),
};

describe('a template cannot reach the host', () => {
	const names = [
		'constructor',
		'__proto__',
		'prototype',
		'caller',
		'arguments',
		'callee',
		'__defineGetter__',
		'apply',
		'call',
		'bind',
		'toString',
		'valueOf',
		'hasOwnProperty',
	];
	const starts = [
		'range',
		'dict',
		'namespace',
		'cycler("a")',
		'joiner()',
		'who',
		'list',
		'd',
		'n',
		'""',
		'[]',
		'{}',
		'()',
		'1',
		'1.5',
		'none',
		'true',
		'loop',
		'm',
		'list.append',
		'd.items',
		'who.upper',
		'namespace(a=1)',
		'range(3)',
		'd.items()',
		'"a".format',
		'loop.cycle',
	];

	test('by names that JavaScript objects have', () => {
		for (const start of starts) {
			for (const name of names) {
				for (const access of [`(${start}).${name}`, `(${start})["${name}"]`, `(${start}) | attr("${name}")`]) {
					const source = `{% macro m() %}{% endmacro %}{% for i in [1] %}{{ ${access} }}{% endfor %}`;
					refused(source, /./, variables);
				}
			}
		}
		for (const name of names) refused(`{{ [d] | map(attribute="${name}") | list }}`, /no entry/, variables);
		for (const name of names) refused(`{{ "{0.${name}}".format(who) }}`, /no attribute/, variables);
	});

	test('by the known ways to run code', () => {
		for (const source of [
			'{{ range.constructor("globalThis.escaped = 1")() }}',
			'{{ joiner.constructor.constructor("globalThis.escaped = 1")() }}',
			'{{ "".constructor.constructor("globalThis.escaped = 1")() }}',
			'{{ [].constructor.from([1], range.constructor) }}',
			'{{ list.map(range.constructor) }}',
			'{{ "x".replace("x", range.constructor) }}',
			'{{ (list | map("constructor")) }}',
			'{{ d.__proto__.polluted }}',
			'{% set ns = namespace() %}{% set ns.__proto__ = d %}{{ ns.a }}',
			'{{ process }}',
			'{{ globalThis }}',
			'{{ require("fs") }}',
			'{{ this }}',
			'{{ self }}',
			'{{ env }}',
			'{{ context }}',
			'{{ runtime }}',
			'{{ cb }}',
			'{{ frame.parent }}',
			'{{ host.run() }}',
			'{{ call() }}',
			'{{ x["\\"+globalThis.escaped+\\""](1) }}',
			'{{ a";globalThis.escaped=1;" }}',
			'{{ a`${globalThis.escaped=1}` }}',
			'{% set a";b = 1 %}',
			'{% block a(){globalThis.escaped=1} %}{% endblock %}',
			'{% for x;globalThis.escaped=1 in list %}{% endfor %}',
			'{% macro m(a=globalThis) %}{{ a }}{% endmacro %}{{ m() }}',
			'{% macro m() %}{{ arguments }}{% endmacro %}{{ m() }}',
			'{{ "%(constructor)s" % d }}',
			'{{ "{constructor}".format(a=1) }}',
			'{{ dict(__proto__=d).a }}',
		]) {
			refused(source, /./, variables);
		}
		assert.equal(globalThis.escaped, undefined);
		assert.equal(({} as Record<string, unknown>).a, undefined);
	});

	test('but keeps data with such names apart from everything else', () => {
		const rendered = render(
			'{% set d = dict() %}{% do d.update({"__proto__": {"p": 1}}) %}{{ d }}{{ d.p is defined }}',
		);
		assert.deepEqual(rendered, {text: "{'__proto__': {'p': 1}}False"});
		assert.equal(({} as Record<string, unknown>).p, undefined);
	});

	test('in the files around it', () => {
		const outside = mkdtempSync(join(tmpdir(), 'templates-'));
		const folder = join(outside, 'inner');
		try {
			mkdirSync(join(folder, 'sub'), {recursive: true});
			writeFileSync(join(outside, 'secret'), 'secret');
			writeFileSync(join(folder, 'sub', 'fine'), 'fine');
			symlinkSync(join(outside, 'secret'), join(folder, 'link'));
			symlinkSync(outside, join(folder, 'up'));
			symlinkSync(join(folder, 'sub'), join(folder, 'within'));
			writeFileSync(join(folder, 'bytes'), Buffer.from([0xff, 0xfe, 0x41]));
			writeFileSync(join(folder, 'big'), 'x'.repeat(1_000_001));
			const ways: [string, RegExp][] = [
				['../secret', /without “\.\.”/],
				['sub/../../secret', /without “\.\.”/],
				['sub/../sub/fine', /without “\.\.”/],
				[join(outside, 'secret'), /own folder/],
				['..\\secret', /own folder/],
				['link', /leads out/],
				['up/secret', /leads out/],
				['up', /leads out/],
				['sub', /there is no file/],
				['.', /leads out|there is no file/],
				['', /leads out|there is no file/],
				['a\0b', /own folder/],
				['bytes', /not UTF-8/],
				['big', /too big/],
			];
			for (const [name, pattern] of ways) {
				for (const tag of ['include f', 'import f as x', 'from f import x', 'extends f']) {
					refused(`{% ${tag} %}`, pattern, {f: name}, {folder});
				}
			}
			assert.deepEqual(render('{% include "sub/fine" %}{% include "within/fine" %}', {}, {folder}), {text: 'finefine'});
			refused('{% include "sub/fine" %}', /only a template in a file/);
		} finally {
			rmSync(outside, {recursive: true});
		}
	});
});

describe('a template always ends, with little memory', () => {
	const text = "{% set s = 'x' * 4000000 %}";
	const list = '{% set l = range(100000) | list %}';
	const bombs: [string, RegExp][] = [
		['{% for i in range(100000) %}{% for j in range(100000) %}{% endfor %}{% endfor %}', /too much/],
		['{{ range(1000000000) }}', /range\(\) is too long/],
		["{{ 'x' * 1000000000 }}", /too long/],
		["{{ ['x'] * 1000000000 }}", /too long/],
		["{% set n = namespace(s='x') %}{% for i in range(99) %}{% set n.s = n.s ~ n.s %}{% endfor %}", /too long/],
		['{% set l = [1] %}{% for i in range(99) %}{% do l.extend(l) %}{% endfor %}', /too long/],
		["{{ 'x' | center(1000000000) }}", /too long/],
		["{{ 'x'.zfill(1000000000) }}", /too long/],
		["{{ 'x' | indent(1000000000, true) }}", /too long/],
		["{{ '%1000000000d' % 1 }}", /too long/],
		["{{ '%.1000000000f' % 1 }}", /too long/],
		["{{ '{:1000000000}'.format(1) }}", /too long/],
		["{{ '{:{}}'.format(1, 1000000000) }}", /too long/],
		['{{ 10 ** 1000000000 }}', /too big/],
		['{{ 9 ** (9 ** 9) }}', /too big/],
		["{{ [1] | batch(1000000000, 'x') }}", /too long/],
		['{{ [1] | slice(1000000000) }}', /too long/],
		['{{ [[]] | tojson(1000000000) }}', /too long/],
		[`${text}{{ s.replace('', s) }}`, /too long/],
		[`${text}{{ s | map('upper') | list }}`, /too long/],
		[`${text}{{ [s] * 1000 }}`, /too much/],
		[`${text}{{ ([s] * 1000) | join }}`, /too long/],
		[`${text}{% for i in range(100000) %}{{ 'y' in s }}{% endfor %}`, /too much/],
		[`${text}{% for i in range(100000) %}{{ s == 'x' * 4000000 }}{% endfor %}`, /too much/],
		[`${text}{% for i in range(100000) %}{{ s[i] }}{% endfor %}`, /too much/],
		[`${list}{% for i in range(100000) %}{{ -1 in l }}{% endfor %}`, /too much/],
		[`${list}{% for i in range(100000) %}{% set x = l[1:] %}{% endfor %}`, /too much/],
		[`${list}{% for i in range(100000) %}{% set x = l | sort %}{% endfor %}`, /too much/],
		[`${list}{% for i in range(100000) %}{% do l.pop(0) %}{% endfor %}`, /too much/],
		['{% macro m() %}{{ m() }}{% endmacro %}{{ m() }}', /calls itself without end/],
		['{% macro m(n) %}{% if n %}{{ m(n - 1) }}{{ m(n - 1) }}{% endif %}{% endmacro %}{{ m(60) }}', /too much/],
		['{% block a %}{{ self_call() }}{% endblock %}', /self_call/],
		[`{{ ${'('.repeat(100000)}1${')'.repeat(100000)} }}`, /nested too deeply/],
		[`{{ ${'-'.repeat(100000)}1 }}`, /nested too deeply/],
		[`{{ 1${' + 1'.repeat(100000)} }}`, /nested too deeply/],
		['{% if 1 %}'.repeat(100000), /nested too deeply|never closed/],
		[' '.repeat(1_000_001), /too big/],
		["{{ ('%(' * 1000000) % {} }}", /not known in a format/],
	];

	for (const [source, pattern] of bombs) {
		test(source.length > 90 ? `${source.slice(0, 90)}…` : source, () => refused(source, pattern));
	}

	test('lists that hold themselves print as in Python', () => {
		const source = '{% set l = [1] %}{% do l.append(l) %}{{ l }}{% set d = {} %}{% do d.update({"d": d}) %}{{ d }}';
		assert.deepEqual(render(source), {text: "[1, [...]]{'d': {...}}"});
	});

	test('a list that grows while it is looped over ends with its first length', () => {
		assert.deepEqual(render('{% set l = [1, 2] %}{% for i in l %}{% do l.append(i) %}{% endfor %}{{ l }}'), {
			text: '[1, 2, 1, 2]',
		});
	});

	test('a file that includes itself ends', () => {
		const folder = mkdtempSync(join(tmpdir(), 'templates-'));
		writeFileSync(join(folder, 'a'), '{% include "b" %}{% include "b" %}');
		writeFileSync(join(folder, 'b'), '{% include "a" %}');
		writeFileSync(join(folder, 'e'), '{% extends "e" %}');
		try {
			refused('{% include "a" %}', /without end/, {}, {folder});
			refused('{% extends "e" %}', /without end|too much/, {}, {folder});
		} finally {
			rmSync(folder, {recursive: true});
		}
	});

	test('what a long prompt needs is far below the limits', () => {
		const items = Array.from({length: 5000}, (_, index) => ({name: `item ${index}`, tags: ['a', 'b'], size: index}));
		const source =
			'{% set seen = [] %}{% for i in items | sort(attribute="name") %}{{ loop.index }}. {{ i.name | upper }}: {{ i.tags | join(", ") }}' +
			'{% if i.size is odd and i.name not in ["x", "y"] %} odd{% endif %}{% do seen.append(i.name) %}\n{% endfor %}{{ seen | length }}';
		const rendered = render(source, {items});
		assert.ok('text' in rendered && rendered.text.endsWith('\n5000'));
	});
});

describe('random templates', () => {
	const words = [
		'who',
		'list',
		'd',
		'n',
		'nosuch',
		'range',
		'loop',
		'm',
		'constructor',
		'__proto__',
		'globalThis',
		'process',
		'call',
		'host',
		'self',
		'super',
		'caller',
		'ns',
	];
	const attributes = [
		'a',
		'nested',
		'items',
		'upper',
		'constructor',
		'__proto__',
		'prototype',
		'append',
		'format',
		'replace',
		'join',
		'cycle',
		'extend',
		'call',
		'apply',
		'split',
		'get',
		'update',
		'run',
	];
	const filters = [
		'upper',
		'list',
		'join',
		'map',
		'select',
		'sort',
		'tojson',
		'length',
		'attr',
		'batch',
		'center',
		'indent',
		'format',
		'default',
		'groupby',
		'wordwrap',
		'int',
		'round',
		'reverse',
		'dictsort',
		'slice',
		'nofilter',
		'replace',
		'first',
		'sum',
	];
	const operators = ['+', '-', '*', '/', '//', '%', '**', '~', '==', '<', 'in', 'not in', 'and', 'or', 'is', 'if'];
	const literals = [
		'0',
		'1',
		'-1',
		'3',
		'2.5',
		'999999999',
		'""',
		'"a"',
		'"constructor"',
		'"%s %d"',
		'"{0.__proto__}{}"',
		'[]',
		'{}',
		'()',
		'none',
		'true',
		'"x,y"',
	];

	const {expression} = fc.letrec<{expression: string}>(tie => {
		const inner = tie('expression');
		return {
			expression: fc.oneof(
				{depthSize: 'small', withCrossShrink: true},
				fc.constantFrom(...words, ...literals),
				fc.tuple(inner, fc.constantFrom(...operators), inner).map(([x, op, y]) => `(${x} ${op} ${y})`),
				fc.tuple(inner, fc.constantFrom(...attributes)).map(([x, name]) => `${x}.${name}`),
				fc.tuple(inner, fc.constantFrom(...attributes), inner).map(([x, name, y]) => `${x}.${name}(${y})`),
				fc.tuple(inner, inner).map(([x, y]) => `${x}[${y}]`),
				fc.tuple(inner, inner).map(([x, y]) => `(${x})[${y}:]`),
				fc.tuple(inner, fc.constantFrom(...filters)).map(([x, name]) => `(${x}) | ${name}`),
				fc.tuple(inner, fc.constantFrom(...filters), inner).map(([x, name, y]) => `(${x}) | ${name}(${y})`),
				fc.array(inner, {maxLength: 3}).map(parts => `[${parts.join(', ')}]`),
				fc.tuple(inner, inner).map(([x, y]) => `{${x}: ${y}}`),
				fc.tuple(inner, inner).map(([x, y]) => `${x}(${y})`),
			),
		};
	});

	const {template} = fc.letrec<{template: string}>(tie => {
		const body = tie('template');
		return {
			template: fc.oneof(
				{depthSize: 'small', withCrossShrink: true},
				expression.map(x => `{{ ${x} }}`),
				fc.constantFrom('text ', '{# c #}', '\n', '{% raw %}{{{% endraw %}'),
				fc.tuple(body, body).map(parts => parts.join('')),
				fc.tuple(expression, body, body).map(([x, a, b]) => `{% if ${x} %}${a}{% else %}${b}{% endif %}`),
				fc.tuple(expression, body).map(([x, a]) => `{% for i in ${x} %}${a}{% else %}e{% endfor %}`),
				fc.tuple(expression, body).map(([x, a]) => `{% for i in range(99999) %}{% set n = ${x} %}${a}{% endfor %}`),
				fc.tuple(expression, body).map(([x, a]) => `{% set n = ${x} %}${a}`),
				fc.tuple(expression, body).map(([x, a]) => `{% set ns = namespace(v=${x}) %}{% set ns.v = ns %}${a}`),
				fc.tuple(body, expression).map(([a, x]) => `{% macro m(a, b=1) %}${a}{% endmacro %}{{ m(${x}) }}`),
				fc
					.tuple(body, body)
					.map(([a, b]) => `{% macro m(a=2) %}{{ caller(a) }}${a}{% endmacro %}{% call(q) m() %}${b}{% endcall %}`),
				fc.tuple(expression, body).map(([x, a]) => `{% with w = ${x} %}${a}{% endwith %}`),
				fc.tuple(expression).map(([x]) => `{% do ${x} %}`),
				fc.tuple(body).map(([a]) => `{% filter upper %}${a}{% endfilter %}`),
				fc.tuple(body).map(([a]) => `{% block b %}${a}{% endblock %}`),
				expression.map(x => `{% include ${x} %}`),
				expression.map(x => `{% extends ${x} %}`),
			),
		};
	});

	/** A rendering gives a text or an error, and leaves nothing behind. */
	const harmless = (source: string) => {
		const rendered = render(source, variables);
		assert.ok(
			'text' in rendered
				? typeof rendered.text === 'string'
				: rendered.error.line >= 1 && rendered.error.message !== '',
		);
		assert.equal(globalThis.escaped, undefined);
		assert.ok(Array.isArray(checkTemplate(source, new Set(Object.keys(variables)))));
	};

	test('from a grammar give a text or an error, never more', () => {
		fc.assert(fc.property(template, harmless), {numRuns: 800, interruptAfterTimeLimit: 2000});
		assert.equal(Object.keys(Object.prototype).length, 0);
	});

	test('cut or broken anywhere give a text or an error, never more', () => {
		const broken = fc
			.tuple(
				template,
				fc.nat(),
				fc.nat(),
				fc.constantFrom('', '{', '}}', '%}', '"', "'", '(', ']', '|', '\0', '🎻', '{#', '{% raw %}', '\\'),
			)
			.map(([source, from, length, put]) => {
				const at = from % (source.length + 1);
				return source.slice(0, at) + put + source.slice(at + (length % 4));
			});
		fc.assert(fc.property(broken, harmless), {numRuns: 800, interruptAfterTimeLimit: 2000});
	});

	test('of any characters give a text or an error, never more', () => {
		const tokens = fc.array(
			fc.oneof(
				fc.constantFrom(
					'{{',
					'}}',
					'{%',
					'%}',
					'{#',
					'#}',
					'-',
					' ',
					'if',
					'for',
					'in',
					'endfor',
					'set',
					'=',
					'x',
					'.',
					'(',
					')',
					'[',
					']',
					'"',
					'|',
					',',
					':',
					'\n',
				),
				fc.string({maxLength: 3}),
			),
		);
		fc.assert(
			fc.property(
				tokens.map(parts => parts.join('')),
				harmless,
			),
			{numRuns: 2000, interruptAfterTimeLimit: 1000},
		);
	});
});
