import assert from 'node:assert/strict';
import {spawnSync} from 'node:child_process';
import {existsSync, readdirSync, readFileSync} from 'node:fs';
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

it('the built program and its libraries are ASCII, as the launcher reads them: also regular expressions', () => {
	const dist = new URL('../../dist/', import.meta.url);
	const scripts = readdirSync(dist).filter(name => name.endsWith('.cjs') && name !== 'launch.cjs');
	const built = new Map(scripts.map(name => [name, readFileSync(new URL(name, dist), 'latin1')]));
	assert.ok(built.get('mozart.cjs')?.includes(String.raw`You['\u2019]ve hit your`), 'a sentence that is not ASCII');
	assert.ok(built.has('screen.cjs'));
	for (const [name, text] of built) assert.deepEqual(text.match(/.{0,20}[\x80-\xff].{0,20}/g) ?? [], [], name);
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
