/**
 * Stands where Codex or Gemini CLI would: reads the prompt, writes what the test has put into `plays.json` of the folder
 * FAKE_HOME, one play a call, and prints a recorded run. Its first argument is whose. See `cli.ts`.
 */
import {existsSync, mkdirSync, readFileSync, writeFileSync} from 'node:fs';
import path from 'node:path';
import {takeCall, tell} from './fake-call.mjs';

const [tool, ...argv] = process.argv.slice(2);
const fixtures = path.resolve(import.meta.dirname, '../fixtures', tool);

const prompt = readFileSync(0, 'utf8');
const {number: call, play} = takeCall();
const trust = process.env.GEMINI_CLI_TRUST_WORKSPACE;
tell(call, {tool, argv, prompt, cwd: process.cwd(), ...(trust === undefined ? {} : {trust})});

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
