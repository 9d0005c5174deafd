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
