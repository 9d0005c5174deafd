import assert from 'node:assert/strict';
import {describe, test} from 'node:test';
import {childEnvironment} from '../../source/process/environment.js';
import {createMask} from '../../source/process/mask.js';
import {hideKeys, secretsOf} from '../../source/process/secrets.js';

describe('a secret', () => {
	test('is the value of a variable that is named like one', () => {
		const key = 'sk-ant-api03-Ab1_x';
		for (const name of [
			...['ANTHROPIC_API_KEY', 'OPENAI_API_KEY', 'ANTHROPIC_AUTH_TOKEN', 'GITHUB_TOKEN', 'AWS_ACCESS_KEY_ID'],
			...['AWS_SECRET_ACCESS_KEY', 'DB_PASSWORD', 'MYSQL_PWD', 'SSHPASS_PASSPHRASE', 'MY_CREDENTIALS', 'apiKey'],
			...['NPM_AUTH', 'GH_PAT', 'SMTP_PASS', 'SESSION_COOKIE', 'CLIENT_SECRET_2'],
		])
			assert.ok(secretsOf({[name]: key}).includes(key), name);
		for (const name of ['PATH', 'GIT_AUTHOR_EMAIL', 'KEYMAP', 'TOKENIZERS', 'PATTERN', 'PWD', 'COMPASS', 'AUTHOR'])
			assert.deepEqual(secretsOf({[name]: key}), [], name);
	});

	test('is never short, a path, a number, a date, a plain word or an address', () => {
		for (const value of [
			...['', 'short', '1234567', 'true', 'disabled', 'gnome-keyring', 'us-east-1', 'Jane Doe Smith'],
			...['/home/me/.config/key.json', '~/.ssh/id_ed25519', './secrets/Key.pem', 'C:\\keys\\my.key'],
			...['64000000', '2026-11-23', '2026-11-23T06:31:17Z', '10.0.0.1:8080'],
			...['https://auth.example.com/token', 'login.example.com', 'vault.internal.net:8200'],
		])
			assert.deepEqual(secretsOf({SOME_KEY: value, A_TOKEN: value}), [], value);
	});

	test('can be of digits where it is a password, of words where they are many, and begin like a path', () => {
		assert.ok(secretsOf({DB_PASSWORD: '4711471147'}).includes('4711471147'));
		assert.ok(secretsOf({PASSPHRASE: 'correct-horse-battery-staple'}).includes('correct-horse-battery-staple'));
		const random = '/bPxRfiCYEXAMPLEKEY7MDENGwJalrXUtnFEMI';
		assert.deepEqual(secretsOf({AWS_SECRET_ACCESS_KEY: random}).includes(random), true);
	});

	test('is the password within an address, whatever the variable is called', () => {
		const found = secretsOf({
			DATABASE_URL: 'postgres://me:p%40ssw0rd-1@db:5432/x',
			HTTPS_PROXY: 'http://me:short@proxy',
		});
		assert.ok(found.includes('p%40ssw0rd-1') && found.includes('p@ssw0rd-1'));
		assert.ok(!found.some(secret => secret.includes('short')));
	});

	test('is known by each way in which a program may write it', () => {
		const key = 'sk-Ab/1+x_9 ö’(q)=';
		const mask = createMask(secretsOf({MY_KEY: key}));
		const shown = (text: string) => mask?.text(text);
		assert.equal(shown(JSON.stringify(key).replace('/', '\\/')), '"***"');
		assert.equal(shown('sk-Ab/1+x_9 \\u00f6\\u2019(q)='), '***', 'as Python writes JSON');
		const url = new URLSearchParams({key}).toString();
		assert.equal(shown(url), 'key=***');
		assert.equal(shown(url.replaceAll('+', '%20').replaceAll('%2F', '/')), 'key=***');
		for (const before of ['', 'user:', 'me:', 'you:']) {
			for (const after of ['', '\n', '@host']) {
				for (const encoding of ['base64', 'base64url'] as const) {
					const text = shown(Buffer.from(`${before}${key}${after}`).toString(encoding)) ?? '';
					assert.match(text, /^[\w+/-]{0,7}\*\*\*[\w+/-]{0,9}=*$/, `${before}${after} ${encoding}`);
				}
			}
		}
	});

	test('is known as programs print it: within JSON, within an address, a line at a time', () => {
		const found = secretsOf({
			MY_KEY: '-----BEGIN KEY-----\nQUJDREVGR0hJSktM\n-----END KEY-----',
			OTHER_SECRET: 'a"b\\c/d&e=f',
		});
		for (const secret of [
			'QUJDREVGR0hJSktM',
			'-----BEGIN KEY-----\\nQUJDREVGR0hJSktM\\n-----END KEY-----',
			'a\\"b\\\\c/d&e=f',
		])
			assert.ok(found.includes(secret), secret);
		assert.ok(found.includes(encodeURIComponent('a"b\\c/d&e=f')));
		assert.ok(!found.includes('-----BEGIN KEY-----'));
		assert.deepEqual(
			found,
			found.toSorted((a, b) => b.length - a.length),
		);
	});
});

test('a line of a job file is shown without the key that it holds, and just as long', () => {
	assert.equal(hideKeys('2 | env: {X_API_KEY: "sk-4711-abc", A: b}'), '2 | env: {X_API_KEY: "***********", A: b}');
	assert.equal(hideKeys('--set backend.env.X_TOKEN=sk-4711-abc'), '--set backend.env.X_TOKEN=***********');
	const plain = 'max_tokens: 100000000, X_KEY_FILE: /home/me/key.pem, this tells no tokens: max_tokens has no effect';
	assert.equal(hideKeys(plain), plain);
});

describe('the environment of children', () => {
	const own = {
		PATH: '/bin',
		HOME: '/h',
		LC_ALL: 'C',
		ANTHROPIC_API_KEY: 'k',
		AWS_X: 'a',
		MOZART_PARENT: '1',
		GONE: undefined,
	};

	test('is all but Mozart’s own', () => {
		const {MOZART_PARENT: _, GONE: __, ...rest} = own;
		assert.deepEqual(childEnvironment(own, {}), rest);
	});

	test('is only what env_pass names, and what hardly any program can do without', () => {
		const base = {PATH: '/bin', HOME: '/h', LC_ALL: 'C'};
		assert.deepEqual(childEnvironment(own, {env_pass: []}), base);
		assert.deepEqual(childEnvironment(own, {env_pass: ['ANTHROPIC_*', 'MOZART_*']}), {...base, ANTHROPIC_API_KEY: 'k'});
		assert.deepEqual(childEnvironment(own, {env_pass: ['AWS_?', 'A.*']}), {...base, AWS_X: 'a'});
	});

	test('has the job’s own values, which win', () => {
		const env = childEnvironment(own, {env_pass: [], env: {PATH: '/usr/bin', NEW: '1', MOZART_ATTEMPT: 'x'}});
		assert.deepEqual(env, {PATH: '/usr/bin', HOME: '/h', LC_ALL: 'C', NEW: '1'});
	});
});
