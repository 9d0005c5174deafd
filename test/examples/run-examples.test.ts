import assert from 'node:assert/strict';
import {chmodSync, cpSync, existsSync, readdirSync, readFileSync} from 'node:fs';
import path from 'node:path';
import {describe, it} from 'node:test';
import type {Event} from '../../source/core/event.js';
import {signatureOf} from '../../source/notify/webhook.js';
import {webhookBodySchema} from '../../source/notify/webhook-body.js';
import {readFacts, replay, stateOf} from '../program/jobs.js';
import {type Desk, exits, withDesk} from '../program/program.js';
import {ChatServer} from '../support/chat-server.js';
import {MessagesApi} from '../support/messages-api.js';
import {withReceiver} from '../support/receiver.js';
import {bodyOf, withSmtp} from '../support/smtp-server.js';
import {examples} from './example.js';
import {lines, SmallRepository} from './small-repository.js';

/** Copies the examples, without what earlier runs of them have left. */
const copyExamples = (folder: string) =>
	cpSync(examples, folder, {
		recursive: true,
		filter: source => path.relative(examples, source).split(path.sep)[0] !== 'workspace',
	});

const theId = (workspace: string) =>
	readdirSync(path.join(workspace, '.mozart')).find(name => !name.startsWith('.')) ?? assert.fail('no state');

/** How a job's attempts went, batch by batch. */
const modes = (facts: readonly Event[], batch: number) =>
	facts.flatMap(fact => (fact.type === 'attempt-started' && fact.batch === batch ? [fact.mode] : []));

/** The number of commits, files and lines that git counts for these commits, in another way than the example's scripts. */
function countedByGit(repository: SmallRepository, hashes: readonly string[]) {
	let [files, added, deleted] = [0, 0, 0];
	for (const hash of hashes) {
		const stat = repository.git('show', '--format=', '--shortstat', '-M', hash);
		const number = (what: RegExp) => Number(what.exec(stat)?.[1] ?? 0);
		files += number(/(\d+) files? changed/);
		added += number(/(\d+) insertion/);
		deleted += number(/(\d+) deletion/);
	}
	return [files, added, deleted];
}

function commits(repository: SmallRepository, from: number, to: number): void {
	for (let number = from; number <= to; number++) {
		repository.write(`source/part-${number % 7}.ts`, lines(number));
		if (number % 5 === 0) repository.write(`test/part-${number}.test.ts`, lines(3));
		repository.commit(`Change part ${number % 7}\n\nIt has ${number} lines now.\n`);
	}
}

const cells = (text: string, first: string) =>
	new RegExp(`^\\| ${first} \\| (.*) \\|$`, 'm').exec(text)?.[1]?.split(' | ') ??
	assert.fail(`no row ${first} in ${text}`);

/** Every report of every batch is there, and its numbers are those of the commits. */
function reportsAreTrue(
	workspace: string,
	repository: SmallRepository,
	ranges: readonly (readonly [number, number])[],
): void {
	const hashes = repository.hashes();
	const read = (...names: string[]) => readFileSync(path.join(workspace, ...names), 'utf8');
	assert.equal(readdirSync(path.join(workspace, 'reports')).length, ranges.length * 3);
	for (const [index, [first, last]] of ranges.entries()) {
		const mine = hashes.slice(first - 1, last);
		const report = (name: string) => read('reports', `batch-${index + 1}-${name}.md`);
		assert.deepEqual(cells(report('size'), 'total').slice(0, 3).map(Number), countedByGit(repository, mine));
		for (const hash of mine) {
			const counted = countedByGit(repository, [hash]);
			assert.deepEqual(cells(report('size'), hash).slice(0, 3).map(Number), counted);
			assert.deepEqual(cells(report('risk'), hash).slice(2, 5).map(Number), counted);
			const subject = repository.git('show', '-s', '--format=%s', hash).trim();
			assert.equal(Number(cells(report('messages'), hash)[0]), subject.length);
		}
		for (const name of ['risk', 'size', 'messages']) assert.match(report(name), /^## Verdict$[\s\S]+^## Evidence$/m);
		const row = cells(read('TRACKER.md'), String(index + 1));
		assert.deepEqual(
			[row[0], ...row.slice(1, 4).map(Number)],
			[`${first} to ${last}`, ...countedByGit(repository, mine)],
		);
	}
	const {hotspots} = JSON.parse(read('hotspots.json'));
	const touched = repository.git('log', '--format=', '--name-only').split('\n').filter(Boolean);
	for (const {path: file, commits} of hotspots)
		assert.equal(commits, touched.filter(name => name === file).length, file);
}

const run = (desk: Desk, ...words: string[]) => desk.mozart('run', ...words);

describe('the examples, run by the program', {concurrency: 2}, () => {
	it('hello: batch 1 is done at once, batch 2 needs a completion, batch 3 a full retry', () =>
		withDesk(async desk => {
			copyExamples(desk.at('examples'));
			const started = performance.now();
			exits(await desk.mozart('validate', 'examples/hello.yaml'), 0);
			const {stdout, stderr} = exits(await run(desk, 'examples/hello.yaml'), 0);
			assert.ok(performance.now() - started < 10_000);
			assert.equal(stderr, '');
			assert.match(stdout, /hello: completed · 3\/3 completed\n5 attempts, 1 full retry, 1 completion in /);
			const workspace = desk.at('examples/workspace/hello');
			const facts = readFacts(stateOf(desk, theId(workspace), 'examples/workspace/hello'));
			assert.deepEqual(
				[1, 2, 3].map(batch => modes(facts, batch)),
				[['normal'], ['normal', 'completion'], ['normal', 'retry']],
			);
			for (const number of [1, 2, 3])
				assert.match(
					readFileSync(path.join(workspace, `letters/letter-${number}.md`), 'utf8'),
					/^Dear .+ and dear .+,\n[\s\S]+\nYours, Mozart\n$/,
				);
		}));

	it('own-cli: a profile in place does batch 1, its fallback the others; tokens are counted', () =>
		withDesk(async desk => {
			copyExamples(desk.at('examples'));
			exits(await desk.mozart('validate', 'examples/own-cli.yaml'), 0);
			const {stdout} = exits(await run(desk, 'examples/own-cli.yaml'), 0);
			assert.match(stdout, /batch 2\/3 {2}goes on with node rather than wait until/);
			assert.match(stdout, /3\/3 completed\n4 attempts.* 2 moves to another CLI, \d+ tokens in, 3 out/);
			const workspace = desk.at('examples/workspace/own-cli');
			assert.equal(readFileSync(path.join(workspace, 'squares-3.txt'), 'utf8'), '49\n64\n81\n');
		}));

	it('commit-review: the repository it lies in is reviewed ten commits a batch, and new commits later', () =>
		withDesk(async desk => {
			const repository = new SmallRepository();
			try {
				repository.write('.gitignore', 'examples/\n');
				commits(repository, 1, 23);
				copyExamples(path.join(repository.folder, 'examples'));
				const job = path.join(repository.folder, 'examples/commit-review.yaml');
				exits(await desk.mozart('validate', job), 0);
				assert.match(exits(await run(desk, job), 0).stdout, /commit-review: completed · 3\/3 completed\n3 attempts/);
				const workspace = path.join(repository.folder, 'examples/workspace/commit-review');
				const ranges: [number, number][] = [
					[1, 10],
					[11, 20],
					[21, 23],
				];
				reportsAreTrue(workspace, repository, ranges);
				assert.equal(existsSync(path.join(repository.folder, '.git/index.lock')), false);

				commits(repository, 24, 27);
				const more = exits(await run(desk, job), 0);
				assert.match(more.stderr, /4 new items \(23 -> 27\)/);
				assert.match(more.stdout, /4\/4 completed\n4 attempts/);
				reportsAreTrue(workspace, repository, [...ranges, [24, 27]]);
				assert.equal(replay(readFacts(path.join(workspace, '.mozart', theId(workspace)))).result, 'completed');
			} finally {
				repository.remove();
			}
		}));

	it('commit-review: another repository by --set, into another workspace', () =>
		withDesk(async desk => {
			const repository = new SmallRepository();
			try {
				commits(repository, 1, 3);
				copyExamples(desk.at('examples'));
				const words = ['--set', `prompt.variables.repository=${repository.folder}`, '--workspace', 'out'];
				exits(await run(desk, 'examples/commit-review.yaml', ...words), 0);
				reportsAreTrue(desk.at('out'), repository, [[1, 3]]);
			} finally {
				repository.remove();
			}
		}));

	it('tell-me: desktop, Slack, webhook and mail are told of the failure and of the end, with the digest', () =>
		withReceiver(receiver =>
			withSmtp(server =>
				withDesk(async desk => {
					copyExamples(desk.at('examples'));
					const shown = desk.at('shown');
					const bin = path.dirname(desk.write('bin/notify-send', `#!/bin/sh\nprintf '%s\\n' "$@" >> '${shown}'\n`));
					chmodSync(path.join(bin, 'notify-send'), 0o755);
					const env = {
						...{...desk.env, PATH: `${bin}:${desk.env.PATH}`, DISPLAY: ':0', TELL_ME_PASSWORD: 'hunter22'},
						...{SLACK_WEBHOOK_URL: `${receiver.url}/slack`, TELL_ME_URL: `${receiver.url}/here`, TELL_ME_KEY: 'a key'},
					};
					const at = (field: string, value: unknown) => ['--set', `notifications.3.config.${field}=${value}`];
					const words = ['run', 'examples/tell-me.yaml', ...at('host', '127.0.0.1'), ...at('port', server.port)];
					const {stdout, stderr} = exits(await desk.start(words, {env}).ended, 1);
					assert.match(stderr, /^(Messages are still being delivered, .*\n)?$/);
					const headline = 'tell-me: failed · 4/5 completed · 1 failed';
					const next = /Run the failed ones again: (mozart run tell-me-[0-9a-f]{8})/;
					const lines = readFileSync(shown, 'utf8').split('\n');
					assert.deepEqual(lines.slice(0, 4), ['--app-name=Mozart', '--urgency=critical', '--', headline]);

					const [slack] = receiver.received.filter(({path}) => path === '/slack').slice(-1);
					const {text, blocks} = JSON.parse(slack?.body ?? '');
					assert.equal(text, headline);
					assert.match(blocks[1].text.text, /^5 attempts in .*\n\nFailed:\n +batch 3: /);
					assert.match(blocks[2].elements[0].text, /`mozart run tell-me-[0-9a-f]{8}`/);

					const posted = receiver.received.filter(({path}) => path === '/here');
					const {headers, body} = posted.at(-1)!;
					const timestamp = String(headers['x-mozart-timestamp']);
					assert.equal(headers['x-mozart-signature'], `sha256=${signatureOf({key: 'a key', timestamp, body})}`);
					const messages = posted.map(({body}) => webhookBodySchema.parse(JSON.parse(body)));
					// One message, unless a busy machine takes longer for the job than a burst may last.
					assert.deepEqual(
						messages.flatMap(({topics}) => topics),
						['job_start', 'batch_failed', 'job_failed'],
					);
					assert.deepEqual(messages.at(-1)?.digest?.failed[0]?.batches, [3]);

					const [mail] = server.mails;
					assert.deepEqual([mail?.to, mail?.login], [['you@example.org'], '\0mozart@example.org\0hunter22']);
					const said = bodyOf(mail?.text ?? '');
					assert.match(said, new RegExp(`^${headline}\\n\\n5 attempts in `));
					assert.match(said, next);
					assert.match(stdout, /tell-me: failed/);
				}),
			),
		));

	it('anthropic-api: each reply becomes a file; one that lacks an entry is asked for it in the same conversation', () =>
		withDesk(async desk => {
			const api = await new MessagesApi('all').open();
			try {
				const entry = (term: string) => `## ${term}\n\nIt is so.\n\nListen to: something.\n`;
				const [first, second, rest] = [['adagio', 'cadence', 'counterpoint'], ['fugue', 'ostinato'], ['rubato']];
				api.replies.push(
					...[first, second, [...(second ?? []), ...(rest ?? [])]].map(terms => ({
						text: (terms ?? []).map(entry).join('\n'),
					})),
				);
				copyExamples(desk.at('examples'));
				const env = {...desk.env, ANTHROPIC_API_KEY: 'sk-ant-example-4711', ANTHROPIC_BASE_URL: api.url};
				exits(await desk.start(['validate', 'examples/anthropic-api.yaml'], {env}).ended, 0);
				const words = ['run', '--no-tui', 'examples/anthropic-api.yaml', '--set', 'retry.completion_delay_seconds=0'];
				const {stdout, stderr} = exits(await desk.start(words, {env}).ended, 0);
				assert.equal(stderr, '');
				assert.match(
					stdout,
					/2\/2 completed\n3 attempts, .* 1 completion, 3000 tokens in, 30 out, \$0\.0063 of \$1\.00 /,
				);
				const text = readFileSync(desk.at('examples/workspace/anthropic-api/part-2.md'), 'utf8');
				assert.deepEqual(text.match(/^## .*$/gm), ['## fugue', '## ostinato', '## rubato']);
				assert.deepEqual(
					api.requests.map(({body}) => body.messages.length),
					[1, 1, 3],
				);
			} finally {
				await api.close();
			}
		}));

	it('local-model: the model writes files with tools, without any key, and mends what is missing', () =>
		withDesk(async desk => {
			const server = await new ChatServer().open();
			try {
				const write = (word: string, more = 'Try: looking up.\n') => ({
					text: '',
					calls: [
						{name: 'write_file', input: {path: `words/${word}.md`, content: `# ${word}\n\nIt is so.\n\n${more}`}},
					],
				});
				server.replies.push(write('tide'), {text: 'Done.'}, write('rainbow'), {text: 'Done.'}, write('frost', ''));
				const edit = {path: 'words/frost.md', old_text: 'so.\n', new_text: 'so.\n\nTry: looking up.\n'};
				server.replies.push(
					{text: 'Done.'},
					{text: '', calls: [{name: 'edit_file', input: edit}]},
					{text: 'Now it is.'},
				);
				copyExamples(desk.at('examples'));
				const sets = ['backend.model=small', `backend.base_url=${server.url}`, 'retry.completion_delay_seconds=0'];
				const words = ['run', '--no-tui', 'examples/local-model.yaml', ...sets.flatMap(set => ['--set', set])];
				const {stdout, stderr} = exits(await desk.start(words).ended, 0);
				assert.equal(stderr, '');
				assert.match(stdout, /3\/3 completed\n4 attempts, .* 1 completion, 8000 tokens in, 80 out/);
				assert.match(
					readFileSync(desk.at('examples/workspace/local-model/words/frost.md'), 'utf8'),
					/^# frost\n[\s\S]*\nTry:/,
				);
				assert.deepEqual(
					server.requests.map(({body, headers}) => [body.messages.length, headers.authorization]),
					[2, 4, 2, 4, 2, 4, 6, 8].map(count => [count, undefined]),
				);
			} finally {
				await server.close();
			}
		}));

	it('are all run here but those that need a CLI with an account; they are valid', () =>
		withDesk(async desk => {
			const run = [
				'anthropic-api.yaml',
				'commit-review.yaml',
				'hello.yaml',
				'local-model.yaml',
				'own-cli.yaml',
				'tell-me.yaml',
			];
			const needAccount = ['batch-review.yaml'];
			const others = readdirSync(examples).filter(name => name.endsWith('.yaml') && !run.includes(name));
			assert.deepEqual(
				others.filter(name => !needAccount.includes(name)),
				[],
			);
			copyExamples(desk.at('examples'));
			for (const name of others) exits(await desk.mozart('validate', `examples/${name}`), 0);
		}));
});
