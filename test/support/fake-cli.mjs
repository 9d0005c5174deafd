/**
 * Stands where Codex or Gemini CLI would: reads the prompt, writes what the test has put into `plays.json` of the folder
 * FAKE_CLI, one play a call, and prints a recorded run. Its first argument is whose. See `cli.ts`.
 */
import {existsSync, mkdirSync, readFileSync, renameSync, writeFileSync} from 'node:fs';
import path from 'node:path';

const [tool, ...argv] = process.argv.slice(2);
const folder = process.env.FAKE_CLI ?? '';
const fixtures = path.resolve(import.meta.dirname, '../fixtures', tool);

/** Which call this is, from 1, also when several come at once. */
function takeNumber() {
	for (let number = 1; ; number++) {
		try {
			mkdirSync(path.join(folder, 'calls', String(number)));
			return number;
		} catch (error) {
			if (error.code !== 'EEXIST') throw error;
		}
	}
}

const prompt = readFileSync(0, 'utf8');
const call = takeNumber();
const play = JSON.parse(readFileSync(path.join(folder, 'plays.json'), 'utf8'))[call - 1] ?? {};
const trust = process.env.GEMINI_CLI_TRUST_WORKSPACE;
const record = {tool, argv, prompt, cwd: process.cwd(), ...(trust === undefined ? {} : {trust})};
const told = path.join(folder, 'calls', String(call), 'call.json');
writeFileSync(`${told}.tmp`, JSON.stringify(record));
renameSync(`${told}.tmp`, told);

for (const [file, text] of Object.entries(play.write ?? {})) {
	mkdirSync(path.dirname(path.resolve(file)), {recursive: true});
	writeFileSync(path.resolve(file), text);
}
const name = play.transcript ?? {codex: 'ok-json', gemini: 'ok-stream'}[tool];
for (const [stream, number] of [
	['stdout', 1],
	['stderr', 2],
]) {
	const file = path.join(fixtures, `${name}.${stream}`);
	if (existsSync(file)) writeFileSync(number, readFileSync(file));
}
const {exitCode} = JSON.parse(readFileSync(path.join(fixtures, 'expected.json'), 'utf8'))[name];
process.exitCode = play.exitCode ?? exitCode;
if (play.hang) setInterval(() => {}, 1000);
// As the real Gemini CLI does.
if (tool === 'gemini') process.on('SIGTERM', () => process.exit(0));
