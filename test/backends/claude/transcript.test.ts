import assert from 'node:assert/strict';
import {describe, test} from 'node:test';
import {createTranscript} from '../../../source/backends/claude/transcript.js';
import {createLineCutter} from '../../../source/backends/line-cutter.js';
import {judge, play, playRecorded, recorded} from './recorded.js';

const line = (event: object) => `${JSON.stringify(event)}\n`;
const call = (name: string, input: object) =>
	line({type: 'assistant', message: {content: [{type: 'tool_use', id: 't', name, input}]}});
const back = (content: unknown, more: object = {}) =>
	line({type: 'user', message: {content: [{type: 'tool_result', tool_use_id: 't', content, ...more}]}});
const shownOf = (stdout: string) => play({stdout, exitCode: 0}).shown;

describe('live text', () => {
	test('paragraphs stand apart, tool calls and what came of them stand together, the end has its figures', () => {
		assert.equal(
			playRecorded('tools').shown,
			`I will write it.

● Write out.txt
  ↳ File created successfully at: out.txt
● Bash: echo from-bash >> log.txt; cat out.txt
  ↳ hello

All done: wrote out.txt

✔ done · 3 turns · 0.4 s · $0.02
`,
		);
	});

	test('what was not allowed is shown where it happened and at the end', () => {
		assert.match(
			playRecorded('denied').shown,
			/● Write out\.txt\n {2}✗ not allowed: Write\n● Bash: .*\n {2}✗ not allowed: Bash\n\n/,
		);
		assert.match(playRecorded('denied').shown, /\n! not allowed: Write, Bash\n✔ done · 3 turns/);
	});

	test('retries, a change of the model, limits and errors are shown', () => {
		assert.equal(
			playRecorded('overloaded-fallback').shown.split('\n\n')[0],
			`… API error 529 (overloaded): try 1 of 2 in 1 s
… API error 529 (overloaded): try 2 of 2 in 2 s
! Switched to Sonnet 5.5 due to high demand for Opus 5.5
… API error 529 (overloaded): try 1 of 2 in 1 s
… API error 529 (overloaded): try 2 of 2 in 2 s`,
		);
		assert.match(
			playRecorded('limit-warning-ok').shown,
			/\n\n! 92 % of the 5-hour limit is used; it resets 2026-11-23 08:07 UTC\n/,
		);
		assert.match(
			playRecorded('limit-5-hours').shown,
			/^! The 5-hour limit is reached; it resets 2026-11-23 08:27 UTC\n/,
		);
		assert.match(playRecorded('max-turns').shown, /\n! Reached maximum number of turns \(2\)\n✖ failed · 3 turns/);
	});

	test('json shows the reply at its end, text shows what comes as it comes', () => {
		assert.match(playRecorded('ok-json').shown, /^Hello from the mock model\.\n\n✔ done · 1 turn/);
		assert.equal(playRecorded('ok-text').shown, 'Hello from the mock model.\n');
	});

	test('a tool call is one line, by what it is about', () => {
		const init = line({type: 'system', subtype: 'init', cwd: '/home/ada/work'});
		const shown = [
			call('Read', {file_path: '/home/ada/work/src/a.ts', offset: 1}),
			call('Read', {file_path: '/etc/hosts'}),
			call('Bash', {command: 'git log \\\n  --oneline', description: 'Show the log'}),
			call('Grep', {pattern: 'limit', path: '/home/ada/work'}),
			call('Task', {description: 'Look around', prompt: 'long'}),
			call('TodoWrite', {todos: [1, 2]}),
			call('mcp__x__y', {query: 'q'}),
			call('Odd', {}),
		];
		assert.deepEqual(
			shownOf(init + shown.join(''))
				.trimEnd()
				.split('\n'),
			[
				'● Read src/a.ts',
				'● Read /etc/hosts',
				'● Bash: git log \\ --oneline',
				'● Grep limit',
				'● Task Look around',
				'● TodoWrite (2 entries)',
				'● mcp__x__y q',
				'● Odd',
			],
		);
	});

	test('a result is folded to one line, and an error stands out', () => {
		const shown = [
			back('\n1\n2\n3\n'),
			back([{type: 'text', text: 'one'}, {type: 'image'}]),
			back(''),
			back('(Bash completed with no output)'),
			back('a note<system-reminder>\nfor the model\n</system-reminder>'),
			back('Exit code 1\nmake: no rule\nmore\nmore', {is_error: true}),
			back('Exit code 137', {is_error: true}),
			back('<tool_use_error>File has not been read yet.</tool_use_error>', {is_error: true}),
			back('', {is_error: true}),
			back('x'.repeat(200)),
			back(undefined),
		];
		assert.deepEqual(shownOf(shown.join('')).trimEnd().split('\n'), [
			'  ↳ 1 … 2 more lines',
			'  ↳ one … 1 more line',
			'  ↳ nothing',
			'  ↳ nothing',
			'  ↳ a note',
			'  ✗ Exit code 1: make: no rule … 2 more lines',
			'  ✗ Exit code 137',
			'  ✗ File has not been read yet.',
			'  ✗ failed without a word',
			`  ↳ ${'x'.repeat(119)}…`,
			'  ↳ nothing',
		]);
	});

	test('of a file that was read the lines are counted, and paths are told from the working folder', () => {
		const init = line({type: 'system', subtype: 'init', cwd: '/home/ada/work'});
		const shown =
			call('Read', {file_path: '/home/ada/work/a'}) +
			back('     1\tone\n     2\ttwo\n') +
			call('Bash', {command: 'cat /home/ada/work/a'}) +
			back('/home/ada/work/a: gone');
		assert.deepEqual(
			shownOf(init + shown)
				.trimEnd()
				.split('\n'),
			['● Read a', '  ↳ 2 lines', '● Bash: cat a', '  ↳ a: gone'],
		);
	});

	test('calls made at once: what comes back apart from its call says whose it is', () => {
		const use = (id: string, path: string) => ({type: 'tool_use', id, name: 'Grep', input: {pattern: path}});
		const result = (id: string, content: string) => ({type: 'tool_result', tool_use_id: id, content});
		const shown =
			line({type: 'assistant', message: {content: [use('1', 'one'), use('2', 'two')]}}) +
			line({type: 'user', message: {content: [result('1', 'found'), result('2', 'none')]}});
		assert.deepEqual(shownOf(shown).trimEnd().split('\n'), [
			'● Grep one',
			'● Grep two',
			'  ↳ Grep one · found',
			'  ↳ Grep two · none',
		]);
	});

	test('a text of several lines is shown as it was written', () => {
		const text = 'First:\n\n- one\n  - two\n\n```\ncode\n\tindented\n```';
		const shown = shownOf(line({type: 'assistant', message: {content: [{type: 'text', text}]}}) + call('Odd', {}));
		assert.equal(shown, `${text}\n\n● Odd\n`);
	});

	test('helpers stand a step to the right and keep their words to themselves', () => {
		const helper = {parent_tool_use_id: 'p'};
		const content = [
			{type: 'text', text: 'I look.'},
			{type: 'tool_use', id: 'u', name: 'Read', input: {file_path: 'a'}},
		];
		const stdout =
			line({type: 'assistant', ...helper, message: {content}}) +
			line({type: 'user', ...helper, message: {content: [{type: 'tool_result', tool_use_id: 'u', content: 'x'}]}});
		assert.equal(shownOf(stdout), '  ● Read a\n    ↳ x\n');
	});

	test('control sequences never reach the screen, wherever they stand', () => {
		const evil = '\u001b[2J\u001b]0;title\u0007a\u202eb\u0000';
		const text = line({type: 'assistant', message: {content: [{type: 'text', text: `x${evil}`}]}});
		const shown = shownOf(
			text +
				call('Bash', {command: evil}) +
				back(evil) +
				`${evil}\n` +
				line({type: 'result', result: evil, errors: [evil]}),
		);
		assert.ok(
			[...shown].every(sign => sign === '\n' || sign >= ' '),
			JSON.stringify(shown),
		);
		assert.doesNotMatch(shown, /title|\u202e|\[2J/);
		assert.doesNotMatch(play({format: 'text', stdout: evil, exitCode: 0}).shown, /\u001b/);
	});
});

describe('reading', () => {
	test('it does not matter how the output is cut into pieces', () => {
		for (const name of Object.keys(recorded)) {
			const {seen, shown} = playRecorded(name, 100_000);
			for (const step of [1, 7, 64]) {
				const again = playRecorded(name, step);
				assert.deepEqual(again.seen, seen, name);
				if (recorded[name]?.format !== 'text') assert.equal(again.shown, shown, name);
			}
		}
	});

	test('what is no event is shown as it is, unknown events and odd fields are passed over', async () => {
		const odd = [
			'',
			'npm warn something',
			'{not json',
			'null',
			'5',
			'{"type":"telepathy","content":{}}',
			'{"type":"assistant"}',
			'{"type":"assistant","message":{"content":"plain words"}}',
			'{"type":"user","message":{"content":[7]}}',
			'{"type":"rate_limit_event","rate_limit_info":5}',
			'{"type":"result","usage":"none","permission_denials":{},"total_cost_usd":"free","errors":[3]}',
		];
		const {shown, failure} = await judge({stdout: odd.join('\n'), exitCode: 0});
		assert.deepEqual(shown.split('\n'), [
			'npm warn something',
			'{not json',
			'null',
			'5',
			'plain words',
			'',
			'✔ done',
			'',
		]);
		assert.equal(failure, undefined);
	});

	test('a line that is too long is dropped while it comes, and said; the next one is read', () => {
		const lines: string[] = [];
		const cutter = createLineCutter(10, {
			onLine: text => lines.push(text),
			onTooLong: length => lines.push(`(${length})`),
		});
		for (const piece of ['0123456789\n', '0123456', '789', 'x\nshort\n', '\n', 'last']) cutter.push(piece);
		cutter.end();
		assert.deepEqual(lines, ['0123456789', '(11)', 'short', '', 'last']);
	});

	test('20 MB in one line is neither held nor shown', () => {
		let shown = '';
		const transcript = createTranscript('stream-json', 0, text => {
			shown += text;
		});
		transcript.push('{"type":"user","message":{"content":"');
		const piece = 'x'.repeat(1_000_000);
		for (let count = 0; count < 20; count++) transcript.push(piece);
		transcript.push('"}}\n');
		transcript.push(line({type: 'result', result: 'Done.'}));
		assert.equal(transcript.finish().result?.result, 'Done.');
		assert.equal(shown, '… a line of 20 MB is not shown (the log has it)\nDone.\n\n✔ done\n');
	});
});
