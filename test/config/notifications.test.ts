import assert from 'node:assert/strict';
import {test} from 'node:test';
import {findingsOf, load, sound} from './job-file.js';

const file = (...lines: string[]) => sound(`notifications:\n${lines.map(line => `  - ${line}\n`).join('')}`);
const said = async (...lines: string[]) =>
	(await findingsOf(file(...lines))).map(finding => finding.replace(/^[\d:+]+ error: /, ''));

test('a notification needs little more than its type', async () => {
	const {job, findings} = await load(
		file(
			'type: desktop',
			'type: slack',
			'{type: webhook, config: {url: "https://example.org/x"}}',
			'{type: email, on_events: [attention, limit_hit, budget_warning], config: {host: h.example, from: a@b, to: c@d}}',
		),
	);
	assert.deepEqual(findings, []);
	const [desktop, slack, webhook, email] = job?.notifications ?? [];
	assert.deepEqual(desktop, {
		...{type: 'desktop', on_events: ['job_complete', 'job_failed'], config: {via: 'auto', bell: true}},
	});
	assert.deepEqual(slack?.config, {url_env: 'SLACK_WEBHOOK_URL', timeout_seconds: 10, max_retries: 3});
	assert.deepEqual(webhook?.config, {
		...{url: 'https://example.org/x', headers: {}, headers_env: {}, timeout_seconds: 10, max_retries: 3},
	});
	assert.deepEqual(email?.on_events, ['attention', 'limit_hit', 'budget_warning']);
});

test('what is mistyped is told with what was meant', async () => {
	const types = '(it is desktop, slack, webhook or email)';
	assert.deepEqual(await said('type: slak'), [
		`notifications.0.type is "slak": did you mean slack? ${types} => type: slack`,
	]);
	assert.deepEqual(await said('{type: slack, on_event: [attention]}'), [
		'on_event is not a field of notifications.0 (slack): did you mean on_events? => on_events',
	]);
	const [finding, ...others] = await said('{type: slack, on_events: [job_done, job_complet]}');
	assert.match(finding ?? '', /^notifications\.0\.on_events\.0 is "job_done": .*it is job_start, batch_start/);
	assert.match(others.join(), /^notifications\.0\.on_events\.1 is "job_complet": did you mean job_complete\?/);
	assert.deepEqual(await said('{type: slack, on_events: []}'), [
		'notifications.0.on_events is a list with nothing in it: at least one entry is wanted',
	]);
	assert.deepEqual(await said('type: webhook'), [
		'notifications.0: config is missing (where it goes, and how it is signed) => config: a map of fields',
	]);
	assert.deepEqual(await said('{type: webhook, config: {secret_env: KEY}}'), [
		'notifications.0.config needs url or url_env, exactly one of them => url: https://example.org/hook',
	]);
	const [sender, receiver] = await said('{type: email, config: {host: h, from: root, to: ["a@b\\nBcc: c@d"]}}');
	assert.equal(sender, 'notifications.0.config.from is "root": a mail address is wanted, such as you@example.org');
	assert.match(receiver ?? '', /^notifications\.0\.config\.to\.0 is .*: a mail address is wanted/);
	assert.deepEqual(await said('{type: webhook, config: {url_evn: KEY}}'), [
		'url_evn is not a field of notifications.0.config: did you mean url_env? => url_env',
	]);
});

test('a secret has no place in a job file, and is not quoted when it stands where its name should', async () => {
	const never =
		'a secret is never written into a job file. Put it into an environment variable and write that variable’s name';
	for (const key of ['webhook_url', 'url'])
		assert.deepEqual(await said(`{type: slack, config: {${key}: "https://hooks.slack.com/services/T/B/hunter2"}}`), [
			`${key} is not a field of notifications.0.config: ${never} => url_env: WEBHOOK_URL`,
		]);
	const mail = 'host: h.example, from: a@b, to: c@d, user: me';
	assert.deepEqual(await said(`{type: email, config: {${mail}, password: hunter2}}`), [
		`password is not a field of notifications.0.config: ${never} => password_env: SMTP_PASSWORD`,
	]);
	const named =
		'is to name an environment variable, such as SLACK_WEBHOOK_URL: a secret itself is never written into a job file';
	assert.deepEqual(await said(`{type: email, config: {${mail}, password_env: "hunter2!"}}`), [
		`notifications.0.config.password_env ${named}`,
	]);
	assert.deepEqual(await said('{type: slack, config: {url_env: "https://hooks.slack.com/services/hunter2"}}'), [
		`notifications.0.config.url_env ${named}`,
	]);
});
