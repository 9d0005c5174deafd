// One of the processes of `npm test`: what starts the program and mostly waits for it. The others: see all-rooms.ts.
import {globSync} from 'node:fs';

for (const file of globSync('program/**/*.test.{ts,tsx}', {cwd: import.meta.dirname}).sort()) await import(`./${file}`);
