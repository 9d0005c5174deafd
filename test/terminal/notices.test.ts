import assert from 'node:assert/strict';
import {readFileSync} from 'node:fs';
import test, {describe} from 'node:test';
import {theId} from '../program/answers.js';
import {stateOf} from '../program/jobs.js';
import {status, withReceiver} from '../support/receiver.js';
import {gated, inTerminal, isGivenBack, letGo} from './window.js';

const notice = /\x1b\]9;([^\x07\x1b]*)\x1b\\\x07/g;

describe('a notice in a real terminal', {concurrency: 2}, () => {
	test('is written beside the screen, which stays whole', () => {
		const notifications = [{type: 'desktop', on_events: ['batch_complete', 'job_complete']}];
		const job = {script: gated, batches: 2, more: {notifications}};
		return inTerminal({job, env: {SSH_CONNECTION: '1 2 3 4'}, inShell: true}, async (terminal, desk) => {
			await terminal.shows(/│ working on 1/);
			letGo(desk, 1, 2);
			await terminal.shows(/work completed +█+ 2\/2/);
			await terminal.until('a notice', () => /work: completed/.test(terminal.written.match(notice)?.at(-1) ?? ''));
			await terminal.shows(/^work completed[\s\S]*─ batches ─[\s\S]*✓ 1 [\s\S]*✓ 2 [\s\S]*the run is over · q leave/);
			terminal.press('q');
			await isGivenBack(terminal);
			const said = [...terminal.written.matchAll(notice)].at(-1)?.[1] ?? '';
			assert.match(said, /^work: completed · 2\/2 completed: 2 attempts in /);
			assert.match(terminal.scrollback, /work: completed · 2\/2 completed\n2 attempts.*\ncode 0/);
		});
	});

	test('that nobody got is said, marked in the header, and kept in the log', () =>
		withReceiver(receiver => {
			receiver.replies.push(status(404, 'no_service'));
			const config = {url: receiver.url};
			const notifications = [{type: 'webhook', on_events: ['job_start'], config}];
			return inTerminal({job: {script: gated, more: {notifications}}}, async (terminal, desk) => {
				await terminal.shows(/Nobody was told by webhook \(notifications\.0\): it answers HTTP 404 \(no_service\)/);
				await terminal.shows(/^work running.*\n1 message not delivered · 1 running · 1 at once/);
				terminal.press('j');
				await terminal.until('the words gone', () => !/Nobody was told/.test(terminal.text));
				assert.match(terminal.text, /^work running.*\n1 message not delivered · /);
				letGo(desk, 1);
				await terminal.shows(/work completed/);
				terminal.press('q');
				await isGivenBack(terminal);
				assert.match(readFileSync(`${stateOf(desk, theId(desk))}/run.log`, 'utf8'), /^Nobody was told by webhook/m);
			});
		}));
});
