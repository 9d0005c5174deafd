import assert from 'node:assert/strict';
import {existsSync, readdirSync} from 'node:fs';
import path from 'node:path';
import {after, afterEach, before, beforeEach, describe, test} from 'node:test';
import {tokensOf} from '../../source/core/usage.js';
import {endMarked, findMarked} from '../../source/process/strays.js';
import {readFacts, replay, stateOf} from '../program/jobs.js';
import {eventually, exits, withDesk} from '../program/program.js';
import {assertAllGiven, type ModelApi, type Reply} from '../support/model-api.js';
import {type RealCli, RealHome, skipReason} from '../support/real-cli.js';
import {batchOf, JumpingClock, Story} from '../support/story.js';

/** What a story with a real CLI is told with: new for each, but for the CLI's home. */
export class Stage {
	api!: ModelApi;
	story!: Story;
	env!: Record<string, string>;
	home!: RealHome;

	/** Another environment, such as other credentials. */
	restart(more: Record<string, string> = {}): void {
		this.story?.remove();
		const clock = new JumpingClock(Date.now());
		const story = new Story({...this.env, ...more}, clock);
		// An answer that was given before a wait must not come after it, as slow as the CLI may be.
		clock.holds = () => story.of('attempt-started').length > story.of('attempt-ended').length;
		this.story = story;
	}

	at(name: string): string {
		return path.join(this.story.folder, 'workspace', name);
	}

	readonly write = (name: string): Reply => ({write: this.at(name), content: `${name}\n`});

	job(more: object = {}): string {
		return this.story.write({...jobOf(this.cli), ...more});
	}

	constructor(readonly cli: RealCli) {}
}

const jobOf = ({backend}: RealCli) => ({
	name: 'real',
	backend: {timeout_seconds: 120, ...backend},
	batch: {size: 1, total_items: 1},
	prompt: {template: 'Write the files a.md, b.md and c.md into {{ workspace }}.'},
	validations: ['a.md', 'b.md', 'c.md'].map(file => ({type: 'file_exists', path: file})),
	pause_between_batches_seconds: 0,
});

/** The stories of a real CLI: those that every one has to stand, and more of its own. */
export function describeReal(cli: RealCli, tellMore: (stage: Stage) => void = () => {}): void {
	describe(`with the real ${cli.title}`, {skip: skipReason(cli), timeout: 300_000}, () => {
		const stage = new Stage(cli);
		before(() => {
			stage.home = new RealHome(cli);
		});
		after(() => stage.home.remove());
		beforeEach(async () => {
			stage.api = await cli.createApi().open();
			stage.env = stage.home.env(stage.api.url);
			stage.restart();
		});
		afterEach(async () => {
			await stage.api.close();
			stage.story.remove();
			assert.deepEqual(stage.home.processes(), [], 'nothing is left of it');
		});
		tellCommon(stage);
		tellMore(stage);
	});
}

function tellCommon(stage: Stage): void {
	test('its tools write what was asked for, and what it used is counted', async () => {
		const {api, story} = stage;
		api.replies.push(...['a.md', 'b.md', 'c.md'].map(stage.write), {text: 'All are there.'});
		const ended = await story.run(stage.job());
		assert.equal(ended.result, 'completed');
		assertAllGiven(api);
		assert.equal(batchOf(ended, 1).attempt, 1);
		assert.match(story.live, /All are there\.\n\n✔ done/);
		assert.equal(tokensOf(ended.totals.usage), api.answered * 1010);
	});

	test('what is missing is asked for in the same session, and no token is counted twice', async () => {
		const {api, story} = stage;
		const [a, b, c] = ['a.md', 'b.md', 'c.md'].map(stage.write);
		api.replies.push(a!, b!, {text: 'Two are there.'}, c!, {text: 'All are there.'});
		const counts: number[] = [];
		story.onEvent = event => {
			if (event.type === 'attempt-ended') counts.push(api.answered);
		};
		const ended = await story.run(stage.job());
		assert.equal(ended.result, 'completed');
		assertAllGiven(api);
		const {attempt, completions, retries} = batchOf(ended, 1);
		assert.deepEqual({attempt, completions, retries}, {attempt: 2, completions: 1, retries: 0});
		assertGoesOn(api.asked[3], /Write the files a\.md, b\.md and c\.md/);
		const [first = 0, both = 0] = counts;
		assert.deepEqual(
			story.of('attempt-ended').map(({outcome}) => tokensOf(outcome.usage)),
			[first * 1010, (both - first) * 1010],
		);
	});

	test('a session that it does not know any more gives way to a new one', async () => {
		const {api, story} = stage;
		const [a, b, c] = ['a.md', 'b.md', 'c.md'].map(stage.write);
		api.replies.push(a!, b!, {text: 'Two.'}, c!, {text: 'Three.'});
		story.onEvent = event => {
			if (event.type === 'completion-scheduled') stage.home.forgetSessions();
		};
		const ended = await story.run(stage.job());
		assert.equal(ended.result, 'completed');
		assert.equal(batchOf(ended, 1).attempt, 2);
		assert.match(story.live, /the session cannot go on/);
		assertAllGiven(api);
	});

	test('a limit of the account is waited out to the reset it tells: one wait, and no budget spent', async () => {
		const {api, story} = stage;
		const reset = Math.ceil(Date.now() / 60_000) * 60_000 + 2 * 3_600_000;
		api.onAsked = () => {
			if (story.clock.time < reset) return stage.cli.limit(reset, story.clock.time);
			api.onAsked = undefined;
			return stage.write('a.md');
		};
		api.replies.push(stage.write('b.md'), stage.write('c.md'));
		const ended = await story.run(stage.job({retry: {max_retries: 0, max_completion_attempts: 0}}));
		assert.equal(ended.result, 'completed');
		const until = story.of('limit-seen').map(limit => limit.until);
		assert.equal(until.length, 1);
		assert.ok(Math.abs((until[0] ?? 0) - reset) < 60_000, `${until[0]} is about ${reset}`);
		assert.ok(story.clock.time >= reset);
		const {attempt, retries, completions} = batchOf(ended, 1);
		assert.deepEqual(
			{attempt, retries, completions, waits: ended.totals.waits},
			{
				...{attempt: 2, retries: 0, completions: 0, waits: 1},
			},
		);
	});

	test('a service that has too much to do is asked again a little later, and no budget is spent', async () => {
		const {api, story} = stage;
		let isOver = false;
		story.onEvent = event => {
			if (event.type === 'attempt-ended') isOver = true;
		};
		api.onAsked = () => (isOver ? api.replies.shift() : stage.cli.overloaded) ?? {text: 'Done.'};
		api.replies.push(...['a.md', 'b.md', 'c.md'].map(stage.write));
		const ended = await story.run(stage.job({retry: {max_retries: 0, max_completion_attempts: 0}}));
		assert.equal(ended.result, 'completed');
		assert.equal(story.of('attempt-ended')[0]?.outcome.failure?.kind, 'overloaded');
		const {attempt, retries} = batchOf(ended, 1);
		assert.deepEqual({attempt, retries}, {attempt: 2, retries: 0});
	});

	test('a key that is not valid pauses the job', async () => {
		const {api, story} = stage;
		api.onAsked = () => stage.cli.badKey;
		const ended = await story.run(stage.job());
		assert.equal(ended.result, 'paused');
		assert.ok(api.asked.length > 0, 'the service was asked');
		assert.equal(story.of('batch-returned')[0]?.failure?.kind, 'auth');
		assert.equal(batchOf(ended, 1).retries, 0);
	});

	test('a prompt that is too long fails its batch at once, and the next one is done', async () => {
		const {api, story} = stage;
		api.onAsked = texts =>
			texts.join('\n').includes('Do batch 1') ? stage.cli.tooLong : (api.replies.shift() ?? {text: 'Done.'});
		api.replies.push(stage.write('2.md'));
		const ended = await story.run(
			stage.job({
				batch: {size: 1, total_items: 2},
				prompt: {template: 'Do batch {{ batch_num }}.'},
				validations: [{type: 'file_exists', path: '{batch_num}.md'}],
				on_batch_failure: 'continue',
			}),
		);
		assert.deepEqual([batchOf(ended, 1).status, batchOf(ended, 2).status], ['failed', 'completed']);
		const {attempt, history} = batchOf(ended, 1);
		assert.deepEqual([attempt, history[0]?.kind], [1, 'prompt_too_long']);
	});

	test('stopped in the midst of a command it is gone with all it had started, and its session goes on later', async () => {
		const {api, story} = stage;
		api.replies.push({bash: `touch ${stage.at('a.md')} ${stage.at('b.md')}; sleep 300 & sleep 300`});
		let look: NodeJS.Timeout | undefined;
		story.onEvent = (event, {engine}) => {
			if (event.type !== 'attempt-spawned') return;
			look = setInterval(() => {
				if (!existsSync(stage.at('b.md'))) return;
				clearInterval(look);
				void engine.send({type: 'stop', mode: 'now'});
			}, 20);
		};
		const file = stage.job();
		const stopped = await story.run(file).finally(() => clearInterval(look));
		assert.equal(stopped.result, 'paused');
		assert.equal(story.of('attempt-ended')[0]?.outcome.aborted, true);
		assert.deepEqual(stage.home.processes(), []);
		story.onEvent = undefined;
		api.replies.push(stage.write('c.md'), {text: 'Done.'});
		const ended = await story.run(file, {intent: 'resume'});
		assert.equal(ended.result, 'completed');
		// Two of three rules passed when they were looked at: only the rest was asked for, in the session that was stopped.
		assert.match(story.read(story.paths.promptFile(1, 2)), /Your work on batch 1 was checked/);
		assertGoesOn(api.asked.at(-1), /Write the files a\.md, b\.md and c\.md/);
	});

	test('kill -9 of the program in mid-attempt leaves no orphan once it is resumed, and no finished work is paid for twice', () =>
		withDesk(async desk => {
			const {api, cli} = stage;
			const at = (name: string) => desk.at('workspace', name);
			const midst = (...names: string[]): Reply => ({bash: `touch ${names.map(at).join(' ')}; sleep 300 & sleep 300`});
			const plans: Record<number, Reply[]> = {
				1: ['1a', '1b', '1c'].map(name => ({write: at(name), content: name})),
				2: [midst('2a', '2b', '2c')],
				3: [midst('3a', '3b'), {write: at('3c'), content: 'c'}],
			};
			const asked: Record<number, number> = {1: 0, 2: 0, 3: 0};
			api.onAsked = texts => {
				const number = Number(/Do batch (\d)/.exec(texts.join('\n'))?.[1]);
				asked[number] = (asked[number] ?? 0) + 1;
				return plans[number]?.shift() ?? {text: 'Done.'};
			};
			desk.write(
				'work.yaml',
				JSON.stringify({
					...jobOf(cli),
					batch: {size: 1, total_items: 3},
					parallel: {max_concurrent: 3},
					prompt: {template: 'Do batch {{ batch_num }}: its files a, b and c.'},
					validations: [...'abc'].map(name => ({type: 'file_exists', path: `{batch_num}${name}`})),
				}),
			);
			const env = {...desk.env, ...stage.env};
			const killed = desk.start(['run', 'work.yaml', '--json'], {env});
			await killed.event('batch-completed', ({batch}) => batch === 1);
			await eventually('both in the midst of a command', () => existsSync(at('2c')) && existsSync(at('3b')));
			killed.kill('SIGKILL');
			await killed.ended;
			const id = readdirSync(at('.mozart')).find(name => !name.startsWith('.')) ?? '';
			assert.ok(findMarked(marker => marker.startsWith(`${id}:`)).length >= 4, 'the CLIs and their commands live on');
			const before = {...asked};
			const resumed = desk.start(['run', 'work.yaml', '--json'], {env});
			exits(await resumed.ended, 0);
			assert.deepEqual(await endMarked(`${id}:`, {graceMs: 0}), {found: 0, left: []});
			assert.deepEqual(stage.home.processes(), []);
			assert.deepEqual([asked[1], asked[2]], [before[1], before[2]], 'what was finished was not asked for again');
			const run = replay(readFacts(stateOf(desk, id)));
			assert.deepEqual(
				[1, 2, 3].map(number => [batchOf(run, number).status, batchOf(run, number).attempt]),
				[
					['completed', 1],
					['completed', 1],
					['completed', 2],
				],
			);
			assertGoesOn(api.asked.at(-1), /Do batch 3/);
		}));
}

/** The task was told in the session once, and then what is missing, in a prompt of its own: not both again in a new one. */
function assertGoesOn(texts: readonly string[] = [], task: RegExp): void {
	const [tasks, checks] = [task, /Your work on batch \d was checked/].map(words => texts.map(text => words.test(text)));
	assert.deepEqual([tasks?.filter(Boolean).length, checks?.filter(Boolean).length], [1, 1], texts.join('\n---\n'));
	assert.ok((tasks?.indexOf(true) ?? 0) < (checks?.indexOf(true) ?? 0));
}
