import assert from 'node:assert/strict';
import {createHmac} from 'node:crypto';
import type {ServerResponse} from 'node:http';
import {describe, it} from 'node:test';
import {createWebhook} from '../../source/notify/webhook.js';
import {webhookBodySchema} from '../../source/notify/webhook-body.js';
import {status, withReceiver} from '../support/receiver.js';
import {message, notificationOf, patient} from './notifications.js';

const now = () => 1_795_400_123_456;
const sender = (config: object, env: Record<string, string> = {}) =>
	createWebhook(notificationOf('webhook', config), {env, now});

describe('a webhook', {concurrency: true}, () => {
	it('gets the message as the schema says, signed over timestamp and raw body', () =>
		withReceiver(async receiver => {
			const env = {KEY: 'a key', TOKEN: 'Bearer abc'};
			const config = {
				url: `${receiver.url}/hook`,
				secret_env: 'KEY',
				headers: {'x-room': '7'},
				headers_env: {authorization: 'TOKEN'},
			};
			assert.deepEqual(await sender(config, env)(message(), patient), {taken: true, how: 'HTTP 200'});
			const [request] = receiver.received;
			assert.ok(request);
			const {headers, body, path} = request;
			assert.equal(path, '/hook');
			assert.equal(headers['content-type'], 'application/json');
			assert.equal(headers['x-mozart-delivery'], 'chapters-1a2b.7');
			assert.equal(headers['x-mozart-timestamp'], '1795400123');
			const expected = createHmac('sha256', 'a key').update(`1795400123.${body}`).digest('hex');
			assert.equal(headers['x-mozart-signature'], `sha256=${expected}`);
			assert.equal(headers['x-room'], '7');
			assert.equal(headers.authorization, 'Bearer abc');
			const read = webhookBodySchema.parse(JSON.parse(body));
			assert.equal(read.title, message().title);
			assert.deepEqual(read.topics, ['batch_failed']);
			assert.deepEqual(read.events[0]?.batch, 3);
			assert.equal(read.at, '2026-11-23T02:13:20.000Z');
			assert.doesNotMatch(body, /a key|Bearer/);
		}));

	it('is not signed without a key, and its address can be a secret', () =>
		withReceiver(async receiver => {
			const outcome = await sender({url_env: 'HOOK'}, {HOOK: `${receiver.url}/secret\n`})(message(), patient);
			assert.equal(outcome.taken, true);
			assert.equal(receiver.received[0]?.path, '/secret');
			assert.equal(receiver.received[0]?.headers['x-mozart-signature'], undefined);
		}));

	const answers: [what: string, reply: Parameters<typeof status>, outcome: object][] = [
		[
			'too many requests, with a time',
			[429, 'slow down', {'retry-after': '7'}],
			{again: true, afterMs: 7000, problem: 'it answers HTTP 429 (slow down)'},
		],
		['too many requests, with a far time', [429, '', {'retry-after': '86400'}], {again: true, afterMs: 60_000}],
		[
			'too many requests, with a date, by the receiver’s own clock',
			[429, '', {date: 'Thu, 31 Dec 2026 23:59:40 GMT', 'retry-after': 'Fri, 01 Jan 2027 00:00:00 GMT'}],
			{again: true, afterMs: 20_000},
		],
		['too many requests, with a time that makes no sense', [429, '', {'retry-after': 'soon'}], {again: true}],
		['too many requests, with no time', [429], {again: true, problem: 'it answers HTTP 429'}],
		['a key that is not taken', [401, 'who are you'], {again: false, problem: 'it answers HTTP 401 (who are you)'}],
		['a fault of the receiver', [500, 'oh no'], {again: true, problem: 'it answers HTTP 500 (oh no)'}],
		['a busy receiver', [503], {again: true, problem: 'it answers HTTP 503'}],
		['an unknown address', [404, 'no_service'], {again: false, problem: 'it answers HTTP 404 (no_service)'}],
		[
			'a refused body',
			[400, 'invalid\n\x1b[31mpay\u202eload\x1b]0;title\x07'],
			{again: false, problem: 'it answers HTTP 400 (invalid payload)'},
		],
		[
			'a redirect, which is not followed',
			[307, '', {location: 'https://elsewhere.example/x?token=abc'}],
			{
				again: false,
				problem:
					'it answers with a redirect (HTTP 307 to https://elsewhere.example), which is not followed: write the address that it leads to',
			},
		],
	];
	for (const [what, reply, expected] of answers) {
		it(`tells ${what}`, () =>
			withReceiver(async receiver => {
				receiver.replies.push(status(...reply));
				const outcome = await sender({url: receiver.url})(message(), patient);
				assert.deepEqual({...outcome, ...expected}, outcome);
				assert.equal(outcome.taken, false);
				assert.equal('afterMs' in outcome, 'afterMs' in expected);
				assert.equal(receiver.received.length, 1);
			}));
	}

	it('tells that nothing listens, without the address', async () => {
		const {url, gone} = await withReceiver(async ({url}) => ({url, gone: new URL(url).host}));
		const outcome = await sender({url_env: 'HOOK'}, {HOOK: `${url}/secret`})(message(), patient);
		assert.deepEqual(outcome, {taken: false, again: true, problem: `nothing listens at ${gone}`});
	});

	it('tells that the connection was cut, and of an answer that is cut or stalls in the middle what it said', () =>
		withReceiver(async receiver => {
			const begin = (response: ServerResponse, said: string) => {
				response.writeHead(said === '' ? 401 : 500, {'content-length': 1000});
				response.write(said);
				response.flushHeaders();
			};
			receiver.replies.push(
				response => response.socket?.destroy(),
				response => begin(response, 'half of it'),
				response => {
					begin(response, '');
					response.write('x', () => response.socket?.destroy());
				},
				response => begin(response, ''),
			);
			const send = (signal = patient) => sender({url: receiver.url})(message(), signal);
			const {host} = new URL(receiver.url);
			assert.deepEqual(await send(), {
				...{taken: false, again: true, problem: `${host} has cut the connection before it answered`},
			});
			assert.deepEqual(await send(), {taken: false, again: true, problem: 'it answers HTTP 500 (half of it)'});
			const [cut, stalled] = [await send(), await send(AbortSignal.timeout(100))];
			for (const outcome of [cut, stalled])
				assert.ok(!outcome.taken && !outcome.again && outcome.problem.startsWith('it answers HTTP 401'));
		}));

	it('that begins and stalls is taken all the same when it is taken', () =>
		withReceiver(async receiver => {
			receiver.replies.push(response => void response.writeHead(200, {'content-length': 1000}).flushHeaders());
			assert.deepEqual(await sender({url: receiver.url})(message(), patient), {taken: true, how: 'HTTP 200'});
		}));

	it('is not tried again where another try is the same: no TLS, a port of another service, a header that cannot be', () =>
		withReceiver(async receiver => {
			const {port} = new URL(receiver.url);
			const cases: [config: object, problem: string][] = [
				[{url: `https://127.0.0.1:${port}/`}, `127.0.0.1:${port} does not speak https there`],
				[
					{url: 'http://127.0.0.1:6000/'},
					'127.0.0.1:6000 is not posted to: port 6000 is kept for another kind of service',
				],
				[
					{url: receiver.url, headers_env: {'x-key': 'KEY'}},
					'the header x-key cannot be sent: its value holds what no header can hold',
				],
			];
			for (const [config, problem] of cases)
				assert.deepEqual(await sender(config, {KEY: 'a\nb: c'})(message(), patient), {
					taken: false,
					again: false,
					problem,
				});
			assert.equal(receiver.received.length, 0);
		}));

	it('has its own headers once, whatever the job file says', () =>
		withReceiver(async receiver => {
			const headers = {'Content-Type': 'text/plain', 'X-Mozart-Delivery': 'mine', 'x-room': '7'};
			await sender({url: receiver.url, headers})(message(), patient);
			const [request] = receiver.received;
			assert.equal(request?.headers['content-type'], 'application/json');
			assert.equal(request?.headers['x-mozart-delivery'], message().id);
			assert.equal(request?.headers['x-room'], '7');
		}));

	it('may be slow only for so long', () =>
		withReceiver(async receiver => {
			receiver.replies.push(() => {});
			const stop = new AbortController();
			const sending = sender({url: receiver.url})(message(), stop.signal);
			await receiver.until(1);
			stop.abort();
			assert.deepEqual(await sending, {taken: false, again: true, problem: 'it did not answer in time'});
		}));

	it('may answer 100 MB: some bytes are read, the rest is not waited for', () =>
		withReceiver(async receiver => {
			let written = 0;
			const flood = (code: number) => (response: ServerResponse) => {
				response.writeHead(code);
				const more = () => {
					while (written < 100_000_000 && !response.destroyed) {
						written += 65_536;
						if (!response.write('x'.repeat(65_536))) return void response.once('drain', more);
					}
					response.end();
				};
				more();
			};
			receiver.replies.push(flood(200), flood(500));
			const send = sender({url: receiver.url});
			assert.equal((await send(message(), patient)).taken, true);
			const outcome = await send(message(), patient);
			assert.ok(!outcome.taken && outcome.problem.length < 300);
			assert.ok(written < 50_000_000, `${written} bytes were taken`);
		}));

	it('is not sent without its secrets, and what it answers is quoted without them', () =>
		withReceiver(async receiver => {
			const {url} = receiver;
			const notSet = {taken: false, again: false, problem: 'the environment variable NAME is not set'};
			assert.deepEqual(await sender({url_env: 'NAME'}, {NAME: ' '})(message(), patient), notSet);
			assert.deepEqual(await sender({url, secret_env: 'NAME'})(message(), patient), notSet);
			assert.deepEqual(await sender({url, headers_env: {'x-key': 'NAME'}})(message(), patient), notSet);
			assert.equal(receiver.received.length, 0);
			receiver.replies.push(status(403, 'hunter2 is not allowed'));
			const outcome = await sender({url, headers_env: {'x-key': 'NAME'}}, {NAME: 'hunter2'})(message(), patient);
			assert.ok(!outcome.taken);
			assert.equal(outcome.problem, 'it answers HTTP 403 (*** is not allowed)');
		}));

	it('is not sent to what is no address, nor with a password in it', async () => {
		for (const HOOK of ['nonsense', 'ftp://here/x', 'file:///etc/passwd']) {
			const outcome = await sender({url_env: 'HOOK'}, {HOOK})(message(), patient);
			assert.ok(!outcome.taken && !outcome.again && /https:\/\//.test(outcome.problem));
			assert.doesNotMatch(outcome.problem, /nonsense|ftp|passwd/);
		}
		const outcome = await sender({url_env: 'HOOK'}, {HOOK: 'https://me:hunter2@127.0.0.1/'})(message(), patient);
		assert.ok(!outcome.taken && /headers_env/.test(outcome.problem) && !/hunter2/.test(outcome.problem));
	});
});
