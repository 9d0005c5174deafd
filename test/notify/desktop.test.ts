import assert from 'node:assert/strict';
import {chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync} from 'node:fs';
import {tmpdir} from 'node:os';
import path from 'node:path';
import {after, before, describe, it} from 'node:test';
import {createDesktop} from '../../source/notify/desktop.js';
import {terminalNotice} from '../../source/notify/terminal-notice.js';
import {message, notificationOf, patient} from './notifications.js';

let folder: string;
before(() => {
	folder = mkdtempSync(path.join(tmpdir(), 'mozart-desktop-'));
});
after(() => rmSync(folder, {recursive: true, force: true}));

/** A program of this name that notes its arguments. */
function install(name: string, code = 0): {PATH: string; heard(): string[]} {
	const bin = mkdtempSync(path.join(folder, 'bin-'));
	const script = `#!/bin/sh\nprintf '%s\\n' "$@" > "${bin}/heard"\necho oops >&2\nexit ${code}\n`;
	writeFileSync(path.join(bin, name), script);
	chmodSync(path.join(bin, name), 0o755);
	return {
		PATH: `${bin}:/usr/bin:/bin`,
		heard: () => readFileSync(path.join(bin, 'heard'), 'utf8').trimEnd().split('\n'),
	};
}

function show(env: Record<string, string>, config: object = {}, {owns = true, platform = 'linux'} = {}) {
	const written: string[] = [];
	const terminal = () => (owns ? (bytes: string) => void written.push(bytes) : undefined);
	const surroundings = {env, platform: platform as NodeJS.Platform, terminal};
	return createDesktop(notificationOf('desktop', config), surroundings)(
		message({lines: ['<b>4 & 5</b>', '', 'more']}),
		patient,
	).then(outcome => ({outcome, written}));
}

describe('a notice on the desktop', () => {
	it('is shown by notify-send where there is a desktop, and rings the terminal', async () => {
		const {PATH, heard} = install('notify-send');
		const {outcome, written} = await show({PATH, DISPLAY: ':0'});
		assert.deepEqual(outcome, {taken: true, how: 'desktop'});
		assert.deepEqual(heard(), [
			'--app-name=Mozart',
			'--urgency=critical',
			'--',
			message().title,
			'&lt;b&gt;4 &amp; 5&lt;/b&gt;',
			'more',
		]);
		assert.deepEqual(written, ['\x07']);
	});

	it('is shown by osascript on a Mac, its texts as arguments', async () => {
		const {PATH, heard} = install('osascript');
		const {outcome} = await show({PATH}, {}, {platform: 'darwin', owns: false});
		assert.deepEqual(outcome, {taken: true, how: 'desktop'});
		assert.deepEqual(heard().slice(-4), ['--', message().title, '<b>4 & 5</b>', 'more']);
	});

	it('goes to the terminal over SSH, though there seems to be a desktop', async () => {
		const {outcome, written} = await show({DISPLAY: 'localhost:10', SSH_CONNECTION: '1 2 3 4', TERM: 'xterm'});
		assert.deepEqual(outcome, {taken: true, how: 'terminal'});
		assert.match(written.join(), /^\x1b\]9;chapters: batch 3\/20 FAILED: report-3\.md does not exist: .*\x1b\\\x07$/);
	});

	it('says what tmux needs to let it pass', async () => {
		const {outcome} = await show({SSH_TTY: '/dev/pts/1', TMUX: '/tmp/x,1,0', TERM: 'tmux-256color'});
		assert.deepEqual(outcome, {taken: true, how: 'terminal; in tmux it needs `set -g allow-passthrough on`'});
	});

	it('goes to the terminal when the desktop does not take it', async () => {
		const {PATH} = install('notify-send', 1);
		const {outcome, written} = await show({PATH, DISPLAY: ':0'});
		assert.deepEqual(outcome, {taken: true, how: 'terminal'});
		assert.equal(written.length, 1);
		const missing = await show({PATH: '/nowhere', DISPLAY: ':0'});
		assert.deepEqual(missing.outcome, {taken: true, how: 'terminal'});
	});

	it('is no success where nobody could see it', async () => {
		const nowhere = await show({}, {}, {owns: false});
		assert.ok(!nowhere.outcome.taken && /no desktop here, and no terminal/.test(nowhere.outcome.problem));
		const {PATH} = install('notify-send', 1);
		const refused = await show({PATH, DISPLAY: ':0'}, {via: 'desktop'});
		assert.ok(!refused.outcome.taken && /^notify-send ended with exit code 1 \(oops\)$/.test(refused.outcome.problem));
		assert.deepEqual(refused.written, []);
		const gone = await show({}, {via: 'terminal'}, {owns: false});
		assert.ok(!gone.outcome.taken && /no terminal/.test(gone.outcome.problem));
	});
});

describe('a notice of the terminal', () => {
	const notice = {title: 'a;b', body: 'c\nd'};
	const cases: [what: string, env: Record<string, string>, bell: boolean, bytes: string][] = [
		['is OSC 9 where nothing else is known, and the bell', {TERM: 'xterm-256color'}, true, '\x1b]9;a;b: c d\x1b\\\x07'],
		['is OSC 777 where that is understood', {TERM: 'foot'}, true, '\x1b]777;notify;a,b;c d\x1b\\\x07'],
		['is OSC 777 in terminals of VTE', {TERM: 'xterm', VTE_VERSION: '7600'}, false, '\x1b]777;notify;a,b;c d\x1b\\'],
		[
			'is wrapped in tmux, but for the bell',
			{TERM: 'tmux-256color', TMUX: '/tmp/x,1,0'},
			true,
			'\x1bPtmux;\x1b\x1b]9;a;b: c d\x1b\x1b\\\x1b\\\x07',
		],
		['is wrapped in screen', {TERM: 'screen', STY: '1.x'}, false, '\x1bP\x1b]9;a;b: c d\x07\x1b\\'],
		['is the bell on a console', {TERM: 'linux'}, true, '\x07'],
		['is nothing on a console without a bell', {TERM: 'linux'}, false, ''],
	];
	for (const [what, env, bell, bytes] of cases) it(what, () => assert.equal(terminalNotice(notice, bell, env), bytes));

	it('holds no control character of what it quotes, and is never a progress bar', () => {
		const evil = {title: '4;3;100', body: '\x1b\\\x07\x9c\x1b]0;title\x07'.repeat(100)};
		const bytes = terminalNotice(evil, false, {TERM: 'xterm'});
		assert.match(bytes, /^\x1b\]9;100: [^\x00-\x1f\x7f-\x9f]*\x1b\\$/);
		assert.ok(bytes.length < 400);
	});
});
