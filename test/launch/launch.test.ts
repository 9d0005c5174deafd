import assert from 'node:assert/strict';
import {readFileSync} from 'node:fs';
import {it} from 'node:test';
import packageJson from '../../package.json' with {type: 'json'};
import {withDesk} from '../program/program.js';

it('the version is that of the package, asked alone or with other words', () =>
	withDesk(async desk => {
		const asked = [['--version'], ['-V'], ['--version', '--help']];
		for (const {code, stdout, stderr} of await Promise.all(asked.map(words => desk.mozart(...words)))) {
			assert.deepEqual({code, stdout, stderr}, {code: 0, stdout: `${packageJson.version}\n`, stderr: ''});
		}
	}));

it('the built program is ASCII, as the launcher reads it: also its regular expressions', () => {
	const built = readFileSync(new URL('../../dist/mozart.cjs', import.meta.url), 'latin1');
	assert.ok(built.includes(String.raw`You['\u2019]ve hit your`), 'a sentence with a sign that is not ASCII is there');
	assert.deepEqual(built.match(/.{0,20}[\x80-\xff].{0,20}/g) ?? [], []);
});
