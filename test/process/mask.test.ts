import assert from 'node:assert/strict';
import {describe, test} from 'node:test';
import fc from 'fast-check';
import {createMask} from '../../source/process/mask.js';

const maskOf = (...secrets: string[]) => createMask(secrets.toSorted((a, b) => b.length - a.length))!;

/** What comes out when it goes in in these pieces. */
function through(secrets: string[], pieces: readonly Uint8Array[]): Buffer {
	const stream = maskOf(...secrets).stream();
	return Buffer.concat([...pieces.map(piece => stream.push(Buffer.from(piece))), stream.end()]);
}

const cutAt = (bytes: Buffer, places: readonly number[]): Buffer[] => {
	const sorted = [0, ...places.map(place => place % (bytes.length + 1)).sort((a, b) => a - b), bytes.length];
	return sorted.slice(1).map((end, index) => bytes.subarray(sorted[index], end));
};

describe('a mask', () => {
	test('takes out each secret, wherever the bytes are cut', () => {
		const bytes = Buffer.from('key sk-ant-1234567890 and ünïcödé, twice sk-ant-1234567890sk-ant-1234567890.');
		for (let cut = 0; cut <= bytes.length; cut++) {
			const text = through(['sk-ant-1234567890'], cutAt(bytes, [cut])).toString();
			assert.equal(text, 'key *** and ünïcödé, twice ******.');
		}
		const singly = [...bytes].map(byte => Buffer.of(byte));
		assert.equal(through(['sk-ant-1234567890'], singly).toString(), 'key *** and ünïcödé, twice ******.');
	});

	test('hides what it hides and nothing else, for any secrets, texts and cuts', () => {
		// Few letters and short secrets: they overlap, repeat and hold each other.
		const letters = fc.constantFrom('a', 'b', 'é');
		const secret = fc.string({unit: letters, minLength: 8, maxLength: 14});
		const part = fc.oneof(
			fc.string({unit: letters, maxLength: 9}),
			fc.constant(-1),
			fc.constant(-2),
			fc.constant('\n'),
		);
		const cuts = fc.array(fc.nat(), {maxLength: 12});
		fc.assert(
			fc.property(fc.array(secret, {minLength: 1, maxLength: 3}), fc.array(part), cuts, (secrets, parts, places) => {
				const text = parts.map(one => (typeof one === 'number' ? secrets.at(one) : one) ?? '').join('');
				const bytes = Buffer.from(`${text}.`);
				const whole = through(secrets, [bytes]).toString();
				assert.equal(through(secrets, cutAt(bytes, places)).toString(), whole);
				assert.equal(whole, reference(secrets, `${text}.`));
			}),
			{numRuns: 500},
		);
	});

	test('keeps bytes that are no text, and gives out the very chunk where there is nothing to hide', () => {
		const chunk = Buffer.of(0xff, 0x41, 0xc3, 0x00, 0x80);
		assert.equal(maskOf('12345678').stream().push(chunk).buffer, chunk.buffer);
		assert.deepEqual(through(['12345678'], [chunk]), chunk);
	});

	test('holds back no more than the beginning of a secret', () => {
		const stream = maskOf('secret-value').stream();
		assert.equal(stream.push(Buffer.from('a line\n')).toString(), 'a line\n');
		assert.equal(stream.push(Buffer.from('prompt: sec')).toString(), 'prompt: ');
		assert.equal(stream.push(Buffer.from('tion\n')).toString(), 'section\n');
		assert.equal(stream.push(Buffer.from('a'.repeat(9))).toString(), 'a'.repeat(9));
		const endless = maskOf('aaaaaaaa').stream();
		for (let round = 0; round < 1000; round++) assert.ok(endless.push(Buffer.from('a'.repeat(100))).length < 500);
	});

	test('hides the beginning of a secret that the end of the output has cut off', () => {
		assert.equal(through(['secret-value-1'], [Buffer.from('it is secret-val')]).toString(), 'it is ***');
		assert.equal(through(['secret-value-1'], [Buffer.from('it is se')]).toString(), 'it is se');
	});

	test('takes the longest where one secret begins another', () => {
		for (const cut of [8, 9, 12, 17]) {
			const pieces = cutAt(Buffer.from('12345678 12345678-long'), [cut]);
			assert.equal(through(['12345678', '12345678-long'], pieces).toString(), '*** ***');
		}
	});

	test('goes into data, and gives back the very value where nothing is hidden', () => {
		const {data, text} = maskOf('secret-value');
		const value = {list: ['a', {deep: 'x secret-value y'}], number: 1, nothing: null, undefined: undefined};
		assert.deepEqual(data(value), {...value, list: ['a', {deep: 'x *** y'}]});
		const plain = {list: ['a'], number: 1};
		assert.equal(data(plain), plain);
		assert.equal(text('secret-valu'), 'secret-valu');
		assert.equal(createMask([]), undefined);
	});
});

/** The same in the plainest way: marks every letter of every secret, and puts stars for each stretch of secrets that overlap. */
function reference(secrets: readonly string[], text: string): string {
	const ranges: [number, number][] = [];
	for (const secret of secrets) {
		for (let at = text.indexOf(secret); at >= 0; at = text.indexOf(secret, at + 1))
			ranges.push([at, at + secret.length]);
	}
	ranges.sort(([a], [b]) => a - b);
	let shown = '';
	let at = 0;
	for (const [start, end] of ranges) {
		if (start >= at) shown += `${text.slice(at, start)}***`;
		at = Math.max(at, end);
	}
	return shown + text.slice(at);
}
