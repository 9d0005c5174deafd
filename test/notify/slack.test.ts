import assert from 'node:assert/strict';
import {describe, it} from 'node:test';
import type {Digest} from '../../source/core/digest.js';
import {createSlack, slackBody} from '../../source/notify/slack.js';
import {status, withReceiver} from '../support/receiver.js';
import {message, notificationOf, patient} from './notifications.js';

type Text = {type: string; text: string; verbatim?: boolean};
type Block = {type: string; text?: Text; elements?: Text[]};
const blocksOf = (body: object) => (body as {blocks: Block[]}).blocks;

describe('a message in Slack', () => {
	it('is posted to the address that the environment holds', () =>
		withReceiver(async receiver => {
			const send = createSlack(notificationOf('slack'), {env: {SLACK_WEBHOOK_URL: `${receiver.url}/services/T/B/x`}});
			assert.equal((await send(message(), patient)).taken, true);
			assert.equal(receiver.received[0]?.path, '/services/T/B/x');
			const body = JSON.parse(receiver.received[0]?.body ?? '');
			assert.deepEqual(
				blocksOf(body).map(({type}) => type),
				['header', 'section', 'context'],
			);
			assert.equal(body.text, message().title);
			receiver.replies.push(status(404, 'no_team'));
			const outcome = await send(message(), patient);
			assert.ok(!outcome.taken && !outcome.again);
			assert.equal(outcome.problem, 'it answers HTTP 404 (no_team)');
		}));

	it('is not sent without an address', async () => {
		const outcome = await createSlack(notificationOf('slack'), {env: {}})(message(), patient);
		assert.ok(!outcome.taken && /SLACK_WEBHOOK_URL is not set/.test(outcome.problem));
	});

	it('quotes children without giving their signs a meaning', () => {
		const body = slackBody(message({title: 'a <!channel> & b', lines: ['<@U1> said <b>']}));
		const [, section] = blocksOf(body);
		assert.equal((body as {text: string}).text, 'a &lt;!channel&gt; &amp; b');
		assert.equal(section?.text?.text, '&lt;@U1&gt; said &lt;b&gt;');
		// Else Slack would look for mentions in what is no markup.
		for (const {text, elements = []} of blocksOf(body))
			for (const one of [...(text ? [text] : []), ...elements])
				assert.equal(one.verbatim, one.type === 'mrkdwn' || undefined);
	});

	it('shows the next commands as such, and not twice', () => {
		const next = [{does: 'go on', command: 'mozart resume j-1'}];
		const body = slackBody(message({lines: ['4 attempts', 'Go on: mozart resume j-1'], digest: {next} as Digest}));
		const [, section, context] = blocksOf(body);
		assert.equal(section?.text?.text, '4 attempts');
		assert.equal(context?.elements?.[0]?.text, '`chapters-1a2b`   `mozart resume j-1`');
	});

	it('keeps within what Slack takes, whatever was said', () => {
		const lines = Array.from({length: 200}, () => '<&>'.repeat(400));
		const body = slackBody(message({title: '<'.repeat(5000), lines}));
		assert.ok((body as {text: string}).text.length <= 3000);
		// Half a character is no valid text, and refused.
		assert.ok(JSON.stringify(slackBody(message({title: `a${'🎻'.repeat(5000)}`}))).search(/\\ud83c/i) < 0);
		for (const block of blocksOf(body)) {
			const text = block.text?.text ?? '';
			assert.ok(text.length <= (block.type === 'header' ? 150 : 3000), `${block.type} ${text.length}`);
		}
		assert.deepEqual(
			blocksOf(slackBody(message({lines: []}))).map(({type}) => type),
			['header', 'context'],
		);
	});
});
