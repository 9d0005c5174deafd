import assert from 'node:assert/strict';
import {mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {dirname, join} from 'node:path';
import {describe, test} from 'node:test';
import {checkTemplate, compileTemplate, type Rendered, type TemplateOptions} from '../../source/prompts/template.js';

/** Renders in one go: a template that cannot be read gives the same error. */
function render(source: string, variables: Record<string, unknown> = {}, options: TemplateOptions = {}): Rendered {
	const template = compileTemplate(source, options);
	return 'error' in template ? template : template.render(variables);
}

const textOf = (source: string, variables?: Record<string, unknown>, options?: TemplateOptions): string => {
	const rendered = render(source, variables, options);
	assert.ok('text' in rendered, `${source}: ${'error' in rendered ? rendered.error.message : ''}`);
	return rendered.text;
};

const errorOf = (source: string, variables?: Record<string, unknown>, options?: TemplateOptions) => {
	const rendered = render(source, variables, options);
	assert.ok('error' in rendered, `${source} rendered to ${'text' in rendered ? rendered.text : ''}`);
	return rendered.error;
};

type Case = {template?: string; case?: string; batch?: number; out?: string; error?: string; message?: string};
const read = (name: string) => JSON.parse(readFileSync(new URL(`../fixtures/${name}`, import.meta.url), 'utf8'));

/** Recorded answers that are not ours, each with the reason. */
const originalDifferences: Record<string, string> = {
	file_missing: 'a template file that is missing is an error of `validate`, never a silent default prompt',
	empty_template: 'an empty template is an error of `validate`, never a silent default prompt',
};
const jinjaDifferences: Record<string, string> = {
	'{{ [nosuch] }}':
		'a missing variable inside a list is an error as well; Jinja2 prints the word Undefined into the prompt',
	'{% autoescape true %}{{ html }}{% endautoescape %}':
		'a prompt is plain text: a template that wants its values escaped is refused, with the filter to write instead',
	'{% block b %}x{% endblock %}{{ self.b() }}':
		'a block is for a child to replace; a text that is wanted twice is kept by {% set %}, which the error says',
	'{% for x in [[1, [2]], 3] recursive %}{{ x if x is integer else loop(x) }}{% endfor %}':
		'a loop that calls itself is refused: a macro that calls itself says the same, which the error says',
};

/** Whether an answer is the recorded one: the same text, or an error where an error was recorded. */
function agrees(recorded: Case, rendered: Rendered): boolean {
	return recorded.out === undefined ? 'error' in rendered : 'text' in rendered && rendered.text === recorded.out;
}

describe('the recorded answers of the original', () => {
	const {variables, cases} = read('templating.json') as {variables: Record<string, unknown>; cases: Case[]};

	test('all agree but for the listed differences, and those do differ', () => {
		const differing = new Set<string>();
		for (const recorded of cases) {
			if (recorded.template === undefined) {
				// These two are decided before any template is read: by the job file's own checks.
				differing.add(recorded.case ?? '');
				continue;
			}
			const batch = recorded.batch ?? 1;
			const rendered = render(recorded.template, {
				...variables,
				batch_num: batch,
				total_batches: 4,
				start_item: (batch - 1) * 10 + 1,
				end_item: Math.min(batch * 10, 35),
				workspace: '/ws',
				stakes: 'STAKES',
				thinking_method: 'THINK',
			});
			if (!agrees(recorded, rendered)) differing.add(recorded.template);
		}
		assert.deepEqual([...differing].sort(), Object.keys(originalDifferences).sort());
	});

	test('an error names the variable that the recorded error names', () => {
		for (const {template, error, message} of cases) {
			if (template === undefined || error !== 'UndefinedError') continue;
			const name = [...(message ?? '').matchAll(/'(\w+)'/g)].at(-1)?.[1] ?? '?';
			assert.match(errorOf(template, variables).message, new RegExp(name));
		}
	});
});

describe('answers recorded from Jinja2 3.1.6 with StrictUndefined and keep_trailing_newline', () => {
	const recorded = read('jinja-answers.json') as {
		variables: Record<string, unknown>;
		cases: Case[];
		fileVariables: Record<string, unknown>;
		fileCases: (Case & {files: Record<string, string>})[];
	};

	test('hundreds of expressions and statements agree but for the listed differences, and those do differ', () => {
		const differing = recorded.cases.filter(one => !agrees(one, render(one.template ?? '', recorded.variables)));
		assert.deepEqual(
			differing.map(one => one.template),
			Object.keys(jinjaDifferences),
		);
		assert.ok(recorded.cases.length > 500);
	});

	test('rendering does not change the variables', () => {
		const before = structuredClone(recorded.variables);
		for (const one of recorded.cases) render(one.template ?? '', recorded.variables);
		assert.deepEqual(recorded.variables, before);
	});

	test('include, import and extends agree with Jinja2 when the files are in the template’s folder', () => {
		for (const one of recorded.fileCases) {
			const folder = mkdtempSync(join(tmpdir(), 'templates-'));
			try {
				for (const [name, text] of Object.entries(one.files)) {
					mkdirSync(dirname(join(folder, name)), {recursive: true});
					writeFileSync(join(folder, name), text);
				}
				const rendered = render(one.files.main ?? '', recorded.fileVariables, {folder});
				const shown = 'text' in rendered ? rendered.text : rendered.error.message;
				assert.ok(agrees(one, rendered), `${JSON.stringify(one.files)} gave ${shown}, not ${one.out ?? one.message}`);
			} finally {
				rmSync(folder, {recursive: true});
			}
		}
	});
});

describe('what Jinja2 does only with an extension, or not at all', () => {
	test('do runs an expression and prints nothing', () => {
		assert.equal(
			textOf('{% set l = [] %}{% for i in range(3) %}{% do l.append(i * i) %}{% endfor %}{{ l }}'),
			'[0, 1, 4]',
		);
	});

	test('a list is what generator filters give, so its length and slices can be asked for', () => {
		assert.equal(textOf("{{ ['a', 'b'] | map('upper') }} {{ [1, 2] | select('odd') | length }}"), "['A', 'B'] 1");
	});

	test('an entry of a dict wins over a method of the same name unless it is called', () => {
		const variables = {d: {items: [1, 2], keys: 'k'}};
		assert.equal(textOf('{{ d.items }} {{ d.keys }} {{ d.items() | length }}', variables), '[1, 2] k 2');
	});

	test('entries named like parts of JavaScript objects are plain data', () => {
		const variables = {d: JSON.parse('{"constructor": 1, "__proto__": 2, "length": 3, "prototype": 4}')};
		assert.equal(textOf('{{ d.constructor }}{{ d["__proto__"] }}{{ d.length }}{{ d.prototype }}', variables), '1234');
	});

	test('a template renders any number of times, each time anew', () => {
		const template = compileTemplate('{% set l = [n] %}{% do l.append(2) %}{{ l }}');
		assert.ok('render' in template);
		assert.deepEqual(template.render({n: 1}), {text: '[1, 2]'});
		assert.deepEqual(template.render({n: 5}), {text: '[5, 2]'});
	});

	test('autoescape, self, recursive loops and random are refused with what to write instead', () => {
		assert.match(errorOf('a{% autoescape true %}{% endautoescape %}').message, /leave .* out, and write .* escape/);
		assert.match(errorOf('{% autoescape x %}{% endautoescape %}', {x: false}).message, /nothing is escaped/);
		assert.match(checkTemplate('{{ self.b() }}', new Set())[0]?.message ?? '', /“self” is not known: keep the text/);
		assert.match(errorOf('{% for x in y recursive %}{% endfor %}', {y: []}).message, /write a macro/);
		assert.match(errorOf('{{ [1] | random }}').message, /the same each time/);
	});

	test('tags that only nunjucks has are refused', () => {
		for (const tag of ['switch x', 'asyncEach x in y', 'asyncAll x in y', 'ifAsync x', 'verbatim']) {
			assert.match(errorOf(`{% ${tag} %}`, {x: 1, y: []}).message, /there is no tag/);
		}
		assert.ok('error' in render('{{ r/2/g }}', {r: 8, g: 2}) === false);
		assert.equal(textOf('{{ r/2/g }}', {r: 8, g: 2}), '2.0');
		assert.ok(errorOf('{{ 1 === 1 }}'));
	});
});

describe('an error', () => {
	test('says where it is: line and column of the very name, counted from 1', () => {
		const {line, column, message} = errorOf('first\n  {{ 1 + nosuch }}\n');
		assert.deepEqual({line, column}, {line: 2, column: 10});
		assert.match(message, /nosuch/);
		assert.deepEqual(errorOf('\r\n\r\n{{ d.x }}', {d: {}}).line, 3);
	});

	test('keeps the place of a missing value that is used somewhere else', () => {
		const {line, column} = errorOf('{% set v = d.gone %}\n\n{{ v | upper }}', {d: {}});
		assert.deepEqual({line, column}, {line: 1, column: 14});
	});

	test('offers the name that was probably meant', () => {
		assert.match(errorOf('{{ wokspace }}', {workspace: '/ws'}).message, /did you mean “workspace”/);
		assert.match(errorOf('{{ d.nmae }}', {d: {name: 1}}).message, /did you mean “name”/);
		assert.match(errorOf('{{ "a" | uper }}').message, /did you mean “upper”/);
	});

	test('names the included file that it is in', () => {
		const folder = mkdtempSync(join(tmpdir(), 'templates-'));
		writeFileSync(join(folder, 'part.j2'), 'a\n{{ gone }}');
		const error = errorOf('\n\n\n{% include "part.j2" %}', {}, {folder});
		rmSync(folder, {recursive: true});
		assert.deepEqual({line: error.line, column: error.column, file: error.file}, {line: 2, column: 4, file: 'part.j2'});
	});

	test('of the syntax says what is missing and where the open part begins', () => {
		const table: [string, RegExp, number, number][] = [
			['{{ a', /never closed with }}/, 1, 1],
			['x\n{% if a %}\n{% endfor %}', /has nothing to end; {% if %} is open/, 3, 4],
			['x\n{% for a in b %}', /{% for %} is never closed: {% endfor %} is missing/, 2, 4],
			['{{ (1 }}', /\) is missing before this }/, 1, 7],
			['{{ "abc }}', /text that starts with " is never closed/, 1, 4],
			['{% raw %}', /{% endraw %} is missing/, 1, 1],
			['{# x', /comment/, 1, 1],
			['{{ a && b }}', /“&” has no meaning here; Jinja2 has “and” instead/, 1, 6],
			['{% esle %}', /did you mean {% else %}/, 1, 4],
			['{{ a b }}', /}} is expected here, not “b”/, 1, 6],
			['{{ a | }}', /a name is expected here/, 1, 8],
			['{{ f(a=1, 2) }}', /argument without a name/, 1, 11],
		];
		for (const [source, message, line, column] of table) {
			const error = errorOf(source);
			assert.match(error.message, message);
			assert.deepEqual([error.line, error.column], [line, column], source);
		}
	});
});
