// One of the two processes of `npm test`: what starts the program and mostly waits for it. The other: all-rooms.ts.
import {globSync} from 'node:fs';

for (const file of globSync('{program,terminal}/**/*.test.{ts,tsx}', {cwd: import.meta.dirname}).sort())
	await import(`./${file}`);
