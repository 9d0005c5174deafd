import type {Failure, FailureKind} from '../../core/failure.js';
import {headerResetTime, retryTime} from '../reset-headers.js';
import {type ResetReader, withReset} from '../reset-reader.js';
import {firstLine} from '../tool-words.js';

/** What an error of an SDK tells, whichever it is: all are made alike. */
export type Fault = {
	/** The status of a refusal; none where there was no answer, or where a reply broke off. */
	status?: number;
	/** The API's own word for it (`overloaded_error`), and a finer one (`model_not_found`). */
	type?: string;
	code?: string;
	/** What the API or the system said. */
	message: string;
	headers: Readonly<Record<string, string>>;
	/** Why there was no answer, by the names of the system and of `fetch`: `ECONNREFUSED`, `UND_ERR_SOCKET`. */
	connection?: string;
};

/** What a fault means: the first row that fits. */
export type FaultRow = {
	kind: FailureKind;
	when(fault: Fault): boolean;
	/** What happened and what to do. `quote` is what was said, in short: ` ("…")`, or nothing. */
	message(told: {title: string; quote: string; fault: Fault}): string;
	/** Of a limit: it passes within minutes, if nothing else is told. */
	brief?: true;
};

/** A reply that ended before it was whole, though the connection was closed in order. */
export class BrokenOff extends Error {
	readonly code = 'BROKEN_OFF';
	constructor() {
		super('the reply ended before it was whole');
	}
}

/** What an SDK has rejected with, as its cause: a fault of the API or of the way to it. Any other error is a bug. */
export class Rejected extends Error {
	constructor(cause: unknown) {
		super('the SDK has rejected', {cause});
	}
}

/** To be called where an SDK rejects. */
export function rejected(cause: unknown): never {
	throw new Rejected(cause);
}

type Raw = {
	name?: unknown;
	status?: unknown;
	headers?: unknown;
	type?: unknown;
	code?: unknown;
	errorCode?: unknown;
	message?: unknown;
	error?: unknown;
	cause?: unknown;
	errors?: unknown;
};

const asRaw = (value: unknown): Raw => (typeof value === 'object' && value !== null ? value : {});
const asText = (value: unknown): string | undefined => (typeof value === 'string' && value !== '' ? value : undefined);

export function faultOf(error: unknown): Fault {
	const raw = asRaw(error);
	// Anthropic's body is kept whole, OpenAI's without its wrapping.
	const outer = asRaw(raw.error);
	const inner = asRaw(outer.error);
	const status = statusIn(raw.status) ?? statusIn(outer.code);
	const type = asText(raw.type) ?? asText(inner.type) ?? asText(outer.type);
	const connection = status === undefined ? (connectionCode(error) ?? named[String(raw.name)]) : undefined;
	const code = asText(raw.errorCode) ?? (connection === undefined ? asText(raw.code) : undefined);
	return {
		...(status === undefined ? {} : {status}),
		...(type === undefined ? {} : {type}),
		...(code === undefined ? {} : {code}),
		...(connection === undefined ? {} : {connection}),
		message: asText(inner.message) ?? asText(outer.message) ?? deepestMessage(error, status),
		headers: raw.headers instanceof Headers ? Object.fromEntries(raw.headers) : {},
	};
}

/** In the midst of a reply, where the status has been sent, some servers tell it in the body. */
const statusIn = (value: unknown): number | undefined =>
	typeof value === 'number' && value >= 300 && value < 600 ? value : undefined;

/** Errors of the SDKs that may come without a cause, by the names they bear. */
const named: Readonly<Record<string, string>> = {
	APIConnectionError: 'CONNECTION',
	APIConnectionTimeoutError: 'TIMEOUT',
};

const mostCauses = 8;

/** An error, why it came, and why that. */
function chainOf(error: unknown): Raw[] {
	const chain: Raw[] = [];
	for (let at: unknown = error; at !== undefined && at !== null && chain.length < mostCauses; ) {
		const raw = asRaw(at);
		chain.push(raw);
		// A name with several addresses fails with one error for each.
		at = raw.cause ?? (Array.isArray(raw.errors) ? raw.errors[0] : undefined);
	}
	return chain;
}

function connectionCode(error: unknown): string | undefined {
	const chain = chainOf(error);
	const codes = chain.flatMap(({code}) => (typeof code === 'string' && /^[A-Z][A-Z0-9_]+$/.test(code) ? [code] : []));
	// So `fetch` words a connection that was cut in the midst of an answer, where none was to follow on it.
	const isCut = chain.some(({name, message}) => name === 'HTTPParserError' && /Invalid EOF/.test(String(message)));
	return codes[0] ?? (isCut ? 'BROKEN_OFF' : undefined);
}

/** The error that began it says the most; a page in place of an answer says it in its title. */
function deepestMessage(error: unknown, status: number | undefined): string {
	const messages = chainOf(error).flatMap(({message}) => asText(message) ?? []);
	// The SDKs put the status before what the server said.
	const text = (messages.at(-1) ?? String(error)).replace(new RegExp(`^${status} `), '');
	return /<title>([^<]{1,200})<\/title>/i.exec(text)?.[1] ?? text;
}

const timeouts: ReadonlySet<string> = new Set(['UND_ERR_HEADERS_TIMEOUT', 'UND_ERR_BODY_TIMEOUT', 'TIMEOUT']);
const isCertificate = ({connection = ''}: Fault) => /CERT|SIGNATURE|ISSUER|_TLS_|SSL/.test(connection);

/** Faults of the connection, and of answers that are none: the same for every API. */
const connectionRows: readonly FaultRow[] = [
	{
		kind: 'timeout',
		when: ({connection = ''}) => timeouts.has(connection),
		message: ({title}) => `${title} was silent for too long.`,
	},
	{
		kind: 'network',
		when: isCertificate,
		message: ({title, quote}) =>
			`${title} cannot be trusted at its address${quote}: check backend.base_url and the proxy; a certificate of your own goes into NODE_EXTRA_CA_CERTS.`,
	},
	{
		kind: 'network',
		when: ({connection}) =>
			connection === 'BROKEN_OFF' || connection === 'UND_ERR_SOCKET' || connection === 'ECONNRESET',
		message: ({title, quote}) => `The connection to ${lower(title)} was cut${quote}.`,
	},
	{
		kind: 'network',
		when: ({connection}) => connection !== undefined,
		message: ({title, quote}) =>
			`${title} cannot be reached${quote}: check the network, the proxy and backend.base_url.`,
	},
	{
		kind: 'config',
		when: ({status = 0}) => status >= 300 && status < 400,
		message: ({title, fault}) =>
			`${title} is not at this address${whither(fault)}: the key goes nowhere else, so correct backend.base_url.`,
	},
	{
		kind: 'timeout',
		when: ({status}) => status === 408 || status === 504,
		message: ({title, quote}) => `${title} was silent for too long${quote}.`,
	},
	{
		kind: 'overloaded',
		when: ({status, headers}) => status === 503 && headers['retry-after'] !== undefined,
		message: ({title, quote}) => `${title} is not there just now${quote}: the job waits a little and tries again.`,
	},
	{
		kind: 'transient',
		when: ({status = 0}) => status >= 500,
		message: ({title, quote}) => `${title} failed on its side${quote}.`,
	},
	{
		kind: 'transient',
		when: () => true,
		message: ({title, quote, fault: {status}}) =>
			`${title} answered in a way that is not known${status === undefined ? '' : `, with status ${status}`}${quote}.`,
	},
];

/** A title within a sentence. */
export const lower = (title: string) => title.replace(/^The /, 'the ');

/** Where a redirect points, but for what could be a secret in it. */
function whither({headers: {location = ''}}: Fault): string {
	const url = URL.parse(location);
	return url ? ` and points to ${url.origin}${url.pathname}` : '';
}

/** Why an attempt failed, by what the API or the connection said. */
export async function failureOf(
	fault: Fault,
	{title, rows, now, readReset}: {title: string; rows: readonly FaultRow[]; now(): number; readReset: ResetReader},
): Promise<Failure> {
	const row = [...rows, ...connectionRows].find(one => one.when(fault));
	if (!row) throw new Error('the last row fits everything');
	const quote = fault.message === '' ? '' : ` ("${firstLine(fault.message)}")`;
	const message = row.message({title, quote, fault});
	const failure: Failure = {kind: row.kind, message, raw: fault.message.slice(0, longestRaw)};
	if (row.kind === 'overloaded') {
		const until = retryTime(fault.headers, {now: now()});
		return {...failure, ...(until === undefined ? {} : {until})};
	}
	if (row.kind !== 'rate_limit') return failure;
	const until = headerResetTime(fault.headers, {now: now()});
	return withReset(
		{...failure, ...(until === undefined ? {} : {until}), ...(row.brief ? {brief: true} : {})},
		fault.message,
		readReset,
	);
}

const longestRaw = 4_000;
