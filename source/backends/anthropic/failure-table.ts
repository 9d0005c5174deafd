import {type Fault, type FaultRow, lower} from '../api/fault.js';
import {limitName} from '../claude/limit-words.js';

const is = (fault: Fault, statuses: readonly number[], types: readonly string[]): boolean =>
	(fault.status !== undefined && statuses.includes(fault.status)) || types.includes(fault.type ?? '');

/** What the errors of the Anthropic API mean. The first row that fits counts; its own words stand before its statuses. */
export const failureRows: readonly FaultRow[] = [
	{
		kind: 'rate_limit',
		when: ({message}) => /^You have reached your specified API usage limits/.test(message),
		message: ({quote}) => `The spending limit of this API account is reached${quote}: raise it to go on sooner.`,
	},
	{
		kind: 'billing',
		when: ({code = ''}) => /_spend_limit_reached$/.test(code),
		message: ({quote}) => `The spending limit of this API account is reached${quote}: raise it, then resume.`,
	},
	{
		kind: 'billing',
		when: fault =>
			is(fault, [402], ['billing_error']) ||
			fault.code === 'organization_on_hold' ||
			/credit balance is too low/i.test(fault.message),
		message: ({quote}) => `The API account has no credit left${quote}: add some in its billing settings, then resume.`,
	},
	{
		kind: 'overloaded',
		when: fault => is(fault, [529], ['overloaded_error']),
		message: ({title, quote}) =>
			`${title} has too much to do just now${quote}: the job waits a little and tries again.`,
	},
	{
		kind: 'rate_limit',
		when: fault => fault.status === 429 && fault.headers['anthropic-ratelimit-unified-status'] === 'rejected',
		message: ({fault: {headers}}) =>
			`${limitName(headers['anthropic-ratelimit-unified-representative-claim'])} of this account is reached.`,
	},
	{
		kind: 'rate_limit',
		brief: true,
		when: fault => is(fault, [429], ['rate_limit_error']),
		message: ({title, quote}) => `${title} takes no more requests of this account for now${quote}.`,
	},
	{
		kind: 'prompt_too_long',
		when: fault =>
			is(fault, [413], ['request_too_large']) ||
			/\bprompt is too long\b|\bexceeds? (?:the )?context (?:limit|window)\b/i.test(fault.message),
		message: ({quote}) =>
			`The prompt is too long for the model${quote}: make batch.size smaller, shorten the template, or lower backend.max_tokens.`,
	},
	{
		kind: 'auth',
		when: fault => is(fault, [401], ['authentication_error']),
		message: ({title, quote}) =>
			`${title} does not take the key${quote}: put a valid one into the variable that backend.api_key_env names, then resume.`,
	},
	{
		kind: 'auth',
		when: fault => is(fault, [403], ['permission_error']),
		message: ({title, quote}) =>
			`${title} does not allow this to the key${quote}: use another key or another model, then resume.`,
	},
	{
		kind: 'config',
		when: fault => is(fault, [404], ['not_found_error']),
		message: ({title, quote}) =>
			`${title} does not know this model or address${quote}: correct backend.model or backend.base_url, then resume.`,
	},
	{
		kind: 'network',
		when: ({code}) => code === 'request_body_timeout',
		message: ({title, quote}) => `The request reached ${lower(title)} too slowly${quote}.`,
	},
	{
		kind: 'timeout',
		when: fault => is(fault, [], ['timeout_error']),
		message: ({title, quote}) => `${title} took too long by its own word${quote}.`,
	},
	{
		kind: 'transient',
		when: fault => is(fault, [409], ['api_error']),
		message: ({title, quote}) => `${title} failed on its side${quote}.`,
	},
	{
		kind: 'config',
		when: fault => is(fault, [400, 405, 412, 415, 422, 431, 501], ['invalid_request_error']),
		message: ({title, quote}) =>
			`${title} does not take such a request${quote}: correct the backend in the job file, then resume.`,
	},
];
