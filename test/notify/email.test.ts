import assert from 'node:assert/strict';
import {describe, it} from 'node:test';
import {connection, createEmail} from '../../source/notify/email.js';
import type {Message} from '../../source/notify/message.js';
import {bodyOf, withSmtp} from '../support/smtp-server.js';
import {message, notificationOf, patient} from './notifications.js';

const mailConfig = (server: {port: number}, more: object = {}) => ({
	...{host: '127.0.0.1', port: server.port, from: 'Mozart <mozart@example.org>', to: 'me@example.org'},
	...more,
});
const send = (server: {port: number}, more: object = {}, env: Record<string, string> = {}, signal = patient) =>
	sendThis(server, {}, more, env, signal);
const sendThis = (
	server: {port: number},
	what: Partial<Message>,
	more: object = {},
	env: Record<string, string> = {},
	signal = patient,
) => createEmail(notificationOf('email', mailConfig(server, more)), {env})(message(what), signal);

/** The head of a mail, its lines unfolded, and words in other alphabets as they are meant (RFC 2047). */
function headOf(text: string): string[] {
	const [head = ''] = text.split('\n\n');
	return head
		.replace(/\n[ \t]+/g, ' ')
		.replace(/\?= =\?UTF-8\?Q\?/g, '')
		.replace(/=\?UTF-8\?Q\?(.*?)\?=/g, (_, words: string) =>
			decodeURIComponent(words.replaceAll('_', ' ').replace(/%/g, '%25').replace(/=(..)/g, '%$1')),
		)
		.split('\n');
}
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
		[
			'a login that cannot be looked up for now',
			'AUTH',
			'454 4.7.0 later',
			true,
			/that user in \(454 4\.7\.0 later\)$/,
		],
		[
			'a server that is none for mail',
			'greeting',
			'HTTP/1.1 400 no',
			true,
			/as a mail server does \(HTTP\/1\.1 400 no\)$/,
		],
		['an answer of 10 MB', 'RCPT', `550 ${'x'.repeat(1e7)}`, true, /^.{20,200}$/],
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

	it('that some of its receivers do not get says so, and is not sent to the others again', () =>
		withSmtp(async server => {
			server.replies.set('RCPT', ['250 ok', '451 greylisted']);
			assert.deepEqual(await send(server, {to: ['me@example.org', 'you@example.org']}), {
				...{taken: false, again: false, partly: true},
				problem: '127.0.0.1 takes it, but not for you@example.org (451 greylisted)',
			});
			assert.deepEqual(server.mails[0]?.to, ['me@example.org']);
		}));

	it('quotes what others have written, in any alphabet, and nothing of it becomes a line of its head or of the talk', () =>
		withSmtp(async server => {
			const title = 'ünï 🎻 100%\r\nBcc: evil@example.org\n.\r\nRCPT TO:<evil@example.org>';
			const lines = ['.', '\r\n.\r\nMAIL FROM:<evil@example.org>', '..', 'From here', 'ü'.repeat(2000)];
			assert.equal((await sendThis(server, {title, lines})).taken, true);
			assert.equal(server.mails.length, 1);
			const [{text, to, from} = {text: '', to: [], from: ''}] = server.mails;
			assert.deepEqual([from, to], ['mozart@example.org', ['me@example.org']]);
			const head = headOf(text);
			assert.ok(
				head.includes('Subject: ünï 🎻 100% Bcc: evil@example.org . RCPT TO:<evil@example.org>'),
				head.join('\n'),
			);
			assert.deepEqual(
				head.map(line => line.split(':')[0]).filter(name => /^(bcc|rcpt)/i.test(name ?? '')),
				[],
			);
			const read = bodyOf(text);
			assert.ok(read.includes(`\n\n${lines.join('\n').replaceAll('\r\n', '\n')}\n\n-- \nMozart, job `), read);
			assert.ok(text.split('\n').every(line => line.length <= 998));
		}));

	it('has a subject that can be read, and the same id however often it is tried', () =>
		withSmtp(async server => {
			for (let tries = 0; tries < 2; tries++) await sendThis(server, {title: 'x'.repeat(5000), id: 'an-id'});
			for (const {text} of server.mails) {
				const head = headOf(text);
				assert.ok(head.includes('Message-ID: <an-id@example.org>'), text);
				assert.equal(head.find(line => line.startsWith('Subject: '))?.length, 'Subject: '.length + 200);
			}
		}));

	it('is not sent to a server that cannot show who it is, and not tried again', async () => {
		for (const mode of ['starttls', 'tls'] as const)
			await withSmtp(
				async server => {
					const outcome = await send(server, {...login, security: mode}, env);
					assert.ok(!outcome.taken && !outcome.again, mode);
					assert.match(
						outcome.problem,
						/^127\.0\.0\.1 is not spoken to: its certificate is signed by nobody .*NODE_EXTRA_CA/,
					);
					assert.equal(server.mails.length, 0);
				},
				{mode},
			);
	});

	it('is not sent unencrypted where encryption was asked for', () =>
		withSmtp(async server => {
			for (const security of ['starttls', 'tls']) {
				const outcome = await send(server, {...login, security, timeout_seconds: 5}, env);
				assert.ok(!outcome.taken && !outcome.again, security);
				assert.match(outcome.problem, /^127\.0\.0\.1 cannot be spoken to encrypted/);
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
