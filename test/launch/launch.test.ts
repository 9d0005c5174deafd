import assert from 'node:assert/strict';
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
