import assert from 'node:assert/strict';
import {describe, test} from 'node:test';
import * as sdk from '@anthropic-ai/sdk';
import * as finer from '@anthropic-ai/sdk/core/error-classes';
import {failureRows} from '../../../source/backends/anthropic/failure-table.js';
import {stopOf} from '../../../source/backends/anthropic/stop.js';
import {BrokenOff, failureOf, faultOf} from '../../../source/backends/api/fault.js';
import type {FailureKind} from '../../../source/core/failure.js';

/** By status and finer word. The SDK has it for itself, and does not declare it. */
const {ERROR_CODE_CLASSES: classesOfCodes} = finer as unknown as {
	ERROR_CODE_CLASSES: ReadonlyMap<string, {name: string}>;
};

const judge = (error: unknown) =>
	failureOf(faultOf(error), {
		...{title: 'The Anthropic API', rows: failureRows, now: () => 0},
		readReset: async () => undefined,
	});

/** What the SDK makes of an answer with this status and this body. */
const answered = (status: number, type?: string, code?: string, message = 'as it is'): sdk.APIError =>
	sdk.APIError.generate(
		status,
		{type: 'error', error: {type, message, ...(code && {details: {error_code: code}})}},
		undefined,
		new Headers({'request-id': 'req_1'}),
	);

/** Every status that the SDK has a class for, and those it has none for. */
const ofStatus: readonly (readonly [status: number, kind: FailureKind, className: string])[] = [
	[302, 'config', 'APIError'],
	[400, 'config', 'BadRequestError'],
	[401, 'auth', 'AuthenticationError'],
	[402, 'billing', 'PaymentRequiredError'],
	[403, 'auth', 'PermissionDeniedError'],
	[404, 'config', 'NotFoundError'],
	[405, 'config', 'APIError'],
	[408, 'timeout', 'RequestTimeoutError'],
	[409, 'transient', 'ConflictError'],
	[412, 'config', 'PreconditionFailedError'],
	[413, 'prompt_too_long', 'ContentTooLargeError'],
	[418, 'transient', 'APIError'],
	[422, 'config', 'UnprocessableEntityError'],
	[429, 'rate_limit', 'RateLimitError'],
	[431, 'config', 'RequestHeaderFieldsTooLargeError'],
	[499, 'transient', 'ClientClosedRequestError'],
	[500, 'transient', 'InternalServerError'],
	[501, 'config', 'NotImplementedError'],
	[502, 'transient', 'InternalServerError'],
	[503, 'transient', 'ServiceUnavailableError'],
	[504, 'timeout', 'GatewayTimeoutError'],
	[529, 'overloaded', 'OverloadedError'],
];

/** Finer words of the API that lead elsewhere than their status. */
const ofCode: Readonly<Record<string, FailureKind>> = {
	organization_on_hold: 'billing',
	contract_spend_limit_reached: 'billing',
	enforced_spend_limit_reached: 'billing',
	request_body_timeout: 'network',
};

const ofType: Readonly<Record<sdk.Anthropic.ErrorType, FailureKind>> = {
	invalid_request_error: 'config',
	authentication_error: 'auth',
	billing_error: 'billing',
	permission_error: 'auth',
	not_found_error: 'config',
	rate_limit_error: 'rate_limit',
	timeout_error: 'timeout',
	api_error: 'transient',
	overloaded_error: 'overloaded',
	memory_precondition_failed_error: 'transient',
	memory_path_conflict_error: 'transient',
	conflict_error: 'transient',
};

describe('the errors of the SDK', () => {
	for (const [status, kind, className] of ofStatus) {
		test(`${status}, ${className}: ${kind}`, async () => {
			const error = answered(status);
			assert.equal(error.constructor, (sdk as unknown as Record<string, unknown>)[className] ?? sdk.APIError);
			const {kind: found, message} = await judge(error);
			assert.equal(found, kind);
			assert.match(message, /^[A-Z].*\.$/);
		});
	}

	test('each status with a class of its own is in the table', () => {
		const classes = new Set(ofStatus.map(([, , name]) => name));
		const own = Object.values(sdk).flatMap(value =>
			typeof value === 'function' && value.prototype instanceof sdk.APIError ? [value.name] : [],
		);
		const others = ['APIConnectionError', 'APIConnectionTimeoutError', 'APIUserAbortError'];
		const missing = own.filter(name => !classes.has(name) && !others.includes(name));
		// Those of finer words are looked at below.
		const fine = new Set([...classesOfCodes.values()].map(({name}) => name));
		assert.ok(own.length > 15);
		assert.deepEqual(
			missing.filter(name => !fine.has(name)),
			[],
		);
	});

	test('each finer word leads where its status does, but for those that are named', async () => {
		const codes = [...classesOfCodes.keys()];
		assert.ok(codes.length > 50);
		for (const key of codes) {
			const [status = '', code = ''] = key.split(' ');
			const usual = ofStatus.find(([one]) => one === Number(status))?.[1];
			const wanted = ofCode[code] ?? usual;
			assert.ok(wanted, key);
			assert.equal((await judge(answered(Number(status), undefined, code))).kind, wanted, key);
		}
	});

	test('a type of error counts alone where there is no status, as in the midst of a stream', async () => {
		for (const [type, kind] of Object.entries(ofType)) {
			const error = new sdk.APIError(
				undefined,
				{error: {type, message: 'm'}},
				undefined,
				new Headers(),
				type as sdk.Anthropic.ErrorType,
			);
			assert.equal((await judge(error)).kind, kind, type);
		}
	});

	test('faults of the connection are told by their names, however deep they lie', async () => {
		const wrapped = (code: string) =>
			new sdk.APIConnectionError({
				cause: new TypeError('fetch failed', {cause: Object.assign(new Error(code), {code})}),
			});
		const names: Readonly<Record<string, FailureKind>> = {
			ECONNREFUSED: 'network',
			ENOTFOUND: 'network',
			EAI_AGAIN: 'network',
			ECONNRESET: 'network',
			EHOSTUNREACH: 'network',
			UND_ERR_SOCKET: 'network',
			UND_ERR_CONNECT_TIMEOUT: 'network',
			UND_ERR_HEADERS_TIMEOUT: 'timeout',
			UND_ERR_BODY_TIMEOUT: 'timeout',
			CERT_HAS_EXPIRED: 'network',
			DEPTH_ZERO_SELF_SIGNED_CERT: 'network',
			UNABLE_TO_VERIFY_LEAF_SIGNATURE: 'network',
			ERR_TLS_CERT_ALTNAME_INVALID: 'network',
		};
		for (const [name, kind] of Object.entries(names)) assert.equal((await judge(wrapped(name))).kind, kind, name);
		assert.match((await judge(wrapped('CERT_HAS_EXPIRED'))).message, /NODE_EXTRA_CA_CERTS/);
		assert.equal((await judge(new sdk.APIConnectionError({message: 'Connection error.'}))).kind, 'network');
		assert.equal((await judge(new sdk.APIConnectionTimeoutError())).kind, 'timeout');
		assert.equal((await judge(new BrokenOff())).kind, 'network');
		const severalAddresses = new AggregateError([
			Object.assign(new Error('connect ECONNREFUSED ::1:1'), {code: 'ECONNREFUSED'}),
		]);
		assert.equal((await judge(new sdk.APIConnectionError({cause: severalAddresses}))).kind, 'network');
	});

	test('what is no answer at all may be better next time', async () => {
		for (const error of [
			new sdk.AnthropicError('what is this'),
			new SyntaxError('Unexpected token <'),
			'a text',
			undefined,
		])
			assert.equal((await judge(error)).kind, 'transient');
	});
});

describe('how a turn ends', () => {
	const text = {type: 'text', text: 'a', citations: null} as const;
	const call = {type: 'tool_use', id: 't', name: 'n', input: {}, caller: {type: 'direct'}} as const;
	const stop = (reason: sdk.Anthropic.StopReason | null, ...content: sdk.Anthropic.ContentBlock[]) =>
		stopOf({content, stop_reason: reason}, {max_tokens: 10});

	test('says what follows', () => {
		assert.deepEqual(stop('end_turn', text), {type: 'done'});
		assert.deepEqual(stop('stop_sequence', text), {type: 'done'});
		assert.deepEqual(stop('tool_use', text, call), {type: 'calls', calls: [{id: 't', name: 'n', input: {}}]});
		assert.deepEqual(stop('pause_turn', text), {type: 'paused'});
		const kinds = (['max_tokens', 'refusal', 'model_context_window_exceeded'] as const).map(reason => {
			const found = stop(reason, text);
			return found.type === 'failed' && found.failure.kind;
		});
		assert.deepEqual(kinds, ['transient', 'refused', 'prompt_too_long']);
		const unknown = stop('out_of_ink' as sdk.Anthropic.StopReason, text);
		assert.ok(unknown.type === 'failed' && unknown.failure.kind === 'transient');
	});
});
