/**
 * `npm run test:clis`: installs the CLIs from npm into a folder that is kept, and runs the stories that need the real
 * ones. Their APIs are stand-ins on this machine, their keys dummies: nothing is paid for.
 */
import {spawnSync} from 'node:child_process';
import {globSync, mkdirSync} from 'node:fs';
import path from 'node:path';

const root = path.resolve(import.meta.dirname, '..');
const kept = path.join(root, 'node_modules', '.cache', 'mozart-clis');
const clis = [
	{name: 'claude', package: '@anthropic-ai/claude-code', variable: 'MOZART_TEST_CLAUDE'},
	{name: 'codex', package: '@openai/codex', variable: 'MOZART_TEST_CODEX'},
	{name: 'gemini', package: '@google/gemini-cli', variable: 'MOZART_TEST_GEMINI'},
];

mkdirSync(kept, {recursive: true});
const install = spawnSync(
	'npm',
	['install', '--no-audit', '--no-fund', '--loglevel=error', '--prefix', kept, ...clis.map(cli => cli.package)],
	{stdio: 'inherit'},
);
if (install.status !== 0) process.exit(install.status ?? 1);

const env = {...process.env};
for (const {name, variable} of clis) {
	const program = path.join(kept, 'node_modules', '.bin', name);
	const {stdout} = spawnSync(program, ['--version'], {encoding: 'utf8'});
	process.stdout.write(`${name}: ${stdout.trim().split('\n').at(-1) ?? 'does not start'}\n`);
	env[variable] = program;
}
const files = globSync('test/**/*-real.test.ts', {cwd: root});
const {status} = spawnSync(process.execPath, ['--import', 'tsx', '--test', '--test-isolation=none', ...files], {
	cwd: root,
	env,
	stdio: 'inherit',
});
process.exitCode = status ?? 1;
