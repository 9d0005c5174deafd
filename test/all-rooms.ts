// One of the two processes of `npm test`: everything that is not in the other, all-programs.ts.
import {globSync} from 'node:fs';

for (const file of globSync('**/*.test.{ts,tsx}', {cwd: import.meta.dirname}).sort())
	if (!/^(program|terminal)\//.test(file)) await import(`./${file}`);
