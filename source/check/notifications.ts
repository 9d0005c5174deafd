import type {Path} from '../config/document.js';
import type {Finding} from '../config/finding.js';
import type {Notification, NotificationOf} from '../config/notifications.js';
import {isLoopback, namesSecret, secretInUrl} from '../notify/address.js';
import {variablesOf} from '../notify/variables.js';
import {error, type Subject, warning} from './subject.js';

/** Where messages go: addresses that can be used, no secret in the file, and the variables that hold the secrets. */
export function checkNotifications(subject: Subject, {env}: Pick<NodeJS.Process, 'env'> = process): Finding[] {
	if (!subject.sound.has('notifications')) return [];
	return subject.job.notifications.flatMap((notification, index) => {
		const path: Path = ['notifications', index, 'config'];
		return [...checkConfig(subject, notification, path), ...checkVariables(subject, notification, path, env)];
	});
}

function checkConfig(subject: Subject, notification: Notification, path: Path): Finding[] {
	switch (notification.type) {
		case 'desktop':
		case 'slack':
			return [];
		case 'webhook':
			return [...checkUrl(subject, notification, path), ...checkHeaders(subject, notification, path)];
		case 'email':
			return checkMail(subject, notification, path);
	}
}

function checkUrl({document}: Subject, {config: {url: text}}: NotificationOf<'webhook'>, path: Path): Finding[] {
	if (text === undefined) return [];
	const place = document.placeOf([...path, 'url']);
	const url = URL.parse(text);
	if (!url || !/^https?:$/.test(url.protocol))
		return [error(place, 'url is no address that can be posted to: it begins with https://')];
	const why = secretInUrl(text);
	if (why !== undefined) {
		const message = `${why}: put the address into an environment variable and write that variable’s name`;
		return [error(place, message, 'url_env: WEBHOOK_URL')];
	}
	if (url.protocol === 'http:' && !isLoopback(url.hostname))
		return [warning(place, 'everybody between here and there can read what is sent by http: use https')];
	return [];
}

/** What describes the body, the connection and the message. */
const ownHeader =
	/^(content-(type|length|encoding)|transfer-encoding|connection|keep-alive|upgrade|expect|te|trailer|x-mozart-.*)$/i;

function checkHeaders({document}: Subject, {config}: NotificationOf<'webhook'>, path: Path): Finding[] {
	const findings: Finding[] = [];
	const seen = new Set<string>();
	for (const field of ['headers', 'headers_env'] as const) {
		for (const [name, value] of Object.entries(config[field])) {
			const place = document.placeOf([...path, field, name], 'key');
			const isTwice = seen.has(name.toLowerCase());
			seen.add(name.toLowerCase());
			if (!/^[\w!#$%&'*+.^`|~-]+$/.test(name)) findings.push(error(place, `“${name}” is no name of a header`));
			else if (isTwice) findings.push(error(place, `${name} is there twice: a header’s name is the same in any case`));
			else if (ownHeader.test(name)) findings.push(error(place, `${name} is set by mozart itself: remove the line`));
			else if (field === 'headers' && /[^\t\x20-\x7e\xa0-\xff]/.test(value))
				findings.push(error(document.placeOf([...path, field, name]), 'no header can hold all of these characters'));
			else if (field === 'headers' && namesSecret(name))
				findings.push(
					error(
						place,
						`the value of ${name} is a secret: put it into an environment variable and write that variable’s name below headers_env`,
					),
				);
		}
	}
	return findings;
}

function checkMail({document}: Subject, {config}: NotificationOf<'email'>, path: Path): Finding[] {
	const {user, password_env: password, security, host} = config;
	const findings: Finding[] = [];
	if ((user === undefined) !== (password === undefined)) {
		const [given, wanted] = user === undefined ? ['password_env', 'user'] : ['user', 'password_env'];
		findings.push(error(document.placeOf([...path, given], 'key'), `${given} is of no use without ${wanted}`));
	}
	if (security === 'plain' && !isLoopback(host)) {
		const what = password === undefined ? 'what is sent' : 'what is sent, the password too';
		findings.push(
			warning(document.placeOf([...path, 'security']), `everybody between here and ${host} can read ${what}`),
		);
	}
	return findings;
}

function checkVariables(
	{document}: Subject,
	notification: Notification,
	path: Path,
	env: Readonly<Record<string, string | undefined>>,
): Finding[] {
	return variablesOf(notification).flatMap(({name, at}) => {
		if (env[name]?.trim()) return [];
		const written = document.find([...path, ...at]);
		const place = written ? document.placeOf([...path, ...at]) : document.placeOf(path.slice(0, -1));
		return [warning(place, `the environment variable ${name} is not set here: without it nothing is sent`)];
	});
}
