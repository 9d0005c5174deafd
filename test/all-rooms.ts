// One of the processes of `npm test`: everything that is not in the others, all-programs.ts, all-faces.ts and all-backends.ts.
import {globSync} from 'node:fs';

for (const file of globSync('**/*.test.{ts,tsx}', {cwd: import.meta.dirname}).sort())
	if (!/^(program|terminal|launch|examples|dashboard|backends|engine|check)\//.test(file)) await import(`./${file}`);
