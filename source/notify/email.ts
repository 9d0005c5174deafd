import type {NotificationOf} from '../config/notifications.js';
import {isLoopback} from './address.js';
import {type Delivery, type Outcome, quote, refused, secretOf} from './delivery.js';

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
		try {
			await transport.sendMail({
				...{from: config.from, to: config.to, subject: message.title, signal},
				text: `${[message.title, '', ...message.lines].join('\n').trim()}\n\n-- \nMozart, job ${message.job.id}\n`,
			});
			return {taken: true, how: `by ${host}`};
		} catch (error) {
			if (signal.aborted) return {taken: false, again: true, problem: `${host} did not answer in time`};
			return outcomeOf(error as SmtpError, host, password ? [password.value] : []);
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

type SmtpError = Error & {code?: string; responseCode?: number; response?: string};

function outcomeOf({code, responseCode, response, message}: SmtpError, host: string, secrets: string[]): Outcome {
	const problem = (words: string, again: boolean): Outcome => ({taken: false, problem: quote(words, secrets), again});
	if (code === 'EAUTH') return problem(`${host} does not let that user in (${response ?? message})`, false);
	if (code === 'ETLS') return problem(`${host} cannot be spoken to encrypted (${message})`, false);
	if (responseCode !== undefined) return problem(`${host} answers ${response ?? responseCode}`, responseCode < 500);
	if (message.includes('ECONNREFUSED')) return problem(`nothing listens at ${host}`, true);
	return problem(`${host} cannot be reached: ${message}`, true);
}
