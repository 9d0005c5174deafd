import assert from 'node:assert/strict';
import {chmodSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync} from 'node:fs';
import {tmpdir} from 'node:os';
import path from 'node:path';
import {afterEach, beforeEach, describe, test} from 'node:test';
import {checkHistory} from '../../source/commands/doctor/history.js';
import {checkFolder, checkNode, checkTerminal} from '../../source/commands/doctor/machine.js';
import {doctor, type Place} from '../../source/commands/doctor.js';
import {ChatServer} from '../support/chat-server.js';
import {FakeClis} from '../support/cli.js';
import {heard} from './context.js';

describe('doctor', () => {
	let clis: FakeClis;
	beforeEach(() => {
		clis = new FakeClis();
		for (const [name, version] of [
			['codex', 'codex-cli 1.2.3'],
			['gemini', '1.2.4'],
			['git', 'git version 2.0.1'],
		] as const)
			clis.install(name, `echo '${version}'`);
	});
	afterEach(() => clis.remove());

	const place: Place = {node: '24.1.0', uid: 1000, terminal: {isTerminal: false, colours: 1}};

	/** What is found, as `state check: what` with `| advice`, with only the fake programs in PATH. */
	const ask = async (file?: string, more: Partial<Place> & {env?: Record<string, string>} = {}) => {
		const {env = {}, ...rest} = more;
		const context = heard({
			cwd: clis.folder,
			env: {
				...clis.env,
				PATH: path.join(clis.folder, 'bin'),
				LANG: 'C.UTF-8',
				XDG_STATE_HOME: path.join(clis.folder, 'state'),
				...env,
			},
		});
		context.json = true;
		const ending = await doctor(file, {...place, ...rest}, context);
		const found = context.said.map(line => {
			const {state, check, found: what, advice} = JSON.parse(line);
			return `${state} ${check}: ${what}${advice ? ` | ${advice}` : ''}`.replaceAll(clis.folder, '~');
		});
		return {ending, found, of: (check: string) => found.filter(line => line.includes(` ${check}: `))};
	};
	const write = (backend: string) => {
		const file = path.join(clis.folder, 'job.yaml');
		writeFileSync(file, `name: j\nbackend: ${backend}\nbatch: {size: 1, total_items: 2}\nprompt: {template: x}\n`);
		return file;
	};

	test('tells versions; a CLI that no job needs may be missing; nothing is written', async () => {
		const {ending, found} = await ask();
		assert.equal(ending, 'done');
		assert.match(
			found[4]?.replace(/[\d.]+ [GM]B/, '9 GB') ?? '',
			/^(ok|warn) state: ~\/state\/mozart \(made when it is needed\), 9 GB free/,
		);
		assert.deepEqual(found.toSpliced(4, 1), [
			'ok node: Node 24.1.0',
			'ok terminal: none here: run prints plain lines',
			'ok unicode: C.UTF-8',
			'ok git: git 2.0.1',
			'ok history: none yet (made by the first run)',
			'warn claude_cli: Claude Code: claude is not found in any folder of PATH | To use it: install it (npm install -g @anthropic-ai/claude-code), run claude once to log in',
			'ok codex_cli: Codex: codex-cli 1.2.3',
			'ok gemini_cli: Gemini CLI: 1.2.4',
			'warn anthropic_api: anthropic_api: ANTHROPIC_API_KEY is not set | To use it: export ANTHROPIC_API_KEY=… (platform.claude.com gives a key)',
			'ok user: not root',
		]);
		assert.ok(!existsSync(path.join(clis.folder, 'state')));
	});

	test('a job fails without its CLI, and is only warned of a fallback', async () => {
		const {ending, of} = await ask(write('{type: codex_cli, fallbacks: [claude_cli]}'));
		assert.equal(ending, 'done');
		assert.deepEqual(of('job'), ['ok job: ~/job.yaml: j']);
		assert.deepEqual(of('backend'), ['ok backend: Codex: codex-cli 1.2.3']);
		assert.match(of('fallback').join(), /^warn fallback: Claude Code: claude is not found/);
		const without = await ask(write('{type: claude_cli}'));
		assert.equal(without.ending, 'failed');
		assert.match(without.of('backend').join(), /^fail backend: Claude Code: claude is not found.*npm install -g/);
		const wrong = await ask(write('{type: claude_clo}'));
		assert.equal(wrong.ending, 'failed');
		assert.deepEqual(wrong.of('job'), [
			'fail job: ~/job.yaml cannot be run: 1 error, 1 warning | See them: mozart validate ~/job.yaml',
		]);
	});

	test('an API needs a key and an address, and is not asked anything', async () => {
		const file = write('{type: anthropic_api, api_key_env: MY_KEY, model: claude-opus-5-5}');
		const without = await ask(file);
		assert.equal(without.ending, 'failed');
		assert.match(
			without.of('backend').join(),
			/^fail backend: anthropic_api: MY_KEY is not set \| To use it: export MY_KEY=/,
		);
		const {ending, of} = await ask(file, {env: {MY_KEY: 'a key', ANTHROPIC_BASE_URL: 'https://gateway.example.org'}});
		assert.equal(ending, 'done');
		assert.deepEqual(of('backend'), [
			'ok backend: anthropic_api: claude-opus-5-5 at https://gateway.example.org, with the key in MY_KEY',
		]);
		const odd = await ask(file, {env: {MY_KEY: 'a key', ANTHROPIC_BASE_URL: 'https://me:secret@example.org'}});
		assert.equal(odd.ending, 'failed');
		assert.match(odd.of('backend').join(), /ANTHROPIC_BASE_URL cannot be used/);
		assert.ok(!odd.found.join().includes('secret'));
	});

	test('a server of one’s own is asked for its models; one that is not there, or wants a key, fails the job', async () => {
		const server = await new ChatServer().open();
		const {host} = new URL(server.url);
		const job = (more: string) => write(`{type: openai_compatible, base_url: "${server.url}", ${more}}`);
		const said = async (more: string, env = {}) => {
			const {ending, of} = await ask(job(more), {env});
			return `${ending} ${of('backend').join()}`;
		};
		try {
			server.models = ['small', 'big:latest'];
			const fine = `openai_compatible: small at ${server.url}`;
			assert.equal(await said('model: small'), `done ok backend: ${fine}, without a key`);
			assert.match(await said('model: big'), /^done ok /);
			assert.equal(
				await said('model: smal'),
				`done warn backend: openai_compatible: the server at ${host} does not list a model smal | It has: small`,
			);
			const withKey = 'model: small, api_key_env: MY_KEY';
			assert.match(
				await said(withKey),
				/^failed fail backend: openai_compatible: MY_KEY is not set \| .*export MY_KEY=…$/,
			);
			assert.match(await said(withKey, {MY_KEY: 'right'}), /^done ok .*, with the key in MY_KEY$/);
			assert.match(await said(withKey, {MY_KEY: 'wrong'}), /^failed fail .* wants another key \| /);
			server.models = undefined;
			assert.match(await said('model: other'), /^done ok /, 'one without a list is taken at its word');
		} finally {
			await server.close();
		}
		assert.match(await said('model: small'), /^failed fail .*: no server answers at 127\.0\.0\.1:\d+ \| Start it/);
	});

	test('root is told what Claude Code minds, and a job of Claude Code cannot run as root', async () => {
		clis.install('claude', 'echo 2.0.0');
		assert.match(
			(await ask(undefined, {uid: 0})).of('user').join(),
			/^warn user: you are root, and Claude Code minds \| .*IS_SANDBOX=1/,
		);
		assert.deepEqual((await ask(undefined, {uid: 0, env: {IS_SANDBOX: '1'}})).of('user'), ['ok user: root']);
		const job = write('{type: claude_cli}');
		assert.equal((await ask(job)).ending, 'done');
		const asRoot = await ask(job, {uid: 0});
		assert.equal(asRoot.ending, 'failed');
		assert.match(asRoot.of('backend').at(-1) ?? '', /^fail backend: you are root, and Claude Code refuses/);
		assert.equal((await ask(job, {uid: 0, env: {IS_SANDBOX: '1'}})).ending, 'done');
	});

	test('profiles of one’s own are read and their CLIs asked', async () => {
		clis.install('scribe', '[ "$1" = version ] && echo scribe 9');
		clis.profile('scribe', 'argv: [scribe, --go]\nversion: [version]\n');
		clis.profile('broken', 'argv: [scribe]\npromt: x\n');
		clis.profile('silent', 'argv: [scribe]\n');
		clis.profile('codex_cli', 'argv: [codex]\n');
		const {ending, of} = await ask();
		assert.equal(ending, 'done', 'nobody needs them');
		assert.deepEqual(of('scribe'), ['ok scribe: scribe: scribe 9']);
		assert.match(
			of('broken').join(),
			/^warn broken: ~\/.config\/mozart\/profiles\/broken\.yaml:2:1: error: promt is not a field .* \| Write: prompt$/,
		);
		assert.deepEqual(of('silent'), ['warn silent: silent does not tell its version | Try it: scribe --version']);
		assert.match(of('codex_cli').at(-1) ?? '', /^warn codex_cli: .*codex_cli\.yaml is never used/);
	});

	test('for people it is a table with what to do, and a last line that says how it stands', async () => {
		const context = heard({cwd: clis.folder, env: {...clis.env, PATH: path.join(clis.folder, 'bin'), LANG: 'C.UTF-8'}});
		await doctor(undefined, place, context);
		assert.equal(context.said[0], 'ok    node           Node 24.1.0');
		const at = context.said.findIndex(line => line.startsWith('warn  claude_cli     '));
		assert.match(context.said[at + 1] ?? '', /^ {21}To use it: install it/);
		assert.match(context.said.at(-1) ?? '', /^\n\d warnings?\. Nothing that is needed is broken\.$/);
	});
});

test('an old Node is a failure', () => {
	assert.equal(checkNode('22.13.0').state, 'ok');
	assert.equal(checkNode('22.12.9').state, 'fail');
	assert.equal(checkNode('20.19.0').state, 'fail');
});

test('a terminal is told by its size, colours, name and signs', () => {
	const said = (columns: number, rows: number, colours: number, env: Record<string, string>) =>
		checkTerminal({isTerminal: true, columns, rows, colours}, env).map(({state, found}) => `${state} ${found}`);
	assert.deepEqual(said(120, 40, 24, {TERM: 'xterm', LANG: 'de_DE.utf8'}), [
		'ok 120×40, all colours, TERM=xterm',
		'ok de_DE.utf8',
	]);
	assert.deepEqual(said(40, 40, 8, {TERM: 'xterm', LANG: 'C'}), ['warn 40×40, 256 colours', 'warn the locale is C']);
	assert.deepEqual(said(80, 24, 1, {TERM: 'dumb', NO_COLOR: '1'}), [
		'warn 80×24, no colours (NO_COLOR), TERM=dumb',
		'warn no locale is set',
	]);
});

test('a folder that cannot be written to is a failure', async t => {
	const clis = new FakeClis();
	t.after(() => clis.remove());
	writeFileSync(path.join(clis.folder, 'file'), '');
	assert.match((await checkFolder('state', path.join(clis.folder, 'file/deep/er'))).found, /file is not a folder$/);
	const closed = path.join(clis.folder, 'closed');
	mkdirSync(closed);
	chmodSync(closed, 0o500);
	if (process.getuid?.() === 0) return;
	const {state, found} = await checkFolder('state', path.join(closed, 'state'));
	assert.equal(state, 'fail');
	assert.match(found, /closed may not be written to by you$/);
});

test('a history that is damaged or newer is a warning, and is left as it is', async () => {
	const folder = mkdtempSync(path.join(tmpdir(), 'mozart-history-'));
	try {
		const file = path.join(folder, 'history.db');
		writeFileSync(file, 'rubbish');
		assert.match((await checkHistory(file)).advice ?? '', /mozart history rebuild$/);
		const header = Buffer.alloc(100);
		header.write('SQLite format 3\0');
		header.writeUInt32BE(99, 60);
		writeFileSync(file, header);
		const newer = await checkHistory(file);
		assert.deepEqual([newer.state, newer.advice], ['warn', 'It is left alone and not written to: update Mozart']);
		assert.match((await checkHistory(folder)).found, /cannot be read: EISDIR/);
		assert.deepEqual(readFileSync(file), header);
	} finally {
		rmSync(folder, {recursive: true});
	}
});
