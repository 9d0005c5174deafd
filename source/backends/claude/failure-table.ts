import type {Failure, FailureKind} from '../../core/failure.js';
import type {Exited} from '../../process/run.js';
import {limitName} from './limit-words.js';
import {rootAdvice} from './root-warning.js';
import type {Seen} from './transcript.js';

/** What is known about a run of Claude Code that may have failed. */
export type Evidence = {
	seen: Seen;
	exit: Exited;
	/** The run failed by its own word or by its exit code. */
	failed: boolean;
	timeoutSeconds: number;
	/** What the CLI said in its own name: its lines, or of a run that ended well its whole reply, if it is one line. */
	said: string;
	/** The first of it, in short, for a sentence. */
	quote: string;
	/**
	 * Whether the CLI said such a sentence, and how. Of a failed run each of its words counts, by its beginning; of one that
	 * ended well only a final result that is this sentence and nothing else: a reply may talk about limits as it likes.
	 */
	says(sentence: RegExp): RegExpExecArray | undefined;
};

type Row = {
	kind: FailureKind;
	when(evidence: Evidence): boolean;
	/** What happened and what to do. */
	message(evidence: Evidence): string;
	/** Of a limit: when it lifts by a number, ms since the epoch. Where it is told in words they are read later. */
	until?(evidence: Evidence): number | undefined;
	/** It passes within minutes, if nothing else is told. */
	brief?: true;
};

/**
 * The CLI's sentences, each from its first character to its last as far as they are known: in a run that ended well the
 * whole reply has to be the sentence.
 */
const sentences = {
	maxTurns: /Error: Reached max turns \(\d+\)/,
	usagePolicy:
		/API Error: Claude Code is unable to respond to this request, which appears to violate our Usage Policy[\s\S]*/,
	notLoggedIn:
		/(?:Not logged in|Invalid API key|OAuth token has expired|OAuth token revoked)(?: · .*)?|Please run \/login · .*|Failed to authenticate\. API Error: .*|Your account does not have access to Claude\. .*/,
	credit: /Credit balance is too low/,
	model: /There's an issue with the selected model \(.*/,
	tooLong: /Prompt is too long(?: · .*)?|Request too large \(.*/,
	notYourLimit: /API Error: Server is temporarily limiting requests\b.*/,
	overloaded: /API Error: (?:Repeated )?529\b(?: Overloaded\b.*| ?[·{].*)?/,
	spendLimit:
		/API Error: \d+ You have reached your specified API usage limits\.(?: You will regain access on .{1,60})?/,
	epochLimit: /Claude(?: AI)? usage limit reached\|\d{10}/,
	limit:
		/(?:You['’]ve hit your (?:\S+ ){0,4}limit|5-hour limit reached|Claude(?: AI)? usage limit reached|You['’]re out of extra usage)(?: ?[·∙] ?.{1,100}|\.? Your limit will reset at .{1,60}|\.)?/,
	rejected: /API Error: (?:Request rejected \(429\)|Rate limit reached|429\b)\.?(?: ?[·∙{].*)?/,
	brokenHistory: /API Error: 400 .{0,200}\btool_(?:use|result)\b.*/,
	server: /API Error: 5\d\d\b(?: [A-Z].*| ?[·{].*)?/,
	silent: /(?:API Error: )?Request timed out(?:\. (?:If the API|No data) .*|\.)?/,
	connection: /API Error: (?:Connection\b|Unable to connect\b|fetch failed).*/,
	tokens: /API Error: .{0,40}response exceeded the \d+ output token maximum\b.*/,
	root: /--dangerously-skip-permissions cannot be used with root\b.*/,
	sessionInUse: /Error: Session ID \S+ is already in use\b.*/,
	flags:
		/error: (?:unknown option|unknown command|option|missing required|too many) .*|Error: (?:When using|Input must be|Invalid session ID|Invalid MCP|Invalid settings).*/,
	unknownSession: /(?:Error: )?No conversation found\b.*/,
};

const status = ({seen}: Evidence) => seen.result?.api_error_status ?? seen.apiError?.api_error_status;
const apiError = ({seen}: Evidence) => seen.result?.api_error ?? seen.apiError?.api_error;
/** The CLI's own word for why the API did not answer. */
const reason = ({seen}: Evidence) => seen.apiError?.error;
const endedBy = ({seen}: Evidence, word: string) =>
	seen.result?.terminal_reason === word || seen.result?.subtype === word;

const historyIsBroken = (e: Evidence) =>
	apiError(e) === 'tool_history_mismatch' || e.says(sentences.brokenHistory) !== undefined;

/** From the first row that fits come kind and message. Structured signals stand before sentences. */
const rows: readonly Row[] = [
	{
		kind: 'rate_limit',
		when: ({seen}) => seen.limit !== undefined,
		until: ({seen}) => seen.limit?.resetsAt && seen.limit.resetsAt * 1000,
		message: ({seen: {limit}}) => `${limitName(limit?.rateLimitType)} of this Claude account is reached.`,
	},
	{
		kind: 'timeout',
		when: ({exit}) => exit.timedOut,
		message: ({timeoutSeconds}) =>
			`claude was not done after ${timeoutSeconds} s (backend.timeout_seconds) and was ended with all it had started.`,
	},
	{
		kind: 'budget',
		when: e => endedBy(e, 'error_max_budget_usd') || endedBy(e, 'budget_exhausted'),
		message: () =>
			'Claude Code has spent the most it may for one run: raise or remove its limit (--max-budget-usd), then resume.',
	},
	{
		kind: 'transient',
		when: e => endedBy(e, 'error_max_turns') || endedBy(e, 'max_turns') || e.says(sentences.maxTurns) !== undefined,
		message: () => 'Claude Code reached max turns before it was done: a smaller batch.size needs fewer.',
	},
	{
		kind: 'prompt_too_long',
		when: e => endedBy(e, 'prompt_too_long') || status(e) === 413 || e.says(sentences.tooLong) !== undefined,
		message: ({quote}) =>
			`The prompt is too long for the model${quote}: make batch.size smaller, shorten the template, or let it name files instead of holding their text.`,
	},
	{
		kind: 'refused',
		when: e => (e.failed && e.seen.result?.stop_reason === 'refusal') || e.says(sentences.usagePolicy) !== undefined,
		message: () =>
			'The model declined this prompt as against its usage policy: reword the template, or give these items another model.',
	},
	{
		kind: 'overloaded',
		when: e => status(e) === 529 || [sentences.notYourLimit, sentences.overloaded].some(sentence => e.says(sentence)),
		message: ({quote}) => `The service has too much to do just now${quote}: the job waits a little and tries again.`,
	},
	{
		kind: 'auth',
		when: e =>
			reason(e) === 'authentication_failed' ||
			status(e) === 401 ||
			status(e) === 403 ||
			e.says(sentences.notLoggedIn) !== undefined,
		message: ({quote}) =>
			`Claude Code is not logged in, or its key is not valid${quote}: run claude once and log in with /login, or set ANTHROPIC_API_KEY to a valid key, then resume.`,
	},
	{
		kind: 'billing',
		when: e => reason(e) === 'billing_error' || status(e) === 402 || e.says(sentences.credit) !== undefined,
		message: ({quote}) =>
			`The Claude account has no credit left${quote}: add some in its billing settings, then resume.`,
	},
	{
		kind: 'config',
		when: e => reason(e) === 'model_not_found' || status(e) === 404 || e.says(sentences.model) !== undefined,
		message: ({quote}) =>
			`Claude Code cannot use the model${quote}: correct backend.model, or remove it to use the one of your Claude Code.`,
	},
	{
		kind: 'rate_limit',
		when: e => e.says(sentences.spendLimit) !== undefined,
		message: ({quote}) => `The spending limit of this API account is reached${quote}: raise it to go on sooner.`,
	},
	{
		kind: 'rate_limit',
		when: e => e.says(sentences.epochLimit) !== undefined,
		message: () => 'The usage limit of this Claude account is reached.',
	},
	{
		kind: 'rate_limit',
		when: e => apiError(e) === 'usage_limit_reached' || e.says(sentences.limit) !== undefined,
		message: ({quote}) => `The usage limit of this Claude account is reached${quote}.`,
	},
	{
		kind: 'rate_limit',
		brief: true,
		when: e => status(e) === 429 || reason(e) === 'rate_limit' || e.says(sentences.rejected) !== undefined,
		message: ({quote}) => `The API takes no more requests of this account for now${quote}.`,
	},
	{
		kind: 'network',
		when: e => apiError(e) === 'connection_failed' || e.says(sentences.connection) !== undefined,
		message: ({quote}) => `The API cannot be reached${quote}: check the network, the proxy and ANTHROPIC_BASE_URL.`,
	},
	{
		kind: 'timeout',
		when: e => e.says(sentences.silent) !== undefined,
		message: ({quote}) => `The API was silent for too long${quote}.`,
	},
	{
		kind: 'transient',
		when: e => (status(e) ?? 0) >= 500 || e.says(sentences.server) !== undefined,
		message: ({quote}) => `The API failed on its side${quote}.`,
	},
	{
		kind: 'transient',
		when: e =>
			apiError(e) === 'max_output_tokens' ||
			reason(e) === 'max_output_tokens' ||
			e.says(sentences.tokens) !== undefined,
		message: () =>
			'The answer was longer than the model may give: ask for smaller pieces, or raise CLAUDE_CODE_MAX_OUTPUT_TOKENS.',
	},
	{kind: 'config', when: e => e.says(sentences.root) !== undefined, message: () => rootAdvice},
	{
		kind: 'config',
		when: e => e.says(sentences.sessionInUse) !== undefined,
		message: ({quote}) => `Claude Code takes no session id twice${quote}: resume, and a new one is drawn.`,
	},
	{
		kind: 'config',
		when: e => e.says(sentences.flags) !== undefined,
		message: ({quote}) =>
			`This Claude Code does not take the options it is given${quote}: update it (npm install -g @anthropic-ai/claude-code), or correct backend in the job file.`,
	},
	{
		kind: 'transient',
		when: e => e.says(sentences.unknownSession) !== undefined,
		message: ({quote}) => `The session that was to go on is not known any more${quote}.`,
	},
	{
		kind: 'transient',
		when: e => historyIsBroken(e),
		message: ({quote}) => `The session cannot go on: its history is not valid${quote}.`,
	},
	{
		kind: 'transient',
		when: ({exit}) => exit.endedBy !== undefined || [129, 130, 131, 137, 143].includes(exit.exitCode ?? 0),
		message: ({exit}) => {
			const by = exit.endedBy ?? `a signal (exit code ${exit.exitCode})`;
			const memory = exit.endedBy === 'SIGKILL' || exit.exitCode === 137;
			return `claude was ended from outside by ${by}${memory ? ' (the system does this when memory runs out)' : ''}.`;
		},
	},
	{
		kind: 'transient',
		when: e => endedBy(e, 'aborted_tools') || endedBy(e, 'aborted_streaming'),
		message: () => 'claude was interrupted from outside while it worked.',
	},
	{
		kind: 'transient',
		when: ({failed, quote}) => failed && quote !== '',
		message: ({quote, exit}) =>
			`Claude Code failed with exit code ${exit.exitCode}${quote}: not a failure that is known; its last words are kept in the log of this attempt.`,
	},
	{
		kind: 'transient',
		when: ({failed}) => failed,
		message: ({exit}) =>
			exit.exitCode === 0
				? 'claude ended without a result, as when it is interrupted from outside.'
				: `claude ended with exit code ${exit.exitCode} and without a word on why: not a failure that is known; what it printed is kept in the log of this attempt.`,
	},
];

/** Kind and message of a run, or undefined when nothing speaks against it. */
export function lookUp(evidence: Evidence): Omit<Failure, 'raw'> | undefined {
	const row = rows.find(one => one.when(evidence));
	if (!row) return undefined;
	const {kind, brief} = row;
	const until = row.until?.(evidence);
	return {kind, message: row.message(evidence), ...(until ? {until} : {}), ...(brief ? {brief} : {})};
}

/** Whether a session cannot be gone on with, so that the whole prompt has to go to a new one. */
export const sessionIsLost = (evidence: Evidence): boolean =>
	evidence.says(sentences.unknownSession) !== undefined ||
	historyIsBroken(evidence) ||
	lookUp(evidence)?.kind === 'prompt_too_long';
