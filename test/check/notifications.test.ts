import assert from 'node:assert/strict';
import {writeFile} from 'node:fs/promises';
import {join} from 'node:path';
import {test} from 'node:test';
import {draftOf} from '../../source/check/draft.js';
import {checkNotifications} from '../../source/check/notifications.js';
import {loadJob} from '../../source/config/load.js';
import {brief, inFolder, sound} from '../config/job-file.js';

/** What is said about these notifications, without the places. */
const said = (env: Record<string, string>, ...lines: string[]): Promise<string[]> =>
	inFolder(async folder => {
		const file = join(folder, 'job.yaml');
		await writeFile(file, sound(`notifications:\n${lines.map(line => `  - ${line}\n`).join('')}`));
		const {document, job, findings} = await loadJob(file);
		assert.deepEqual(findings.map(brief), []);
		const subject = {...draftOf(document, job), document, folder, shownFolder: folder};
		return checkNotifications(subject, {env}).map(finding => brief(finding).replace(/^[\d:+]+ /, ''));
	});

const webhook = (config: string) => `{type: webhook, config: {${config}}}`;
const mail = (config: string) => `{type: email, config: {from: a@b, to: c@d, ${config}}}`;

test('sound notifications have nothing said about them', async () => {
	const env = {SLACK_WEBHOOK_URL: 'x', KEY: 'x', PASSWORD: 'x'};
	const notifications = [
		'type: desktop',
		'type: slack',
		webhook(
			'url: "https://example.org/hook?room=7", secret_env: KEY, headers: {x-room: "7"}, headers_env: {authorization: KEY}',
		),
		webhook('url: "http://localhost:8080/"'),
		mail('host: smtp.example.org, user: me, password_env: PASSWORD'),
		mail('host: localhost, security: plain'),
	];
	assert.deepEqual(await said(env, ...notifications), []);
});

test('an address that is a secret, or none, is refused', async () => {
	const put = 'put the address into an environment variable and write that variable’s name => url_env: WEBHOOK_URL';
	const cases: [url: string, why: string][] = [
		['https://hooks.slack.com/services/T/B/x', 'whoever knows this address can post to it, so it is a secret'],
		['https://discord.com/api/webhooks/1/x', 'whoever knows this address can post to it, so it is a secret'],
		['https://me:hunter2@example.org/', 'it holds a user name or password'],
		['https://example.org/?access_token=abc', 'its “access_token” looks like a secret'],
	];
	for (const [url, why] of cases) assert.deepEqual(await said({}, webhook(`url: "${url}"`)), [`error: ${why}: ${put}`]);
	for (const url of ['example.org/hook', 'ftp://example.org'])
		assert.match((await said({}, webhook(`url: "${url}"`))).join(), /^error: url is no address that can be posted to/);
	assert.match(
		(await said({}, webhook('url: "http://example.org/"'))).join(),
		/^warning: everybody between here and there/,
	);
});

test('headers that hold secrets are named, and have names that can be sent', async () => {
	const url = 'url: "https://example.org/"';
	for (const name of ['Authorization', 'X-Api-Key', 'Cookie', 'x-token'])
		assert.match(
			(await said({}, webhook(`${url}, headers: {${name}: abc}`))).join(),
			new RegExp(`^error: the value of ${name} is a secret: .* below headers_env$`),
		);
	assert.deepEqual(await said({}, webhook(`${url}, headers: {"a b": c}`)), ['error: “a b” is no name of a header']);
	assert.deepEqual(await said({}, webhook(`${url}, headers: {X-Room: "7"}, headers_env: {x-room: PATH}`)), [
		'error: x-room is there twice: a header’s name is the same in any case',
		'warning: the environment variable PATH is not set here: without it nothing is sent',
	]);
	for (const name of ['Content-Type', 'content-length', 'Transfer-Encoding', 'X-Mozart-Signature'])
		assert.deepEqual(await said({}, webhook(`${url}, headers: {${name}: "7"}`)), [
			`error: ${name} is set by mozart itself: remove the line`,
		]);
	for (const value of ['€', 'a\\nX-Other: b'])
		assert.deepEqual(await said({}, webhook(`${url}, headers: {x-room: "${value}"}`)), [
			'error: no header can hold all of these characters',
		]);
});

test('a login is whole, and a password does not cross the network readable without a word', async () => {
	const env = {PASSWORD: 'x'};
	assert.deepEqual(await said(env, mail('host: h.example, user: me')), [
		'error: user is of no use without password_env',
	]);
	assert.deepEqual(await said(env, mail('host: h.example, password_env: PASSWORD')), [
		'error: password_env is of no use without user',
	]);
	assert.deepEqual(await said(env, mail('host: h.example, security: plain, user: me, password_env: PASSWORD')), [
		'warning: everybody between here and h.example can read what is sent, the password too',
	]);
});

test('variables that are not set are told, each in its place', async () => {
	const notSet = (name: string) =>
		`warning: the environment variable ${name} is not set here: without it nothing is sent`;
	assert.deepEqual(
		await said({}, 'type: slack', webhook('url_env: HOOK, headers_env: {authorization: TOKEN}')),
		['SLACK_WEBHOOK_URL', 'HOOK', 'TOKEN'].map(notSet),
	);
});
