import assert from 'node:assert/strict';
import {execFile, spawnSync} from 'node:child_process';
import {existsSync, readdirSync} from 'node:fs';
import path from 'node:path';
import {it} from 'node:test';
import {promisify} from 'node:util';
import {writeJob} from './jobs.js';
import {launcher, withDesk} from './program.js';

const run = promisify(execFile);
const project = path.resolve(import.meta.dirname, '../..');

it('the package that npm makes installs, and its mozart runs from any folder', () =>
	withDesk(async desk => {
		const env = {...desk.env, npm_config_update_notifier: 'false', npm_config_audit: 'false', npm_config_fund: 'false'};
		const packed = await run('npm', ['pack', '--ignore-scripts', '--json', '--pack-destination', desk.jobs], {
			cwd: project,
			env,
		});
		const [{filename, files}] = JSON.parse(packed.stdout);
		const names: string[] = files.map((file: {path: string}) => file.path);
		const pages = ['style/base.css', 'live.js', 'icon.svg'].map(name => `dist/assets/${name}`);
		for (const name of [
			'dist/launch.cjs',
			'dist/mozart.cjs',
			'dist/screen.cjs',
			...pages,
			'examples/hello.yaml',
			'README.md',
			'LICENSE',
		])
			assert.ok(names.includes(name), name);
		const strangers = names.filter(name => /workspace|\.mozart|^(source|test)\/|node_modules/.test(name));
		assert.deepEqual(strangers, []);

		desk.write('app/package.json', '{"private": true}');
		const words = ['install', desk.at(filename), '--ignore-scripts', '--prefer-offline', '--no-package-lock'];
		await run('npm', words, {cwd: desk.at('app'), env});
		writeJob(desk, {batches: 2}, 'elsewhere/work.yaml');
		const mozart = desk.at('app/node_modules/.bin/mozart');
		const {stdout} = await run(mozart, ['run', 'work.yaml'], {cwd: desk.at('elsewhere'), env: desk.env});
		assert.match(stdout, /work: completed · 2\/2 completed/);
		assert.deepEqual(readdirSync(desk.at('elsewhere')).sort(), ['work.yaml', 'workspace']);
	}));

it('an old Node is told in one line what is needed', context => {
	const version = (node: string) => spawnSync(node, ['--version'], {encoding: 'utf8'}).stdout ?? '';
	const folders = ['/usr/bin', '/usr/local/bin', ...(process.env.PATH ?? '').split(path.delimiter)];
	const old = folders
		.map(folder => path.join(folder, 'node'))
		.find(node => existsSync(node) && /^v(1[4-9]|2[01])\./.test(version(node)));
	if (old === undefined) return context.skip('no old Node is installed here');
	const {status, stdout, stderr} = spawnSync(old, [launcher, 'list'], {encoding: 'utf8'});
	assert.equal(status, 2);
	assert.equal(stdout, '');
	assert.match(stderr, /^mozart needs Node 22\.13 or newer; this is Node \d+\.\d+\.\d+\. Install a newer one, .*\n$/);
});
