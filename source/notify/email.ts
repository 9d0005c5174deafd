import type {NotificationOf} from '../config/notifications.js';
import {isLoopback} from './address.js';
import {certificateWords} from './certificate.js';
import {cut} from './cut.js';
import {type Delivery, type Outcome, quote, refused, secretOf} from './delivery.js';

/** A subject of which some of it can be read in a list of mails; the text has all of it. */
const subjectLength = 200;

/** A mail by SMTP. Where nothing else is said it is encrypted, or not sent. */
export function createEmail(
	{config}: NotificationOf<'email'>,
	{env}: {env: Readonly<Record<string, string | undefined>>},
): Delivery {
	const {host, user, password_env: passwordName} = config;
	return async (message, signal) => {
		const password = passwordName === undefined ? undefined : secretOf(passwordName, env);
		if (password && 'problem' in password) return refused(password.problem);
		const {createTransport} = await import('nodemailer');
		const limit = config.timeout_seconds * 1000;
		const transport = createTransport({
			host,
			...connection(config),
			...(password && user !== undefined && {auth: {user, pass: password.value}}),
			...{connectionTimeout: limit, greetingTimeout: limit, socketTimeout: limit, dnsTimeout: limit},
			...{socketCloseTimeout: 0, disableFileAccess: true, disableUrlAccess: true},
		});
		const secrets = password ? [password.value] : [];
		try {
			const {rejectedErrors = []} = await transport.sendMail({
				...{from: config.from, to: config.to, subject: cut(message.title, subjectLength), signal},
				...messageId(message.id, config.from),
				text: `${[message.title, '', ...message.lines].join('\n').trim()}\n\n-- \nMozart, job ${message.job.id}\n`,
			});
			if (rejectedErrors.length > 0)
				return {...refused(quote(someRefused(rejectedErrors, host), secrets)), partly: true};
			return {taken: true, how: `by ${host}`};
		} catch (error) {
			if (signal.aborted) return {taken: false, again: true, problem: `${host} did not answer in time`};
			return outcomeOf(error as SmtpError, host, secrets);
		} finally {
			transport.close();
		}
	};
}

type Connection = {port: number; secure: boolean; requireTLS?: boolean; ignoreTLS?: boolean};

/** A server on this machine is spoken to as it is; any other one with encryption, unless the job says otherwise. */
export function connection({host, port, security}: NotificationOf<'email'>['config']): Connection {
	switch (security ?? (port === 465 ? 'tls' : isLoopback(host) ? 'plain' : 'starttls')) {
		case 'tls':
			return {port: port ?? 465, secure: true};
		case 'starttls':
			return {port: port ?? 587, secure: false, requireTLS: true};
		case 'plain':
			return {port: port ?? 25, secure: false, ignoreTLS: true};
	}
}

/** The same for every try, so that a mail whose taking was not heard of is not shown twice. */
function messageId(id: string, from: string): {messageId?: string} {
	const domain = /@([\w.-]+)>?\s*$/.exec(from)?.[1];
	return domain === undefined ? {} : {messageId: `<${id}@${domain}>`};
}

/** Another try would reach those who have it already a second time. */
const someRefused = (errors: readonly Refusal[], host: string): string =>
	`${host} takes it, but not for ${errors.map(({recipient, response}) => `${recipient} (${response})`).join(' and ')}`;

type Refusal = {recipient?: string | undefined; response?: string | undefined};

type SmtpError = Error & {
	code?: string;
	/** What the system or TLS calls it. */
	originalCode?: string;
	responseCode?: number;
	response?: string;
};

function outcomeOf(error: SmtpError, host: string, secrets: string[]): Outcome {
	const {code, originalCode, responseCode, response, message} = error;
	const problem = (words: string, again: boolean): Outcome => ({taken: false, problem: quote(words, secrets), again});
	const distrusted = certificateWords(originalCode ?? code);
	if (distrusted !== undefined) return problem(`${host} is not spoken to: ${distrusted}`, false);
	// Even a server that cannot look passwords up just now says no, but for now.
	const again = (responseCode ?? 400) < 500;
	if (code === 'EAUTH') return problem(`${host} does not let that user in (${response ?? message})`, again);
	if (code === 'ETLS' || originalCode === 'ERR_SSL_WRONG_VERSION_NUMBER')
		return problem(`${host} cannot be spoken to encrypted (${response ?? message})`, false);
	if (code === 'EPROTOCOL')
		return problem(`${host} does not answer as a mail server does (${response ?? message})`, true);
	if (responseCode !== undefined) return problem(`${host} answers ${response ?? responseCode}`, again);
	if (code === 'EENVELOPE') return problem(`there is nobody to send it to, or from: ${message}`, false);
	if (originalCode === 'ECONNREFUSED') return problem(`nothing listens at ${host}`, true);
	if (originalCode === 'ENOTFOUND') return problem(`${host} is not found`, true);
	return problem(`${host} cannot be reached: ${message}`, true);
}
