// One of the processes of `npm test`: everything that is not in the others, all-programs.ts and all-faces.ts.
import {globSync} from 'node:fs';

for (const file of globSync('**/*.test.{ts,tsx}', {cwd: import.meta.dirname}).sort())
	if (!/^(program|terminal|launch|examples|dashboard)\//.test(file)) await import(`./${file}`);
