// One of the processes of `npm test`: what is seen of the program, in terminals, in a browser, and by its examples.
import {globSync} from 'node:fs';

for (const file of globSync('{terminal,launch,examples,dashboard}/**/*.test.{ts,tsx}', {
	cwd: import.meta.dirname,
}).sort())
	await import(`./${file}`);
