import assert from 'node:assert/strict';
import {globSync, readFileSync, writeFileSync} from 'node:fs';
import path from 'node:path';
import {afterEach, beforeEach, describe, test} from 'node:test';
import {openRun} from '../source/open-run.js';
import {FakeClaude} from './support/claude.js';
import {batchOf, JumpingClock, Story} from './support/story.js';

const secret = 'sk-test-"4711"-aBcDeFgH';

/** Prints its key in two pieces, far enough apart that they come alone, and leaves it in a file. */
const blabber = `
	const {MY_API_KEY: key, JOB_TOKEN: token, HIDDEN = 'unset', PLAIN} = process.env;
	process.stdout.write('key ' + key.slice(0, 9));
	setTimeout(() => {
		process.stdout.write(key.slice(9) + ' ' + JSON.stringify({key}) + '\\n');
		process.stderr.write(token + ' is the token, ' + HIDDEN + ' is hidden, ' + PLAIN + ' is plain\\n');
		require('fs').writeFileSync('workspace/seen.txt', 'x'.repeat(100) + key + 'y'.repeat(65) + '\\n');
		process.exit(3);
	}, 60);`;

describe('keys', () => {
	let story: Story;
	beforeEach(() => {
		story = new Story({
			PATH: process.env.PATH ?? '',
			MY_API_KEY: secret,
			HIDDEN: 'not for the child',
			PLAIN: 'plain value',
		});
		writeFileSync(path.join(story.folder, 'blabber.cjs'), blabber);
	});
	afterEach(() => story.remove());

	const job = (more: object = {}) => ({
		name: 'keys',
		backend: {
			type: 'command',
			command: [process.execPath, 'blabber.cjs'],
			env: {JOB_TOKEN: 'tok_8f3aQ71x'},
			env_pass: ['MY_*', 'PLAIN'],
		},
		batch: {size: 1, total_items: 1},
		prompt: {template: 'Use {{ key }}.', variables: {key: secret}},
		retry: {max_retries: 0, max_completion_attempts: 0},
		validations: [
			{type: 'file_modified', path: 'seen.txt'},
			{type: 'content_contains', path: 'seen.txt', pattern: 'never there'},
			{type: 'content_regex', path: 'seen.txt', pattern: 'sk-.*'},
			{type: 'command_succeeds', command: 'echo "$MY_API_KEY $JOB_TOKEN $HIDDEN"; exit 1'},
		],
		...more,
	});

	/** Every file of the job's state with a key in it. */
	const leaks = () =>
		globSync('workspace/.mozart/**/*', {cwd: story.folder, exclude: name => name === 'seen.txt'})
			.concat(globSync('state/**/*', {cwd: story.folder}))
			.filter(file => {
				const text = read(file);
				return [secret, JSON.stringify(secret).slice(1, -1), secret.slice(-8), 'tok_8f3aQ71x'].some(key =>
					text.includes(key),
				);
			});
	const read = (file: string) => {
		try {
			return readFileSync(path.join(story.folder, file), 'utf8');
		} catch {
			return '';
		}
	};

	test('reach the child and its rules, and are in no log, fact, copy or screen', async () => {
		const ended = await story.run(story.write(job()));
		assert.equal(story.read('workspace/seen.txt').trim(), 'x'.repeat(100) + secret + 'y'.repeat(65));
		const {paths} = story;
		assert.equal(readFileSync(paths.stdoutLog(1, 1), 'utf8'), 'key *** {"key":"***"}\n');
		const hidden = '*** is the token, unset is hidden, plain value is plain\n';
		assert.equal(readFileSync(paths.stderrLog(1, 1), 'utf8'), hidden);
		assert.equal(readFileSync(paths.promptFile(1, 1), 'utf8'), 'Use ***.');
		assert.match(story.live, /key \*\*\* /);
		const batch = batchOf(ended, 1);
		assert.deepEqual(
			batch.verdicts?.map(({passed}) => passed),
			[true, false, true, false],
		);
		assert.match(batch.verdicts?.[1]?.message ?? '', /its last 80 characters: "x*\*\*\*y{65}\\n"/);
		assert.match(batch.verdicts?.[2]?.actual ?? '', /^\*\*\*y{65}$/);
		assert.match(batch.verdicts?.[3]?.message ?? '', /its last output: "\*\*\* \*\*\*"/);
		const snapshot = globSync('*', {cwd: paths.snapshots}).map(file =>
			readFileSync(path.join(paths.snapshots, file), 'utf8'),
		);
		assert.deepEqual(snapshot, [`${'x'.repeat(100)}***${'y'.repeat(65)}\n`]);
		// The job's own text is not masked in the facts: the prompt must be rendered from it again.
		const facts = ['checkpoint.json', 'checkpoint.json.bak', 'journal.jsonl'];
		assert.deepEqual(
			leaks().filter(file => !facts.includes(path.basename(file))),
			[],
		);
		for (const fact of facts)
			assert.ok(!read(path.join(path.relative(story.folder, paths.root), fact)).includes('tok_8f3a'));
	});

	test('are nowhere at all where the job file does not hold them', async () => {
		await story.run(story.write(job({prompt: {template: 'x'}})));
		assert.ok(globSync('workspace/.mozart/**/*', {cwd: story.folder}).length > 5);
		assert.deepEqual(leaks(), []);
	});

	test('are left in a prompt that the program reads from its file', async () => {
		const command = [
			process.execPath,
			'-e',
			'console.log(require("fs").readFileSync(process.argv[1], "utf8"))',
			'{prompt_file}',
		];
		await story.run(story.write(job({backend: {type: 'command', command}, validations: []})));
		assert.equal(readFileSync(story.paths.promptFile(1, 1), 'utf8'), `Use ${secret}.`);
		assert.equal(readFileSync(story.paths.stdoutLog(1, 1), 'utf8').trim(), 'Use ***.');
	});

	test('are not changed for the job as it goes on: the facts know only that there are some', async () => {
		const file = story.write(job({validations: []}));
		await story.run(file);
		await story.run(file);
		assert.deepEqual(story.of('job-changed'), []);
		assert.equal(story.of('attempt-started').length, 2);
	});

	test('are refused in --set, which everybody can see and which is kept', async () => {
		const clock = new JumpingClock(0);
		const set = 'backend.env.X_TOKEN=abcd-1234-efgh';
		const opened = await openRun({file: story.write(job()), sets: [set], intent: 'run', clock, env: story.env});
		assert.ok('kind' in opened && opened.kind === 'usage');
		assert.match(opened.message, /^--set backend\.env\.X_TOKEN=… holds a key/);
		assert.ok(!opened.message.includes('abcd'));
	});

	test('in items that a command prints are hidden like elsewhere', async () => {
		const items = {command: ['sh', '-c', 'echo one; echo $MY_API_KEY']};
		const ended = await story.run(
			story.write(job({batch: {size: 2, items}, backend: {type: 'command', command: ['true']}, validations: []})),
		);
		assert.deepEqual(ended.items, ['one', '***']);
	});
});

describe('a budget, with Claude Code', () => {
	let claude: FakeClaude;
	let story: Story;
	beforeEach(() => {
		claude = new FakeClaude();
		story = new Story(claude.env);
	});
	afterEach(() => {
		claude.remove();
		story.remove();
	});

	const write = (max: number) =>
		story.write({
			name: 'budget',
			backend: {skip_permissions: false},
			batch: {size: 1, total_items: 3},
			prompt: {template: 'x'},
			budget: {max_cost_usd: max},
			validations: ['a', 'b', 'c'].map(name => ({type: 'file_exists', path: `${name}-{batch_num}.md`})),
			pause_between_batches_seconds: 0,
		});
	const wrote = (batch: number, names: string) =>
		Object.fromEntries([...names].map(name => [`workspace/${name}-${batch}.md`, `${name}\n`]));

	test('counts a resumed session’s difference, pauses with the batch pending, and goes on when it is raised', async () => {
		// The completion goes on in its session, whose total then is $0.07: $0.02 of it are its own.
		claude.plays([
			{costUsd: 0.05, write: wrote(1, 'ab')},
			{costUsd: 0.02, write: wrote(1, 'c')},
			{costUsd: 0.05, write: wrote(2, 'abc')},
			{costUsd: 0.05, write: wrote(3, 'abc')},
		]);
		const first = await story.run(write(0.1));
		assert.equal(first.result, 'paused');
		assert.match(first.reason ?? '', /the budget of the job is spent: \$0\.12 of \$0\.10/);
		assert.equal(claude.calls().length, 3);
		assert.deepEqual(
			[1, 2, 3].map(number => [
				batchOf(first, number).status,
				Number(batchOf(first, number).usage?.costUsd?.toFixed(6) ?? 0),
			]),
			[
				['completed', 0.07],
				['completed', 0.05],
				['pending', 0],
			],
		);
		const again = await story.run(write(0.1), {intent: 'resume'});
		assert.equal(again.result, 'paused');
		assert.equal(claude.calls().length, 3);
		const more = await story.run(write(1), {intent: 'resume'});
		assert.equal(more.result, 'completed');
		assert.equal(Number(more.totals.usage?.costUsd?.toFixed(6)), 0.17);
	});

	test('counts what a stopped attempt has cost as soon as its session tells it, and once', async () => {
		claude.plays([
			{costUsd: 0.05, write: wrote(1, 'ab')},
			{costUsd: 0.02, hang: true},
			{costUsd: 0.01, write: wrote(1, 'c')},
		]);
		story.onEvent = (event, {engine}) => {
			if (event.type === 'attempt-spawned' && event.attempt === 2) {
				const begun = () => claude.calls().length === 2;
				const stop = () => (begun() ? void engine.send({type: 'pause', mode: 'now'}) : setTimeout(stop, 5));
				stop();
			}
		};
		const one = {name: 'one', batch: {size: 1, total_items: 1}, prompt: {template: 'x'}, budget: {max_cost_usd: 1}};
		const rules = ['a', 'b', 'c'].map(name => ({type: 'file_exists', path: `${name}-{batch_num}.md`}));
		const file = story.write({...one, backend: {skip_permissions: false}, validations: rules});
		const stopped = await story.run(file);
		assert.equal(Number(stopped.totals.usage?.costUsd?.toFixed(6)), 0.05);
		assert.equal(stopped.totals.untold, 1);
		const done = await story.run(file, {intent: 'resume'});
		assert.equal(done.result, 'completed');
		assert.equal(Number(done.totals.usage?.costUsd?.toFixed(6)), 0.08);
		assert.equal(Number(batchOf(done, 1).usage?.costUsd?.toFixed(6)), 0.08);
	});
});
