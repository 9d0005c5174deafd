import assert from 'node:assert/strict';
import {spawnSync} from 'node:child_process';
import {existsSync, readFileSync} from 'node:fs';
import {it} from 'node:test';
import packageJson from '../../package.json' with {type: 'json'};
import {launcher, withDesk} from '../program/program.js';

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

it('what cannot be printed is no success, but where the reader has gone', {skip: !existsSync('/dev/full')}, () =>
	withDesk(async desk => {
		for (const [command, code, said] of [
			['mozart schema > /dev/full', 3, /^Not all could be printed: ENOSPC/],
			['mozart status nosuch > /dev/full', 2, /^No job is known as/],
			['{ sleep 0.1; mozart schema; echo $? >&2; } | true', 0, /^0\n$/],
			['{ sleep 0.1; mozart --version; } | true', 0, /^$/],
		] as const) {
			const shell = `mozart() { "$NODE" "$LAUNCHER" "$@"; }; ${command}`;
			const env = {...desk.env, NODE: process.execPath, LAUNCHER: launcher};
			const {status, stderr} = spawnSync('sh', ['-c', shell], {cwd: desk.jobs, env, encoding: 'utf8'});
			assert.equal(status, code, command);
			assert.match(stderr, said, command);
		}
	}),
);
