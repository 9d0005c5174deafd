import type {WrittenProfile} from '../../config/profile.js';

const usage = {input: 'stats.input', output: 'stats.output_tokens', cache_read: 'stats.cached'};

/**
 * Gemini CLI, as 0.61.0 was seen to speak. Its exit code is an HTTP status & 255, or one of its own below 60; a SIGTERM
 * ends it with exit code 0 and no last event; a reply that is no good, with exit code 0 and an error. What it uses is told for each run alone, also when it goes on with a session.
 */
export const geminiProfile: WrittenProfile = {
	name: 'Gemini CLI',
	argv: [
		...['gemini', '--output-format', 'stream-json'],
		{when: 'skip_permissions', words: ['--yolo']},
		{when: 'model', words: ['--model', '{model}']},
		{when: 'resume', words: ['--resume', '{session_id}']},
	],
	env: {GEMINI_CLI_TRUST_WORKSPACE: 'true'},
	output: {
		type: 'jsonl',
		events: [
			{when: {type: 'init'}, session: 'session_id'},
			{when: {type: 'message', role: 'assistant', delta: true}, text: 'content', delta: true},
			{when: {type: 'message', role: 'assistant', delta: false}, text: 'content'},
			{when: {type: 'tool_use'}, tool: {name: 'tool_name', input: 'parameters'}},
			{when: {type: 'tool_result'}, tool_result: {text: 'output', failed: {status: 'error'}}},
			{when: {type: 'error'}, note: 'message'},
			{when: {type: 'result', status: 'error'}, error: 'error.message', failed: true, final: true, usage},
			{when: {type: 'result', status: 'success'}, final: true, usage},
		],
	},
	failures: [
		{
			kind: 'transient',
			says: '^Error resuming session',
			session_lost: true,
			message: 'The session that was to go on is not known any more',
		},
		{
			kind: 'auth',
			exit_codes: [41],
			message: 'Gemini CLI is not logged in: run gemini once and log in, or set GEMINI_API_KEY, then resume',
		},
		{
			kind: 'config',
			exit_codes: [55],
			message: 'Gemini CLI does not trust the folder it runs in: run gemini there once, then resume',
		},
		{
			kind: 'budget',
			exit_codes: [53],
			message:
				'Gemini CLI has made as many turns as its settings allow: raise maxSessionTurns, or make batch.size smaller',
		},
		{
			// Several that start at once can meet one that is just writing them anew.
			kind: 'transient',
			exit_codes: [52],
			says: 'settings\\.json: Unexpected end of JSON input',
			message: 'Gemini CLI found its settings half written, as when another one writes them at that moment',
		},
		{kind: 'config', exit_codes: [42, 44, 52]},
		{
			kind: 'prompt_too_long',
			says: 'prompt is too long|input token count .{0,40}exceeds|exceeds the maximum number of tokens',
		},
		{
			kind: 'billing',
			says: '"code": ?402\\b|Insufficient G1 credits|credits are depleted',
			message: 'The account behind Gemini CLI has no credit left: add some in its billing settings, then resume',
		},
		{kind: 'overloaded', says: 'No capacity available for model'},
		{
			kind: 'rate_limit',
			says: '(?:Please retry in|Suggested retry after) [\\d.]+m?s\\b',
			reset: true,
			message: 'The quota of this Gemini account is used up',
		},
		{
			kind: 'rate_limit',
			says: 'exhausted your (?:(?:daily )?quota|capacity)|exceeded your current quota|[Yy]our quota will reset after',
			reset: true,
			message: 'The quota of this Gemini account is used up',
		},
		{
			kind: 'rate_limit',
			says: '"code": ?429\\b|failed with status 429\\b|RESOURCE_EXHAUSTED|exceeded your per-minute rate limit',
			reset: true,
			brief: true,
			message: 'The API takes no more requests of this Gemini account for now',
		},
		{
			kind: 'auth',
			says: '"code": ?40[13]\\b|API key (?:not valid|expired)|API_KEY_INVALID|Verify your account|UNAUTHENTICATED|PERMISSION_DENIED|must specify the GEMINI_API_KEY',
			message:
				'Gemini CLI is not logged in, or its key is not valid: run gemini once and log in, or set GEMINI_API_KEY to a valid key, then resume',
		},
		{
			kind: 'config',
			says: 'ModelNotFoundError|"code": ?404\\b|^(?:\\[API Error: )?model: |is not found for API version',
			message: 'Gemini CLI cannot use the model: correct backend.model, or remove it to use its own choice',
		},
		{
			kind: 'config',
			says: 'User location is not supported',
			message: 'The Gemini API does not serve the place you are at',
		},
		{
			kind: 'refused',
			says: 'response was blocked due to',
		},
		{kind: 'overloaded', says: '"code": ?(?:503|529)\\b|failed with status (?:503|529)\\b|is overloaded'},
		{
			kind: 'transient',
			says: '"code": ?5\\d\\d\\b|failed with status 5\\d\\d\\b',
			message: 'The API failed on its side',
		},
		{kind: 'network', says: 'fetch failed|ECONNREFUSED|ECONNRESET|ENOTFOUND|ETIMEDOUT'},
		{
			kind: 'config',
			says: '^Unknown arguments?: |^Not enough arguments|^Invalid values:',
			message:
				'This Gemini CLI does not take the options it is given: update it (npm install -g @google/gemini-cli), or correct backend in the job file',
		},
		{kind: 'rate_limit', exit_codes: [173], brief: true},
		{kind: 'auth', exit_codes: [145, 147]},
		{kind: 'config', exit_codes: [148]},
		{kind: 'overloaded', exit_codes: [247]},
	],
	install: 'install it (npm install -g @google/gemini-cli), run gemini once to log in',
};
