import type {WrittenProfile} from '../../config/profile.js';

const completed = (type: string) => ({type: 'item.completed', 'item.type': type});

/**
 * Codex CLI, as 0.169.0 was seen to speak. An `item` of type `error` is only a warning. Its tokens are those of the whole
 * session, also when it goes on with one.
 */
export const codexProfile: WrittenProfile = {
	name: 'Codex',
	argv: [
		...['codex', 'exec', '--json', '--skip-git-repo-check'],
		{when: 'skip_permissions', words: ['--dangerously-bypass-approvals-and-sandbox']},
		{when: 'model', words: ['--model', '{model}']},
		{when: 'resume', words: ['resume', '{session_id}']},
		'-',
	],
	output: {
		type: 'jsonl',
		events: [
			{when: {type: 'thread.started'}, session: 'thread_id'},
			{when: completed('agent_message'), text: 'item.text'},
			{
				when: {type: 'item.started', 'item.type': 'command_execution'},
				tool: {called: 'Bash', input: 'item'},
			},
			{
				when: completed('command_execution'),
				tool_result: {text: 'item.aggregated_output', failed: {'item.status': 'failed'}},
			},
			{when: completed('file_change'), tool: {called: 'Edit', input: 'item.changes.*'}},
			{when: completed('mcp_tool_call'), tool: {name: 'item.tool', input: 'item.arguments'}},
			{when: completed('web_search'), tool: {called: 'WebSearch', input: 'item'}},
			{when: completed('error'), note: 'item.message'},
			{when: {type: 'error'}, note: 'message'},
			{when: {type: 'turn.failed'}, error: 'error.message', final: true},
			{
				when: {type: 'turn.completed'},
				final: true,
				usage: {
					input: 'usage.input_tokens',
					output: 'usage.output_tokens',
					cache_read: 'usage.cached_input_tokens',
					cache_write: 'usage.cache_write_input_tokens',
					input_holds_cached: true,
					counts_session: true,
				},
			},
		],
	},
	failures: [
		{
			kind: 'transient',
			says: '^Error: thread/resume\\b.*',
			session_lost: true,
			message: 'The session that was to go on is not known any more',
		},
		{
			kind: 'rate_limit',
			says: "You['’]ve hit your usage limit\\b.*",
			reset: true,
			message: 'The usage limit of this Codex account is reached',
		},
		{
			kind: 'billing',
			says: '^To use Codex with your ChatGPT plan',
			message:
				'The plan of this account does not include Codex: take another one, or log in with an API key, then resume',
		},
		{
			kind: 'billing',
			says: 'Quota exceeded\\. Check your plan|insufficient_quota|unexpected status 402\\b',
			message: 'The account behind Codex has no credit left: add some in its billing settings, then resume',
		},
		{
			kind: 'rate_limit',
			says: 'exceeded retry limit, last status: 429\\b.*|unexpected status 429\\b.*|^rate limit exceeded\\b.*',
			reset: true,
			brief: true,
			message: 'The API takes no more requests of this Codex account for now',
		},
		{
			kind: 'prompt_too_long',
			says: '(?i)prompt is too long|exceeds the context window|context_length_exceeded|unexpected status 413\\b|ran out of room in the model',
		},
		{
			kind: 'auth',
			says: 'unexpected status 40[13]\\b|Missing environment variable: |[Nn]ot logged in|[Pp]lease (?:log|sign) in',
			message:
				'Codex is not logged in, or its key is not valid: run codex login, or set the variable that holds its key, then resume',
		},
		{
			kind: 'config',
			says: 'unexpected status 404\\b|^The requested model\\b.* does not exist|model is not supported when using Codex',
			message: 'Codex cannot use the model: correct backend.model, or remove it to use the one of your Codex',
		},
		{
			kind: 'overloaded',
			says: "unexpected status (?:503|529)\\b|We['’]re currently experiencing high demand|is at capacity|is overloaded",
		},
		{kind: 'refused', says: '^Invalid prompt: '},
		{
			kind: 'transient',
			says: 'unexpected status 5\\d\\d\\b|^stream disconnected before completion: An error',
			message: 'The API failed on its side',
		},
		{
			kind: 'network',
			says: 'Reconnecting\\.\\.\\. waiting for network|Connection failed|stream disconnected|error sending request',
			message: 'Codex cannot reach its service: check the network and the proxy',
		},
		{
			kind: 'config',
			says: '^error: (?:unexpected argument|invalid value|the argument|unrecognized subcommand)',
			message:
				'This Codex does not take the options it is given: update it (npm install -g @openai/codex), or correct backend in the job file',
		},
		{kind: 'config', says: '^Not inside a trusted directory|^Error loading config'},
	],
	install: 'install it (npm install -g @openai/codex), run codex login once',
};
