import assert from 'node:assert/strict';
import {spawn} from 'node:child_process';
import {once} from 'node:events';
import path from 'node:path';
import {test} from 'node:test';
import {pathToFileURL} from 'node:url';

const room = pathToFileURL(path.resolve(import.meta.dirname, '../../source/process/parent.ts')).href;

test('a signal that the parent hands on in the first moment is raised', async () => {
	const child = spawn(
		process.execPath,
		[
			'--input-type=module',
			'--eval',
			`import {parentOf} from '${room}';
			performance.now = () => 50; // ms since this program has started
			parentOf({MOZART_PARENT: String(process.ppid)});
			process.once('SIGTERM', () => process.exit(42));
			setTimeout(() => process.exit(1), 5000);
			process.send('ready');`,
		],
		{stdio: ['ignore', 'ignore', 'inherit', 'ipc']},
	);
	await once(child, 'message');
	child.send({signal: 'SIGTERM'});
	const [code] = await once(child, 'exit');
	assert.equal(code, 42);
});

test('a parent that was killed is not let go: its program ends, also when it hears a hang-up first', async () => {
	const child = spawn(
		process.execPath,
		[
			'--input-type=module',
			'--eval',
			`import {parentOf} from '${room}';
			const parent = parentOf({MOZART_PARENT: String(process.ppid)});
			process.once('SIGTERM', () => process.exit(42));
			setTimeout(() => process.exit(1), 5000);
			process.send('ready', () => {
				// The parent is gone before anything is heard of it.
				Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 500);
				parent.letGo();
			});`,
		],
		{stdio: ['ignore', 'ignore', 'inherit', 'ipc']},
	);
	await once(child, 'message');
	child.disconnect();
	const [code] = await once(child, 'exit');
	assert.equal(code, 42);
});
