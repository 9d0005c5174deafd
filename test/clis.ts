/**
 * `npm run test:clis`: installs the CLIs from npm into a folder that is kept, and runs the stories that need the real
 * ones. Their APIs are stand-ins on this machine, their keys dummies: nothing is paid for. One that is named by its
 * variable (MOZART_TEST_CODEX=…) is taken as it is. Fails when one is missing, a story is left out or a process is left.
 */
import {spawnSync} from 'node:child_process';
import {globSync, mkdirSync} from 'node:fs';
import path from 'node:path';
import {run} from 'node:test';
import {spec} from 'node:test/reporters';
import {RealHome} from './support/real-cli.js';

const root = path.resolve(import.meta.dirname, '..');
const kept = path.join(root, 'node_modules', '.cache', 'mozart-clis');

type Told = {passed: number; failed: number; skipped: number; ms: number};
const clis = [
	{title: 'Claude Code', program: 'claude', package: '@anthropic-ai/claude-code', variable: 'MOZART_TEST_CLAUDE'},
	{title: 'Codex', program: 'codex', package: '@openai/codex', variable: 'MOZART_TEST_CODEX'},
	{title: 'Gemini CLI', program: 'gemini', package: '@google/gemini-cli', variable: 'MOZART_TEST_GEMINI'},
].map(cli => ({...cli, told: {passed: 0, failed: 0, skipped: 0, ms: 0} satisfies Told as Told, version: install(cli)}));

/** Puts it where its stories look for it; gives its version, or nothing when it cannot be had. */
function install(cli: {title: string; program: string; package: string; variable: string}): string | undefined {
	const folder = path.join(kept, cli.program);
	const program = process.env[cli.variable] ?? path.join(folder, 'node_modules', '.bin', cli.program);
	if (process.env[cli.variable] === undefined) {
		mkdirSync(folder, {recursive: true});
		const words = [
			'install',
			'--no-audit',
			'--no-fund',
			'--loglevel=error',
			'--prefix',
			folder,
			`${cli.package}@latest`,
		];
		if (spawnSync('npm', words, {stdio: ['ignore', 'ignore', 'inherit']}).status !== 0) return undefined;
	}
	const {stdout, status} = spawnSync(program, ['--version'], {encoding: 'utf8', timeout: 60_000});
	if (status !== 0) return undefined;
	process.env[cli.variable] = program;
	return /\d+\.\d+\.\d+\S*/.exec(stdout)?.[0] ?? stdout.trim();
}

for (const {title, version} of clis) process.stdout.write(`${title}: ${version ?? 'could not be installed'}\n`);

const files = globSync('test/**/*-real.test.ts', {cwd: root}).map(file => path.join(root, file));
const stories = run({files, isolation: 'none', concurrency: false});
let current: Told | undefined;
stories.on('test:start', ({name, nesting}) => {
	if (nesting === 0) current = clis.find(({title}) => name.endsWith(title))?.told;
});
const count = (outcome: 'passed' | 'failed' | 'skipped', details: {duration_ms: number; type?: string | undefined}) => {
	if (!current) return;
	if (details.type !== 'suite') {
		current[outcome]++;
		return;
	}
	current.ms = details.duration_ms;
	// Of a suite that is left out its stories are not even counted.
	if (outcome !== 'passed') current[outcome] = Math.max(current[outcome], 1);
};
stories.on('test:pass', ({skip, todo, details}) => count(skip || todo ? 'skipped' : 'passed', details));
stories.on('test:fail', ({details}) => count('failed', details));
stories.compose(spec).pipe(process.stdout);

stories.once('end', () => {
	const left = RealHome.all.flatMap(home => home.processes());
	const lines = clis.map(({title, version, told: {passed, failed, skipped, ms}}) => {
		const counts = Object.entries({passed, failed, skipped}).filter(([, number]) => number > 0);
		const words = counts.map(([outcome, number]) => `${number} ${outcome}`).join(', ') || 'no story was told';
		return `${title.padEnd(12)} ${(version ?? 'missing').padEnd(10)} ${words}, ${(ms / 1000).toFixed(1)} s`;
	});
	// After what the reporter has to say.
	process.once('exit', () => {
		const end = left.length === 0 ? 'No process is left.' : `Left: ${left.join('\n')}`;
		process.stdout.write(['', ...lines, end, ''].join('\n'));
	});
	const isWhole = clis.every(
		({version, told: {passed, failed, skipped}}) =>
			version !== undefined && passed > 0 && failed === 0 && skipped === 0,
	);
	process.exitCode = isWhole && left.length === 0 ? 0 : 1;
});
