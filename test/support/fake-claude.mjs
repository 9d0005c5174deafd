/**
 * Stands where Claude Code would: reads the prompt, keeps sessions as the real one does, and plays what the test has put
 * into `plays.json` of the folder FAKE_HOME, one play a call. See `claude.ts`.
 */
import {appendFileSync, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync} from 'node:fs';
import path from 'node:path';
import {home, takeCall, tell} from './fake-call.mjs';

const fixtures = path.resolve(import.meta.dirname, '../fixtures/claude');
const argv = process.argv.slice(2);
const option = name => (argv.includes(name) ? argv[argv.indexOf(name) + 1] : undefined);
const format = option('--output-format') ?? 'text';
const resumed = option('--resume');
const session = resumed ?? option('--session-id') ?? '';
const kept = path.join(home, 'sessions', session);

const print = text => writeFileSync(1, text);
const end = (code, complaint = '') => {
	if (complaint !== '') writeFileSync(2, `${complaint}\n`);
	process.exit(code);
};

const prompt = readFileSync(0, 'utf8');
const {number: call, play} = takeCall();
const {MOZART_ATTEMPT: marker} = process.env;
tell(call, {argv, prompt, cwd: process.cwd(), marker});

if (play.forget) rmSync(kept, {force: true});
if (resumed !== undefined && !existsSync(kept)) end(1, `No conversation found with session ID: ${session}`);
if (resumed === undefined && existsSync(kept)) end(1, `Error: Session ID ${session} is already in use.`);
const before = resumed === undefined ? 0 : Number(readFileSync(kept, 'utf8'));
const cost = before + (play.costUsd ?? 0.05);
writeFileSync(kept, String(cost));

if (play.transcript) {
	const {exitCode} = JSON.parse(readFileSync(path.join(fixtures, 'expected.json'), 'utf8'))[play.transcript];
	print(readFileSync(path.join(fixtures, `${play.transcript}.stdout`)));
	const complaint = path.join(fixtures, `${play.transcript}.stderr`);
	if (existsSync(complaint)) writeFileSync(2, readFileSync(complaint));
	writeFiles();
	end(play.exitCode ?? exitCode);
}

const write = event => {
	if (format === 'stream-json') print(`${JSON.stringify({...event, session_id: session})}\n`);
};
const say = content => write({type: 'assistant', message: {model: 'a-model', content}});

write({type: 'system', subtype: 'init', cwd: process.cwd(), model: 'a-model', permissionMode: 'default'});
say([{type: 'text', text: `I begin (call ${call}).`}]);
if (play.hang) {
	setInterval(() => {}, 1000);
} else {
	writeFiles();
	const usage = {input_tokens: 100, output_tokens: 20, cache_read_input_tokens: 30, cache_creation_input_tokens: 4};
	const said = play.say ?? 'Done.';
	say([{type: 'text', text: said}]);
	const result = {
		type: 'result',
		subtype: 'success',
		is_error: false,
		num_turns: 2,
		duration_ms: 1200,
		result: said,
		total_cost_usd: cost,
		usage,
		modelUsage: {
			'a-model': {
				inputTokens: 100 * (before > 0 ? 2 : 1),
				outputTokens: 20,
				cacheReadInputTokens: 30,
				cacheCreationInputTokens: 4,
			},
		},
		permission_denials: [],
		session_id: session,
	};
	if (format === 'stream-json') write(result);
	else print(format === 'json' ? JSON.stringify(result) : `${said}\n`);
}

/** `write` replaces, `append` adds; paths are relative to the folder it runs in. */
function writeFiles() {
	const all = [
		...Object.entries(play.write ?? {}).map(one => [...one, writeFileSync]),
		...Object.entries(play.append ?? {}).map(one => [...one, appendFileSync]),
	];
	for (const [index, [file, text, put]] of all.entries()) {
		const place = path.resolve(file);
		mkdirSync(path.dirname(place), {recursive: true});
		put(place, text);
		const id = `tool-${call}-${index}`;
		if (play.transcript) continue;
		say([{type: 'tool_use', id, name: 'Write', input: {file_path: place, content: text}}]);
		write({type: 'user', message: {content: [{type: 'tool_result', tool_use_id: id, content: 'File created'}]}});
	}
}
