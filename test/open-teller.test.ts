import assert from 'node:assert/strict';
import {readdirSync, readFileSync} from 'node:fs';
import path from 'node:path';
import {describe, it} from 'node:test';
import {webhookBodySchema} from '../source/notify/webhook-body.js';
import type {OpenRun} from '../source/open-run.js';
import {type Receiver, status, withReceiver} from './support/receiver.js';
import {withSmtp} from './support/smtp-server.js';
import {Story} from './support/story.js';

const env = {PATH: process.env.PATH ?? ''};

const script = '[ {batch_num} != 7 ] && mkdir -p workspace/out && echo > workspace/out/{batch_num}';

/** A job of forty quick batches, of which the seventh fails. */
const job = (notifications: object[], more: object = {}) => ({
	name: 'forty',
	backend: {
		type: 'command',
		command: ['sh', '-c', script],
	},
	batch: {size: 1, total_items: 40},
	prompt: {template: 'x'},
	validations: [{type: 'file_exists', path: 'out/{batch_num}'}],
	retry: {max_retries: 0, max_completion_attempts: 0},
	on_batch_failure: 'continue',
	pause_between_batches_seconds: 0,
	parallel: {max_concurrent: 8},
	notifications,
	...more,
});

const everything = ['job_start', 'batch_start', 'batch_complete', 'batch_failed', 'job_complete', 'job_failed'];

async function withStory(
	variables: Record<string, string>,
	use: (story: Story, trouble: string[]) => Promise<void>,
): Promise<void> {
	const story = new Story({...env, ...variables});
	const trouble: string[] = [];
	const seen = new Set<OpenRun>();
	story.onEvent = (_, opened) => {
		if (!seen.has(opened)) opened.notifier?.onProblem(line => trouble.push(line));
		seen.add(opened);
	};
	try {
		await use(story, trouble);
	} finally {
		story.remove();
	}
}

const bodies = (receiver: Receiver) => receiver.received.map(({body}) => webhookBodySchema.parse(JSON.parse(body)));

/** Everything that is on disk of a job, but what the job file itself says. */
function onDisk(story: Story): string {
	const folders = [story.paths.root, path.join(story.folder, 'state')];
	return folders
		.flatMap(folder => readdirSync(folder, {recursive: true, withFileTypes: true}))
		.filter(entry => entry.isFile())
		.map(entry => readFileSync(path.join(entry.parentPath, entry.name), 'utf8'))
		.join('\n');
}

describe('the notifications of a job', {concurrency: 2}, () => {
	it('are a few messages for forty batches, and the last one carries the digest', () =>
		withReceiver(receiver =>
			withStory({}, async (story, trouble) => {
				const run = await story.run(
					story.write(job([{type: 'webhook', on_events: everything, config: {url: receiver.url}}])),
				);
				assert.equal(run.result, 'failed');
				assert.deepEqual(trouble, []);
				const messages = bodies(receiver);
				// The clock of a story jumps over every wait, also over that in which a burst is gathered.
				assert.ok(messages.length >= 1 && messages.length <= 20, `${messages.length} messages`);
				const last = messages.at(-1);
				assert.equal(last?.title, 'forty: failed · 39/40 completed · 1 failed');
				assert.equal(last.level, 'bad');
				assert.deepEqual(last.digest?.failed[0]?.batches, [7]);
				const told = messages.reduce((sum, {events, more}) => sum + events.length + more, 0);
				assert.equal(told, 1 + 40 + 39 + 1 + 1, 'everything is told or counted');
			}),
		));

	it('that nobody takes change nothing: not the result, not the facts; they are told as trouble', () =>
		withReceiver(receiver =>
			withSmtp(async server => {
				for (let count = 0; count < 50; count++) receiver.replies.push(status(500, 'always'));
				server.replies.set('RCPT', ['550 no']);
				const gone = await withReceiver(async ({url}) => url);
				const notifications = [
					{type: 'webhook', config: {url: receiver.url}},
					{type: 'webhook', config: {url: gone, max_retries: 0}},
					{type: 'email', config: {host: '127.0.0.1', port: server.port, from: 'a@b.c', to: 'd@e.f'}},
					{type: 'slack'},
				];
				const plain = async (list: object[]) => {
					const facts: string[] = [];
					await withStory({}, async (story, trouble) => {
						const run = await story.run(story.write(job(list, {parallel: {max_concurrent: 1}})));
						facts.push(run.result ?? '', ...story.events.map(({type}) => type), String(trouble.length));
						if (list.length === 0) return;
						assert.deepEqual(trouble.toSorted(), [
							'Nobody was told by email (notifications.2): 127.0.0.1 answers 550 no.',
							'Nobody was told by slack (notifications.3): the environment variable SLACK_WEBHOOK_URL is not set.',
							'Nobody was told by webhook (notifications.0): it answers HTTP 500 (always), in 4 tries.',
							`Nobody was told by webhook (notifications.1): nothing listens at ${new URL(gone).host}.`,
						]);
					});
					return facts;
				};
				const [without, withTrouble] = [await plain([]), await plain(notifications)];
				assert.deepEqual(withTrouble.slice(0, -1), without.slice(0, -1));
				assert.equal(withTrouble.at(-1), '4');
			}),
		));

	it('leave no secret in anything that is kept', () =>
		withReceiver(receiver =>
			withSmtp(async server => {
				const secrets = {
					HOOK: `${receiver.url}/hook-abcdef123456`,
					KEY: 'signing-abcdef123456',
					TOKEN: 'bearer-abcdef123456',
					SMTP_PASSWORD: 'hunter-abcdef123456',
					SLACK_WEBHOOK_URL: `${receiver.url}/slack-abcdef123456`,
				};
				await withStory(secrets, async (story, trouble) => {
					const webhook = {url_env: 'HOOK', secret_env: 'KEY', headers_env: {authorization: 'TOKEN'}, max_retries: 0};
					const mail = {host: '127.0.0.1', port: server.port, from: 'a@b.c', to: 'd@e.f'};
					const notifications = [
						{type: 'webhook', on_events: ['job_start', 'job_failed'], config: webhook},
						{type: 'slack', config: {max_retries: 0}},
						{type: 'email', config: {...mail, user: 'me', password_env: 'SMTP_PASSWORD'}},
					];
					receiver.replies.push(status(400, secrets.TOKEN), status(403, secrets.SLACK_WEBHOOK_URL));
					server.replies.set('AUTH', [`535 ${secrets.SMTP_PASSWORD}`]);
					// A child sees the whole environment, and may say it.
					const saying = 'echo "$HOOK $KEY $TOKEN"; echo "$SMTP_PASSWORD $SLACK_WEBHOOK_URL" >&2';
					const command = ['sh', '-c', `${saying}; ${script}`];
					const run = await story.run(story.write(job(notifications, {backend: {type: 'command', command}})));
					assert.equal(run.result, 'failed');
					assert.match(story.live, /\*\*\* \*\*\* \*\*\*/);
					assert.doesNotMatch(story.live, /abcdef123456/);
					assert.ok(trouble.length >= 2);
					assert.match(trouble.join(), /\*\*\*/);
					const kept = `${onDisk(story)}\n${trouble.join('\n')}`;
					assert.match(kept, /"url_env":"HOOK"/);
					assert.equal(/.{0,100}abcdef123456/.exec(kept)?.[0], undefined);
				});
			}),
		));

	it('are not there for who only checks its rules', () =>
		withStory({}, async story => {
			const notifiers: boolean[] = [];
			story.onEvent = (event, {notifier}) =>
				void (event.type === 'run-ended' && notifiers.push(notifier !== undefined));
			await story.run(story.write(job([])));
			await story.run(story.write(job([{type: 'desktop'}])), {intent: 'recheck'});
			assert.deepEqual(notifiers, [true, false]);
		}));
});
