import assert from 'node:assert/strict';
import {execFile, spawnSync} from 'node:child_process';
import {chmodSync, mkdirSync} from 'node:fs';
import path from 'node:path';
import {it} from 'node:test';
import {promisify} from 'node:util';
import {Argument, Command, Option} from 'commander';
import {completeWords} from '../../source/commands/complete-words.js';
import {completion, type Shell} from '../../source/commands/completion.js';
import {writeJob} from '../program/jobs.js';
import {type Desk, launcher, withDesk} from '../program/program.js';
import {heard} from './context.js';

const run = promisify(execFile);

const program = new Command('tool').version('1');
program
	.command('status')
	.description('how it stands')
	.argument('[job]')
	.option('-w, --watch', 'go on')
	.addOption(new Option('--state <state>', 'only these').choices(['running', 'failed']))
	.option('--out <dir>', 'a folder')
	.option('--note <text>', 'anything');
program.command('stop').alias('halt').description('end it').argument('<file>').argument('[batch]');
program
	.command('shell')
	.description('a script')
	.addArgument(new Argument('<shell>').choices(['bash', 'fish']));
program
	.command('past')
	.argument('[job]')
	.option('--since <time>', 'from then on')
	.action(() => {})
	.command('costs')
	.description('of each day');
program.command('secret', {hidden: true}).action(() => {});

async function answer(...words: string[]): Promise<string[]> {
	const context = heard({env: {XDG_STATE_HOME: '/nowhere'}});
	assert.equal(await completeWords(program, words, context), 'done');
	return context.said;
}

const cases: readonly [what: string, words: string[], answer: string[]][] = [
	['a command, with its description', ['st'], ['status\thow it stands', 'stop\tend it']],
	['no hidden command', ['se'], []],
	['nothing after a command that there is not', ['nope', ''], []],
	['a flag', ['status', '--w'], ['--watch\tgo on']],
	['help as a flag of everything', ['stop', '-'], ['--help\tdisplay help for command']],
	['the values of a flag', ['status', '--state', 'f'], ['failed']],
	['the values of a flag behind its =', ['status', '--state=f'], ['--state=failed']],
	['the values of a flag behind an = that is a word of its own', ['status', '--state', '=', ''], ['running', 'failed']],
	['the values of a flag right behind such an =', ['status', '--state', '='], ['running', 'failed']],
	['a folder for a flag that takes one', ['status', '--out', ''], [':folders']],
	['nothing for a flag that takes anything', ['status', '--note', ''], []],
	['an argument after a flag with its value', ['status', '--note', 'x', ''], [':files']],
	['an argument after a flag without one', ['status', '-w', ''], [':files']],
	['files for a file', ['halt', ''], [':files']],
	['the flags, where no argument is known', ['stop', 'x', 'y', ''], ['--help\tdisplay help for command']],
	['no flags behind --', ['stop', '--', '-'], [':files']],
	['the choices of an argument', ['shell', ''], ['bash', 'fish']],
	['questions and jobs, where both may stand', ['past', '--since', '7d', ''], ['costs\tof each day', ':files']],
	['the flags behind such a job', ['past', 'one', '--s'], ['--since\tfrom then on']],
	['commands to get help on', ['help', 'sh'], ['shell\ta script']],
];
for (const [what, words, expected] of cases)
	it(`a Tab offers ${what}`, async () => assert.deepEqual(await answer(...words), expected));

/** `mozart` as a word that shells find. */
function install(desk: Desk): NodeJS.ProcessEnv {
	const folder = desk.at('bin');
	chmodSync(desk.write('bin/mozart', `#!/bin/sh\nexec "${process.execPath}" "${launcher}" "$@"\n`), 0o755);
	return {...desk.env, PATH: [folder, desk.env.PATH].join(path.delimiter)};
}

it('bash completes commands, flags, jobs and job files', () =>
	withDesk(async desk => {
		const env = install(desk);
		writeJob(desk, {name: 'first'}, 'first.yaml');
		mkdirSync(desk.at('more jobs'));
		desk.write('more jobs/second job.yaml', 'name: second');
		desk.write('notes.txt', '');
		assert.equal((await desk.mozart('run', 'first.yaml')).code, 0);
		const {stdout: listed} = await desk.mozart('list', '--json');
		const {id} = JSON.parse(listed);
		const tabs = [
			['sta'],
			['status', 'fir'],
			['run', ''],
			['run', 'more jobs/s'],
			['list', '--status', '=', 'comp'],
			['run', '--works'],
			['run', '--workspace', ''],
		];
		const script = `eval "$(mozart completion bash)"
tab() {
	COMP_WORDS=(mozart "$@"); COMP_CWORD=$#
	_mozart
	printf '%s|' "\${COMPREPLY[@]}"; echo
}
${tabs.map(words => `tab ${words.map(word => `'${word}'`).join(' ')}`).join('\n')}`;
		const {stdout, stderr} = await run('bash', ['--norc', '-c', script], {cwd: desk.jobs, env});
		assert.equal(stderr, '');
		assert.deepEqual(
			stdout
				.trimEnd()
				.split('\n')
				.map(line => line.split('|').filter(Boolean).sort()),
			[
				['status'],
				['first.yaml', id].sort(),
				['bin', 'first.yaml', 'more jobs', 'workspace'],
				['more jobs/second job.yaml'],
				['completed'],
				['--workspace'],
				['bin', 'more jobs', 'workspace'],
			],
		);
	}));

const checks: Record<Shell, string[]> = {bash: ['-n'], zsh: ['-n'], fish: ['--no-execute']};
for (const shell of ['bash', 'zsh', 'fish'] as const) {
	it(`the script for ${shell} is one that it can read`, async context => {
		const talk = heard();
		completion(shell, talk);
		await withDesk(async desk => {
			const file = desk.write('script', talk.said.join('\n'));
			const {error, status, stderr} = spawnSync(shell, [...checks[shell], file], {encoding: 'utf8'});
			if (error) return context.skip(`${shell} is not installed here`);
			assert.equal(status, 0, stderr);
		});
	});
}
