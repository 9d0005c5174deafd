// One of the processes of `npm test`: attempts and what is known of them beforehand. The others: see all-rooms.ts.
import {globSync} from 'node:fs';

for (const file of globSync('{backends,engine,check}/**/*.test.ts', {cwd: import.meta.dirname}).sort())
	await import(`./${file}`);
