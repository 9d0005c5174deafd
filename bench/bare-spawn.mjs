// The floor: the least that Node needs to start a program and to learn how it ended.
import {spawn} from 'node:child_process';
import {once} from 'node:events';

for (let left = Number(process.argv[2]); left > 0; left--) {
	const [code] = await once(spawn('true'), 'close');
	if (code !== 0) throw new Error(`exit code ${code}`);
}
