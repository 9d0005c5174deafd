import assert from 'node:assert/strict';
import {describe, it} from 'node:test';
import {EndlessLine, linesOf} from '../../source/control/lines.js';

async function read(chunks: string[], most = 100): Promise<string[]> {
	async function* source() {
		for (const chunk of chunks) yield Buffer.from(chunk, 'latin1');
	}
	const lines: string[] = [];
	for await (const line of linesOf(source(), most)) lines.push(line);
	return lines;
}

const bytes = (text: string) => Buffer.from(text).toString('latin1');

describe('lines of a connection', () => {
	it('come whole, however they are cut into chunks', async () => {
		const text = bytes('{"a":1}\n\nné\n你好 👩‍👩‍👧\nopen');
		for (let size = 1; size <= text.length; size++) {
			const chunks = text.match(new RegExp(`[\\s\\S]{1,${size}}`, 'g')) ?? [];
			assert.deepEqual(await read(chunks), ['{"a":1}', '', 'né', '你好 👩‍👩‍👧'], `in chunks of ${size}`);
		}
	});

	it('may be of so many bytes and no more, with an end or without', async () => {
		assert.deepEqual(await read(['x'.repeat(60), `${'x'.repeat(40)}\ny\n`]), ['x'.repeat(100), 'y']);
		await assert.rejects(read(['x'.repeat(60), 'x'.repeat(41)]), EndlessLine);
		await assert.rejects(read(['x'.repeat(60), `${'x'.repeat(41)}\n`]), EndlessLine);
	});
});
