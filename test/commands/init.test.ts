import assert from 'node:assert/strict';
import {mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync} from 'node:fs';
import {tmpdir} from 'node:os';
import path from 'node:path';
import {it} from 'node:test';
import {init} from '../../source/commands/init.js';
import {validate} from '../../source/commands/validate.js';
import {loadJob} from '../../source/config/load.js';
import {heard} from './context.js';

async function inFolder(story: (folder: string) => Promise<void>): Promise<void> {
	const folder = mkdtempSync(path.join(tmpdir(), 'mozart-init-'));
	try {
		await story(folder);
	} finally {
		rmSync(folder, {recursive: true});
	}
}

const errorsOf = (lines: readonly string[]) => lines.filter(line => line.includes(': error: '));

it('what init writes is valid at once', () =>
	inFolder(async cwd => {
		const context = heard({cwd});
		assert.equal(await init(undefined, {force: false}, context), 'done');
		const file = path.join(cwd, 'mozart.yaml');
		const {findings, job} = await loadJob(file);
		assert.deepEqual(findings, []);
		assert.equal(job?.backend.type, 'claude_cli');
		assert.equal(await validate(file, [], context), 'done');
		assert.deepEqual(errorsOf(context.complained), []);
	}));

it('each choice behind a # can be taken as it stands', () =>
	inFolder(async cwd => {
		await init(undefined, {force: false}, heard({cwd}));
		const text = readFileSync(path.join(cwd, 'mozart.yaml'), 'utf8');
		const taken = {
			model: text.replace('# model:', 'model:').replace('# working_directory:', 'working_directory:'),
			command: text
				.replace(/^backend:\n(?: .*\n)+/m, '')
				.replace(/^# (backend:\n)# ( +type: command\n)# ( +command:)/m, '$1$2$3'),
			api: text
				.replace(/^backend:\n(?: .*\n)+/m, '')
				.replace(/^# (backend:\n)# ( +type: anthropic_api\n)# ( +tools:)/m, '$1$2$3'),
			...Object.fromEntries(
				['file', 'glob', 'command'].map(source => [
					source,
					text
						.replace(/^ {2}total_items.*\n/m, '')
						.replace(new RegExp(`# items: (\\{${source}: .*\\}) .*`), (_, value) => `items: ${value}`),
				]),
			),
		};
		writeFileSync(path.join(cwd, 'items.txt'), 'one\ntwo\n');
		for (const [choice, job] of Object.entries(taken)) {
			assert.notEqual(job, text, choice);
			const file = path.join(cwd, `${choice}.yaml`);
			writeFileSync(file, job);
			const context = heard({cwd});
			assert.equal(await validate(file, [], context), 'done', `${choice}: ${context.complained.join('\n')}`);
		}
	}));

it('a file that is there is left as it is, unless it is said with force', () =>
	inFolder(async cwd => {
		const file = path.join(cwd, 'mine.yaml');
		writeFileSync(file, 'mine');
		const context = heard({cwd});
		assert.equal(await init('mine.yaml', {force: false}, context), 'usage');
		assert.equal(readFileSync(file, 'utf8'), 'mine');
		assert.match(context.complained.join(), /^mine\.yaml is there already .* mozart init --force mine\.yaml$/);
		assert.equal(await init('mine.yaml', {force: true}, context), 'done');
		assert.match(readFileSync(file, 'utf8'), /^name: mine$/m);
	}));

it('a folder that is missing, or stands in the place of the file, is told', () =>
	inFolder(async cwd => {
		mkdirSync(path.join(cwd, 'jobs'));
		const context = heard({cwd});
		assert.equal(await init('nowhere/job.yaml', {force: true}, context), 'usage');
		assert.equal(await init('jobs', {force: true}, context), 'usage');
		assert.match(context.complained[0] ?? '', /there is no folder .*nowhere/);
		assert.match(context.complained[1] ?? '', /jobs is a folder: .* mozart init jobs\/mozart\.yaml$/);
	}));

it('a folder that takes no files, and a file in the place of a folder, are told as such', () =>
	inFolder(async cwd => {
		writeFileSync(path.join(cwd, 'file'), '');
		const context = heard({cwd});
		assert.equal(await init('file/job.yaml', {force: false}, context), 'usage');
		assert.match(context.complained[0] ?? '', /: \S+file is a file and no folder\. Name another place\.$/);
		if (process.platform !== 'linux') return;
		assert.equal(await init('/proc/job.yaml', {force: false}, context), 'usage');
		assert.match(
			context.complained[1] ?? '',
			/: (\/proc takes no files|you may not write into \/proc)\. Name a file in a folder of your own\.$/,
		);
	}));

it('it ends with the commands that come next, as a shell takes them', () =>
	inFolder(async cwd => {
		const context = heard({cwd});
		await init("it's mine.yaml", {force: false}, context);
		const commands = context.said.flatMap(line => /^ {2}(mozart .*?) {3,}/.exec(line)?.[1] ?? []);
		const name = "'it'\\''s mine.yaml'";
		assert.deepEqual(commands, [`mozart validate ${name}`, `mozart run -n ${name}`, `mozart run ${name}`]);
		assert.match(readFileSync(path.join(cwd, "it's mine.yaml"), 'utf8'), /^name: "it's mine"$/m);
	}));
