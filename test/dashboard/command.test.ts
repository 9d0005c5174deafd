import assert from 'node:assert/strict';
import {once} from 'node:events';
import {type AddressInfo, createServer} from 'node:net';
import {describe, it} from 'node:test';
import {dashboard, passwordVariable} from '../../source/commands/dashboard.js';
import {heard} from '../commands/context.js';
import {exits, withDesk} from '../program/program.js';

async function refused(flags: {port?: string; host?: string}, env = {}): Promise<string> {
	const context = heard({env: {XDG_STATE_HOME: '/nowhere', ...env}});
	assert.equal(await dashboard(flags, context), 'usage');
	return context.complained.join('\n');
}

describe('mozart dashboard', () => {
	it('prints where it is, takes another port than a usual one that is taken, and ends when it is told to', () =>
		withDesk(async desk => {
			const [first, second] = [desk.start(['dashboard', '--json']), desk.start(['dashboard'])];
			const {url, origin, token, pid} = JSON.parse((await first.says(/^\{.*\}\n/))[0]);
			assert.deepEqual([url, pid], [`${origin}/?token=${token}`, first.pid]);
			const [, other = ''] = await second.says(/^Dashboard: (http:\/\/127\.0\.0\.1:\d+\/\?token=[\w-]{43})\n/);
			assert.notEqual(new URL(other).port, new URL(origin).port);
			const entered = await fetch(other, {redirect: 'manual'});
			assert.deepEqual([entered.status, entered.headers.get('location')], [303, '/']);
			const stream = await fetch(`${origin}/api/stream`, {headers: {authorization: `Bearer ${token}`}});
			first.kill('SIGTERM');
			second.kill('SIGINT');
			assert.match(await stream.text(), /event: bye\n/);
			assert.equal(exits(await first.ended, 0).stdout.split('\n').length, 2, 'one line');
			assert.match(exits(await second.ended, 0).stdout, /Ctrl-C ends the dashboard; what runs goes on\.\n/);
		}));

	it('says when its port is taken, or is none', async () => {
		const server = createServer().listen(0, '127.0.0.1');
		await once(server, 'listening');
		const {port} = server.address() as AddressInfo;
		assert.match(await refused({port: String(port)}), /^Port \d+ of 127\.0\.0\.1 is taken by another program\. Choose/);
		server.close();
		for (const wrong of ['x', '-1', '65536', '80.5', ''])
			assert.match(await refused({port: wrong}), /^There is no port .*: write a number from 0/);
	});

	it('takes a password where others can reach it, from a variable and not too short', async () => {
		for (const host of ['0.0.0.0', '::', '192.168.0.1', 'example.org'])
			assert.match(await refused({host}), new RegExp(`so a password is needed: set ${passwordVariable}`));
		assert.match(await refused({host: '0.0.0.0'}, {[passwordVariable]: 'short'}), /too short: 8 characters at least/);
		assert.match(
			await refused({host: '203.0.113.9'}, {[passwordVariable]: 'long enough'}),
			/^Nothing can listen at 203/,
		);
	});
});
