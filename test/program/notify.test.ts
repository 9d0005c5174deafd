import assert from 'node:assert/strict';
import {readFileSync} from 'node:fs';
import {describe, it} from 'node:test';
import {digestSchema} from '../../source/core/digest.js';
import {webhookBodySchema} from '../../source/notify/webhook-body.js';
import {Receiver, status, withReceiver} from '../support/receiver.js';
import {SmtpServer, withSmtp} from '../support/smtp-server.js';
import {authorityFile} from '../support/tls.js';
import {json, needsMending, refused, theId} from './answers.js';
import {done, stateOf, writeJob} from './jobs.js';
import {eventually, exits, withDesk} from './program.js';

const webhook = (url: string, more: object = {}) => ({type: 'webhook', config: {url, max_retries: 0, ...more}});

describe('the program tells people', {concurrency: 3}, () => {
	it('at the end of a run, and whether they could be told changes neither its words nor its exit code', () =>
		withReceiver(receiver =>
			withDesk(async desk => {
				receiver.replies.push(status(404, 'no_service'));
				writeJob(desk, {batches: 2, more: {notifications: [webhook(receiver.url), webhook(receiver.url)]}});
				const {stdout, stderr} = exits(await desk.mozart('run', 'work.yaml'), 0);
				assert.match(stdout, /work: completed · 2\/2 completed\n2 attempts, .*\n$/);
				assert.match(
					stderr,
					/^(Messages are still .*\n)?Nobody was told by webhook \(notifications\.\d\): it answers HTTP 404 \(no_service\)\.\n$/,
				);
				assert.equal(receiver.received.length, 2);
				const {title, digest} = webhookBodySchema.parse(JSON.parse(receiver.received[1]?.body ?? ''));
				assert.equal(title, 'work: completed · 2/2 completed');
				assert.deepEqual(digest?.next, []);
			}),
		));

	it('of a run that is detached: what could not be told is in its log', () =>
		withReceiver(receiver =>
			withDesk(async desk => {
				receiver.replies.push(status(500, 'broken'));
				const script = `until [ -e go ]; do sleep 0.02; done; ${done}`;
				writeJob(desk, {script, more: {notifications: [webhook(receiver.url)]}});
				exits(await desk.mozart('run', '--detach', 'work.yaml'), 0);
				desk.write('go', '');
				const log = `${stateOf(desk, theId(desk))}/run.log`;
				await receiver.until(1);
				const watch = desk.start(['attach', theId(desk)]);
				await watch.ended;
				await eventually('the word that nobody was told', () => /Nobody was told/.test(readFileSync(log, 'utf8')));
				assert.match(readFileSync(log, 'utf8'), /^Nobody was told by webhook .*HTTP 500 \(broken\)\.$/m);
			}),
		));

	it('after its end too, but who does not want to wait for a receiver that never answers need not', () =>
		withReceiver(receiver =>
			withDesk(async desk => {
				receiver.replies.push(() => {});
				writeJob(desk, {more: {notifications: [webhook(receiver.url, {timeout_seconds: 60})]}});
				const run = desk.start(['run', 'work.yaml']);
				await receiver.until(1);
				const started = performance.now();
				// Another program may have the job meanwhile.
				exits(await desk.mozart('run', 'work.yaml'), 0);
				await run.says(/work: completed/);
				await run.says(/Messages are still being delivered, .* Ctrl-C: do without\.\n/);
				run.kill('SIGINT');
				const {stderr} = exits(await run.ended, 0);
				assert.ok(performance.now() - started < 10_000);
				assert.match(stderr, /Nobody was told by webhook .*: it did not answer in time; the program has ended\.\n$/);
			}),
		));

	it('by a test message each, and says how each went', () =>
		withReceiver(receiver =>
			withSmtp(server =>
				withDesk(async desk => {
					const email = {host: '127.0.0.1', port: server.port, from: 'mozart@example.org', to: 'me@example.org'};
					const notifications = [
						webhook(receiver.url),
						{type: 'email', config: email},
						{type: 'slack'},
						{type: 'desktop'},
					];
					writeJob(desk, {name: 'work\n\u001b[31m', more: {notifications}});
					const told = await desk.mozart('notify', 'test', 'work.yaml');
					assert.equal(told.code, 1);
					assert.equal(
						told.stdout,
						`notifications.0 webhook: sent (HTTP 200)
notifications.1 email: sent (by 127.0.0.1)
notifications.2 slack: NOT SENT: the environment variable SLACK_WEBHOOK_URL is not set
notifications.3 desktop: NOT SENT: there is no desktop here, and no terminal that this program owns
`,
					);
					assert.match(told.stderr, /warning: the environment variable SLACK_WEBHOOK_URL is not set here/);
					assert.match(told.stderr, /\n2 messages of 4 could not be sent\n$/);
					const {test, title} = webhookBodySchema.parse(JSON.parse(receiver.received[0]?.body ?? ''));
					assert.deepEqual([test, title], [true, 'work: a test message from Mozart']);
					assert.match(server.mails[0]?.text ?? '', /^Subject: work: a test message from Mozart$/m);
					const data = json((await desk.mozart('notify', 'test', 'work.yaml', '--json')).stdout);
					assert.deepEqual(
						data.map(({type, taken}: {type: string; taken: boolean}) => [type, taken]),
						[
							['webhook', true],
							['email', true],
							['slack', false],
							['desktop', false],
						],
					);
					writeJob(desk, {name: 'quiet'}, 'quiet.yaml');
					refused(await desk.mozart('notify', 'test', 'quiet.yaml'), 2, /names nobody: add notifications to its file/);
				}),
			),
		));

	it('encrypted, where a person has named the authority that their servers are signed by, and nobody else', () =>
		withDesk(async desk => {
			const mails = [
				new SmtpServer({mode: 'starttls'}),
				new SmtpServer({mode: 'tls'}),
				new SmtpServer({mode: 'starttls', certificate: 'expired'}),
			] as const;
			const receivers = [new Receiver('here'), new Receiver('elsewhere')] as const;
			await Promise.all([...mails, ...receivers].map(server => server.open()));
			try {
				const login = {user: 'me', password_env: 'SMTP_PASSWORD', from: 'mozart@example.org', to: 'me@example.org'};
				const mail = (index: 0 | 1 | 2, security: string) => ({
					...{type: 'email', config: {...login, host: '127.0.0.1', port: mails[index].port, security}},
				});
				const [here, elsewhere] = receivers;
				const notifications = [mail(0, 'starttls'), mail(1, 'tls'), mail(2, 'starttls')];
				writeJob(desk, {
					more: {notifications: [...notifications, webhook(here.url), {type: 'slack'}, webhook(elsewhere.url)]},
				});
				const env = {
					...{...desk.env, SMTP_PASSWORD: 'hunter22', SLACK_WEBHOOK_URL: `${here.url}/slack`},
					NODE_EXTRA_CA_CERTS: authorityFile,
				};
				const {stdout} = exits(await desk.start(['notify', 'test', 'work.yaml'], {env}).ended, 1);
				assert.equal(
					stdout,
					`notifications.0 email: sent (by 127.0.0.1)
notifications.1 email: sent (by 127.0.0.1)
notifications.2 email: NOT SENT: 127.0.0.1 is not spoken to: its certificate has expired
notifications.3 webhook: sent (HTTP 200)
notifications.4 slack: sent (HTTP 200)
notifications.5 webhook: NOT SENT: ${new URL(elsewhere.url).host} is not spoken to: its certificate is for another name: write the name that it is for
`,
				);
				assert.deepEqual(
					mails.map(({mails: [mail]}) => [mail?.login, mail?.encrypted]),
					[
						['\0me\0hunter22', true],
						['\0me\0hunter22', true],
						[undefined, undefined],
					],
				);
				assert.deepEqual([here.received.length, elsewhere.received.length], [2, 0]);
			} finally {
				await Promise.all([...mails, ...receivers].map(server => server.close()));
			}
		}));

	it('in the morning, by a digest in three forms', () =>
		withDesk(async desk => {
			refused(await desk.mozart('digest', 'work.yaml'), 2, /does not exist|No job is known/);
			writeJob(desk, {batches: 3, script: needsMending});
			refused(await desk.mozart('digest', 'work.yaml'), 2, /has not been run yet/);
			exits(await desk.mozart('run', 'work.yaml'), 1);
			const id = theId(desk);
			const text = exits(await desk.mozart('digest', 'work.yaml'), 0).stdout;
			assert.match(text, /^work: failed · 1\/3 completed · 1 failed · 1 open\n2 attempts in /);
			assert.match(text, /\nFailed:\n {2}batch 2: /);
			assert.match(
				text,
				new RegExp(`\\nLook into it: mozart logs ${id} 2\\nRun the failed ones again: mozart run ${id}\\n$`),
			);
			const markdown = exits(await desk.mozart('digest', id, '--format', 'markdown'), 0).stdout;
			assert.match(markdown, /^## work: failed · 1\/3 completed[\s\S]*\n### Failed\n\n- batch 2: [\s\S]*`mozart logs /);
			for (const words of [['--format', 'json'], ['--json']]) {
				const [data] = json(exits(await desk.mozart('digest', id, ...words), 0).stdout);
				assert.deepEqual(digestSchema.parse(data).failed[0]?.batches, [2]);
			}
			refused(await desk.mozart('digest', id, '--format', 'html'), 2, /Allowed choices are text, markdown, json/);
		}));

	it('what webhooks are sent, as a schema', () =>
		withDesk(async desk => {
			const schema = JSON.parse(exits(await desk.mozart('schema', '--webhook'), 0).stdout);
			assert.deepEqual(Object.keys(schema.properties).slice(0, 4), ['version', 'id', 'test', 'job']);
			assert.ok(schema.required.includes('topics') && !schema.required.includes('digest'));
			refused(await desk.mozart('schema', '--webhook', '--path'), 2, /give either --path or --webhook/);
		}));
});
