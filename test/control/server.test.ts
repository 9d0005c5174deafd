import assert from 'node:assert/strict';
import {spawnSync} from 'node:child_process';
import {once} from 'node:events';
import {chmodSync, existsSync, mkdirSync, rmSync, statSync, symlinkSync, writeFileSync} from 'node:fs';
import {createServer, type Socket} from 'node:net';
import path from 'node:path';
import {describe, it, mock} from 'node:test';
import {socketPaths} from '../../source/control/address.js';
import {ConnectionLost, connectEngine} from '../../source/control/client.js';
import {serveControl} from '../../source/control/server.js';
import type {Event} from '../../source/core/event.js';
import {reached, readAll, Stand, withStand} from './stand.js';

const hello = `${JSON.stringify({type: 'hello', version: 1, readOnly: false})}\n`;
const say = (message: object) => `${JSON.stringify(message)}\n`;

describe('who is connected', () => {
	it('begins with the state and sees every fact that follows, also two at once', () =>
		withStand(async (stand, address) => {
			const {world, engine} = stand;
			const first = await stand.connect(address);
			const second = await stand.connect(address);
			assert.deepEqual(first.getSnapshot(), engine.getSnapshot());
			const seen: Event[][] = [[], []];
			const own: Event[] = [];
			engine.subscribe(events => void own.push(...events));
			for (const [index, remote] of [first, second].entries()) {
				remote.subscribe((events, run) => {
					seen[index]?.push(...events);
					assert.equal(run.seq, events.at(-1)?.seq);
				});
				remote.start();
			}
			world.attempts[0]?.end();
			await reached(first, () => first.getSnapshot().counts.completed === 1);
			assert.equal(await second.send({type: 'pause', mode: 'drain'}), undefined);
			await reached(first, () => first.getSnapshot().phase === 'paused');
			await reached(second, () => second.getSnapshot().seq === first.getSnapshot().seq);
			assert.deepEqual(seen, [own, own]);
			assert.deepEqual(first.getSnapshot(), engine.getSnapshot());
		}));

	it('waits for the first facts: what stands before them is the end of the last program', async () => {
		const stand = new Stand();
		try {
			await stand.serveOnly();
			const connecting = stand.connect(stand.address);
			await new Promise<void>(resolve => stand.control.onChange(resolve));
			await stand.firstFact();
			assert.deepEqual((await connecting).getSnapshot(), stand.engine.getSnapshot());
		} finally {
			await stand.remove();
		}
	});

	it('knows how many messages to people nobody got, before and since it came', () =>
		withStand(async (stand, address) => {
			const first = await stand.connect(address);
			first.start();
			assert.equal(first.undelivered(), 0);
			const told: number[] = [];
			first.subscribe(events => void told.push(events.length));
			stand.lose();
			await reached(first, () => first.undelivered() === 1);
			assert.deepEqual(told, [0]);
			const second = await stand.connect(address);
			assert.equal(second.undelivered(), 1);
			second.start();
			stand.lose();
			await Promise.all([first, second].map(remote => reached(remote, () => remote.undelivered() === 2)));
			assert.deepEqual(first.getSnapshot(), stand.engine.getSnapshot());
		}));

	it('hears why a command is refused', () =>
		withStand(async (stand, address) => {
			const remote = await stand.connect(address);
			remote.start();
			assert.equal(await remote.send({type: 'skip', batch: 9}), 'there is no batch 9: the job has 3');
			assert.equal(await remote.send({type: 'hold', batch: 1, attempt: 7}), 'batch 1 is at attempt 1 by now, not 7');
		}));

	it('may only watch when it says so', () =>
		withStand(async (stand, address) => {
			const watcher = await stand.connect(address, {readOnly: true});
			assert.equal(stand.control.steerers, 0);
			watcher.start();
			assert.equal(await watcher.send({type: 'pause', mode: 'now'}), 'this connection only watches (--read-only)');
			assert.equal(stand.engine.getSnapshot().phase, 'running');
			const other = await stand.connect(address);
			assert.equal(stand.control.steerers, 1);
			const gone = Promise.withResolvers<void>();
			stand.control.onChange(gone.resolve);
			other.disconnect();
			await gone.promise;
			assert.equal(stand.control.steerers, 0);
		}));

	it('sees the end of what running batches have printed, then what they print', () =>
		withStand(async (stand, address) => {
			for (let line = 0; line < 3000; line++) stand.print(1, `line ${line} ${'.'.repeat(60)}\n`);
			stand.print(2, 'oh\n', 'stderr');
			const remote = await stand.connect(address);
			stand.print(1, 'last\n');
			const seen = {1: '', 2: ''} as Record<number, string>;
			remote.onSignal(({batch, text}) => {
				seen[batch] += text;
			});
			remote.start();
			await reached(remote, () => seen[1]?.endsWith('last\n') ?? false);
			assert.match(seen[1] ?? '', /^line \d+ \.+\n/);
			assert.match(seen[1] ?? '', /line 2998 \.+\nline 2999 \.+\nlast\n$/);
			const {length} = seen[1] ?? '';
			assert.ok(length > 50_000 && length < 140_000, `${length} characters`);
			assert.equal(seen[2], 'oh\n');
		}));

	it('ends with the run, and hears when the run was given up', () =>
		withStand(async (stand, address) => {
			const remote = await stand.connect(address);
			remote.start();
			stand.world.attempts[0]?.fail(new Error('the journal is full'));
			for (const attempt of [...stand.world.attempts]) attempt.end();
			await stand.world.settle();
			await stand.control.close();
			await assert.rejects(remote.ended, (error: Error) => {
				assert.ok(error instanceof ConnectionLost);
				assert.match(error.message, /^The run was stopped: the journal is full$/);
				return true;
			});
			assert.equal(await remote.send({type: 'resume'}), 'the program that ran this job has ended');
		}));

	it('is told that the connection was lost when the other program dies', () =>
		withStand(async (stand, address) => {
			let between: Socket | undefined;
			const server = createServer(socket => {
				between = socket.on('error', () => {});
				void stand.raw(address).then(real => socket.pipe(real).pipe(socket));
			}).listen(stand.at('between'));
			await once(server, 'listening');
			const remote = await stand.connect(stand.at('between'));
			remote.start();
			between?.destroy();
			await assert.rejects(remote.ended, /^Error: The connection to the program that runs this job was lost/);
			server.close();
		}));

	it('comes to the end of a run, and stays to look at it when asked to', () =>
		withStand(async (stand, address) => {
			const [passing, staying] = [await stand.connect(address), await stand.connect(address)];
			passing.start();
			staying.start({stay: true});
			let isOver = false;
			void staying.ended.then(() => {
				isOver = true;
			});
			await passing.send({type: 'stop', mode: 'now', cancel: true});
			for (const attempt of [...stand.world.attempts]) attempt.end({aborted: true});
			assert.equal((await passing.ended).result, 'cancelled');
			await stand.control.close();
			await staying.closed;
			assert.equal(isOver, false);
			staying.leave();
			assert.equal((await staying.ended).phase, 'ended');
		}));
});

describe('a client that does not behave', () => {
	it('is turned away with a reason', () =>
		withStand(async (stand, address) => {
			const cases: [string | Buffer, RegExp][] = [
				['GET / HTTP/1.1\r\n\r\n', /no message that is understood/],
				[Buffer.from([0, 255, 254, 10]), /no message that is understood/],
				[say({type: 'command', id: 1, command: {type: 'resume'}}), /hello comes first/],
				[`${hello}${hello}`, /hello was said already/],
				[say({type: 'hello', version: 99, readOnly: false}), /version 1 of the protocol, not 99/],
				[`${hello}${say({type: 'command', id: 1, command: {type: 'launch', batch: 1}})}`, /no message that is/],
				[`${hello}${say({type: 'command', id: 1, command: {type: 'skip', batch: '1; rm'}})}`, /no message that is/],
				['x'.repeat(70_000), /a line is too long/],
				[`${'['.repeat(60_000)}\n`, /no message that is understood/],
			];
			for (const [words, reason] of cases) {
				const socket = await stand.raw(address);
				socket.write(words);
				const heard = await readAll(socket);
				assert.match(heard.trim().split('\n').at(-1) ?? '', /^\{"type":"bye","reason":"unwelcome"/, String(words));
				assert.match(heard, reason);
			}
			assert.equal((await stand.connect(address)).getSnapshot().phase, 'running', 'others are served as before');
		}));

	it('may send a command and close its half: the answer comes', () =>
		withStand(async (stand, address) => {
			const socket = await stand.raw(address);
			socket.end(`${hello}${say({type: 'command', id: 5, command: {type: 'pause', mode: 'drain'}})}`);
			assert.match(await readAll(socket), /\{"type":"answer","id":5\}\n$/);
			assert.equal(stand.engine.getSnapshot().phase, 'paused');
		}));

	it('misses live output when it is slow, and is let go when it is 4 MB behind; the engine does not notice', () =>
		withStand(async (stand, address) => {
			const slow = await stand.raw(address);
			slow.pause();
			slow.write(hello);
			const quick = await stand.connect(address);
			quick.start();
			await reached(stand.engine, () => stand.control.steerers === 2);
			const chunk = 'o'.repeat(100_000);
			for (let written = 0; written < 10_000_000; written += chunk.length) {
				stand.print(1, chunk);
				if (written % 1_000_000 === 0) await stand.world.settle();
			}
			assert.equal(stand.control.steerers, 2, 'output alone does not count');
			const gone = Promise.withResolvers<void>();
			stand.control.onChange(gone.resolve);
			let facts = 0;
			while (stand.control.steerers === 2 && facts < 200_000) {
				const commands = Array.from({length: 500}, () =>
					stand.engine.send({type: 'set-concurrency', concurrency: 1 + (facts++ % 2)}),
				);
				await Promise.all(commands);
				await stand.world.settle();
			}
			await gone.promise;
			assert.ok(facts * 80 > 4_000_000, `${facts} facts`);
			assert.equal(await quick.send({type: 'pause', mode: 'drain'}), undefined, 'who reads is served');
			assert.deepEqual(quick.getSnapshot(), stand.engine.getSnapshot());
		}));

	it('does not hold up the end', () =>
		withStand(async (stand, address) => {
			const deaf = await stand.raw(address);
			deaf.pause();
			deaf.write(hello);
			await stand.raw(address);
			await stand.connect(address);
			await stand.control.close();
		}));
});

describe('the socket', () => {
	it('is for its owner alone', () =>
		withStand(async (stand, address) => {
			assert.match(address, new RegExp(`^${stand.at('mozart')}/[0-9a-f]{16}\\.sock$`));
			assert.equal(statSync(address).mode & 0o777, 0o600);
			assert.equal(statSync(path.dirname(address)).mode & 0o777, 0o700);
			assert.equal(statSync(stand.at('control.json')).mode & 0o777, 0o600);
		}));

	it('never goes where others can look in, or where a path would be too long', () =>
		withStand(async stand => {
			const runtime = (name: string) => ({XDG_RUNTIME_DIR: stand.at(name)});
			const first = async (env: Record<string, string>) => {
				for await (const candidate of socketPaths(stand.folder, env)) return candidate;
				return undefined;
			};
			for (const name of ['open', 'linked', 'file', 'x'.repeat(80)]) mkdirSync(stand.at(name), {mode: 0o700});
			mkdirSync(stand.at('open/mozart'));
			chmodSync(stand.at('open/mozart'), 0o755);
			symlinkSync(stand.at('mozart'), stand.at('linked/mozart'));
			writeFileSync(stand.at('file/mozart'), '');
			const problem = async (name: string) => JSON.stringify(await first(runtime(name)));
			assert.match(await problem('open'), /is open to other users/);
			assert.match(await problem('linked'), /is not a folder/);
			assert.match(await problem('file'), /is not a folder/);
			assert.match(await problem('x'.repeat(80)), /is too long a path/);
			assert.match(await problem('nowhere'), /cannot be used/);
			const elsewhere = await first({XDG_RUNTIME_DIR: 'relative', TMPDIR: stand.at('tmp')});
			assert.ok(
				elsewhere && 'path' in elsewhere && elsewhere.path.startsWith(stand.at('tmp/mozart-')),
				JSON.stringify(elsewhere),
			);
		}));

	it('of a dead program is replaced', () =>
		withStand(async (stand, address) => {
			await stand.control.close();
			// A process that is killed leaves its socket behind.
			const dies = `require('net').createServer().listen(process.argv[1], () => process.kill(process.pid, 'SIGKILL'))`;
			assert.equal(spawnSync(process.execPath, ['-e', dies, address]).signal, 'SIGKILL');
			assert.ok(existsSync(address));
			await stand.serve();
			assert.equal((await stand.connect(address)).getSnapshot().total, 3);
		}));

	it('of a living program is left alone: the other one listens elsewhere', () =>
		withStand(async (stand, address) => {
			const other = await serveControl(stand.engine, stand.options);
			assert.ok('close' in other);
			assert.ok(stand.address.startsWith(stand.at('tmp/mozart-')), stand.address);
			assert.equal((await stand.connect(address)).getSnapshot().total, 3);
			await other.close();
		}));

	it('is gone when the run is closed, but not when it belongs to another by then', () =>
		withStand(async (stand, address) => {
			await stand.control.close();
			assert.equal(existsSync(address), false);
			assert.equal(existsSync(stand.at('control.json')), false);
			assert.deepEqual(await connectEngine(address), {
				problem: `connect ENOENT ${address}`,
				isGone: true,
			});
			await stand.serve();
			rmSync(address);
			const other = createServer().listen(address);
			await once(other, 'listening');
			await stand.control.close();
			assert.ok(existsSync(address));
			other.close();
		}));

	it('comes back where a system has deleted it', async () => {
		mock.timers.enable({apis: ['setInterval']});
		try {
			await withStand(async (stand, address) => {
				const before = await stand.connect(address);
				before.start();
				rmSync(path.dirname(address), {recursive: true});
				mock.timers.tick(10_000);
				while (!existsSync(address)) await new Promise(resolve => setImmediate(resolve));
				assert.equal((await stand.connect(address)).getSnapshot().total, 3);
				assert.equal(await before.send({type: 'pause', mode: 'drain'}), undefined, 'who was there stays');
				assert.equal(stand.address, address);
			});
		} finally {
			mock.timers.reset();
		}
	});
});
