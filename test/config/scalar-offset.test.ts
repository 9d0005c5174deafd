import assert from 'node:assert/strict';
import {test} from 'node:test';
import {load, sound} from './job-file.js';

/** Where each `@n` of the template stands, by the job's places. */
async function marks(template: string): Promise<string[]> {
	const {document, source} = await load(sound().replace('prompt: {template: x}', `prompt:\n  template: ${template}`));
	const value = document.find(['prompt', 'template']);
	assert.ok(value?.kind === 'scalar' && typeof value.value === 'string');
	const lines = source.split('\n');
	return [...value.value.matchAll(/@\d/g)].map(match => {
		const {line, column, length} = document.placeInText(['prompt', 'template'], match.index, 2);
		assert.equal(length, 2);
		return `${match[0]}=${lines[line - 1]!.slice(column - 1, column + 1)}`;
	});
}

test('characters of a literal block are found exactly', async () => {
	for (const header of ['|', '|-', '|+', '|2', '| # why'])
		assert.deepEqual(
			await marks(`${header}\n\n    @1 a\n   \n      @2\n\n    b @3\n\n`),
			['@1=@1', '@2=@2', '@3=@3'],
			header,
		);
	assert.deepEqual(await marks('|\r\n    @1\r\n\r\n    x @2\r\n'), ['@1=@1', '@2=@2']);
	const {document} = await load(
		sound().replace('prompt: {template: x}', 'prompt:\n  template: |\n    a\n\n    b  c\n'),
	);
	const place = (offset: number) => document.placeInText(['prompt', 'template'], offset, 1);
	assert.deepEqual(
		[place(0), place(2), place(3), place(5)].map(({line, column}) => [line, column]),
		[
			[6, 5],
			[7, 1],
			[8, 5],
			[8, 7],
		],
	);
});

test('characters of folded, plain and quoted texts are found', async () => {
	assert.deepEqual(await marks('>\n    a @1\n    b @2\n\n    c\n      more @3\n    @4\n'), [
		'@1=@1',
		'@2=@2',
		'@3=@3',
		'@4=@4',
	]);
	assert.deepEqual(await marks('a @1 b @2\n'), ['@1=@1', '@2=@2']);
	assert.deepEqual(await marks('a @1 b\n    c @2\n\n    d @3\n'), ['@1=@1', '@2=@2', '@3=@3']);
	assert.deepEqual(await marks(`'it''s @1\n    and it''s @2'\n`), ['@1=@1', '@2=@2']);
	assert.deepEqual(await marks('"\\ta \\x41\\u00e9\\U0001F600 @1\\n\\"@2\\" \\\\d @3\n    x @4 \\\n    y @5"\n'), [
		'@1=@1',
		'@2=@2',
		'@3=@3',
		'@4=@4',
		'@5=@5',
	]);
});
