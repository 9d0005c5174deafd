import assert from 'node:assert/strict';
import {describe, it} from 'node:test';
import {connection, createEmail} from '../../source/notify/email.js';
import {withSmtp} from '../support/smtp-server.js';
import {message, notificationOf, patient} from './notifications.js';

const mailConfig = (server: {port: number}, more: object = {}) => ({
	...{host: '127.0.0.1', port: server.port, from: 'Mozart <mozart@example.org>', to: 'me@example.org'},
	...more,
});
const send = (server: {port: number}, more: object = {}, env: Record<string, string> = {}, signal = patient) =>
	createEmail(notificationOf('email', mailConfig(server, more)), {env})(message(), signal);
const login = {user: 'me', password_env: 'SMTP_PASSWORD'};
const env = {SMTP_PASSWORD: 'hunter2'};

describe('a mail', {concurrency: true}, () => {
	it('goes to everybody, with the title as its subject and the lines as its text', () =>
		withSmtp(async server => {
			const to = ['me@example.org', 'You <you@example.org>'];
			assert.deepEqual(await send(server, {to}), {taken: true, how: 'by 127.0.0.1'});
			const [mail] = server.mails;
			assert.ok(mail);
			assert.equal(mail.from, 'mozart@example.org');
			assert.deepEqual(mail.to, ['me@example.org', 'you@example.org']);
			assert.equal(mail.login, undefined);
			assert.match(
				mail.text.replace(/\n\s+/g, ' '),
				/^Subject: chapters: batch 3\/20 FAILED: report-3\.md does not exist$/m,
			);
			assert.match(mail.text, /^batch 4\/20 completed\n\n-- \nMozart, job chapters-1a2b$/m);
		}));

	it('logs in with a password from the environment, and is not tried without', () =>
		withSmtp(async server => {
			assert.equal((await send(server, login, env)).taken, true);
			assert.equal(server.mails[0]?.login, '\0me\0hunter2');
			assert.deepEqual(await send(server, login), {
				...{taken: false, again: false, problem: 'the environment variable SMTP_PASSWORD is not set'},
			});
			assert.equal(server.mails.length, 1);
		}));

	const answers: [what: string, command: string, reply: string, again: boolean, problem: RegExp][] = [
		[
			'a wrong password',
			'AUTH',
			'535 5.7.8 hunter2 is wrong',
			false,
			/^127\.0\.0\.1 does not let that user in \(535 5\.7\.8 \*\*\* is wrong\)$/,
		],
		['a receiver that is refused', 'RCPT', '550 no such user', false, /^127\.0\.0\.1 answers 550 no such user$/],
		['a receiver that is refused for now', 'RCPT', '451 greylisted', true, /answers 451 greylisted$/],
		['a text that is refused', 'MESSAGE', '554 looks like spam', false, /answers 554 looks like spam$/],
		['a server that is busy', 'greeting', '421 come back later', true, /421 come back later/],
	];
	for (const [what, command, reply, again, problem] of answers) {
		it(`tells ${what}`, () =>
			withSmtp(async server => {
				server.replies.set(command, [reply]);
				const outcome = await send(server, login, env);
				assert.ok(!outcome.taken);
				assert.equal(outcome.again, again);
				assert.match(outcome.problem, problem);
				assert.equal(server.mails.length, 0);
			}));
	}

	it('tells that nothing listens', async () => {
		const gone = await withSmtp(async ({port}) => ({port}));
		assert.deepEqual(await send(gone), {taken: false, again: true, problem: 'nothing listens at 127.0.0.1'});
	});

	it('may take its time only for so long, and leaves no connection behind', () =>
		withSmtp(async server => {
			for (const [silent, asked] of [
				['greeting', 'a connection'],
				['MESSAGE', 'its text'],
			] as const) {
				server.replies.set(silent, [undefined]);
				const stop = new AbortController();
				const sending = send(server, {}, {}, stop.signal);
				while (server.connections === 0) await new Promise(resolve => setImmediate(resolve));
				stop.abort();
				assert.deepEqual(
					await sending,
					{taken: false, again: true, problem: '127.0.0.1 did not answer in time'},
					asked,
				);
				while (server.connections > 0) await new Promise(resolve => setImmediate(resolve));
			}
		}));

	it('is not sent unencrypted where encryption was asked for', () =>
		withSmtp(async server => {
			for (const security of ['starttls', 'tls']) {
				const outcome = await send(server, {...login, security, timeout_seconds: 5}, env);
				assert.equal(outcome.taken, false, security);
			}
			assert.equal(server.mails.length, 0);
		}));

	it('is encrypted by default, but for a server on this machine', () => {
		const of = (config: object) =>
			connection(notificationOf('email', {from: 'a@b', to: 'c@d', host: 'smtp.example.org', ...config}).config);
		assert.deepEqual(of({}), {port: 587, secure: false, requireTLS: true});
		assert.deepEqual(of({port: 25}), {port: 25, secure: false, requireTLS: true});
		assert.deepEqual(of({port: 465}), {port: 465, secure: true});
		assert.deepEqual(of({security: 'tls'}), {port: 465, secure: true});
		assert.deepEqual(of({security: 'plain'}), {port: 25, secure: false, ignoreTLS: true});
		for (const host of ['localhost', '127.0.0.1', '::1'])
			assert.deepEqual(of({host}), {port: 25, secure: false, ignoreTLS: true});
		assert.deepEqual(of({host: '127.0.0.1.example.org'}), {port: 587, secure: false, requireTLS: true});
	});
});
