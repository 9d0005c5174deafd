import type {NotificationOf} from '../config/notifications.js';
import {cut} from './cut.js';
import {type Delivery, refused, secretOf} from './delivery.js';
import type {Message} from './message.js';
import {post} from './post.js';

/** Slack's bounds for a header and a section, with room to spare. */
const headerLength = 140;
const sectionLength = 2900;

/** What a phone shows of a notice, and more. */
const noticeLength = 500;

const marks: Readonly<Record<Message['level'], string>> = {
	...{good: ':white_check_mark:', info: ':information_source:', attention: ':warning:', bad: ':x:'},
};

export function createSlack(
	{config}: NotificationOf<'slack'>,
	{env}: {env: Readonly<Record<string, string | undefined>>},
): Delivery {
	return async (message, signal) => {
		const address = secretOf(config.url_env, env);
		if ('problem' in address) return refused(address.problem);
		const body = JSON.stringify(slackBody(message));
		const headers = new Headers({'content-type': 'application/json'});
		return post(address.value, {headers, body, signal, secrets: [address.value]});
	};
}

/** A header, what has happened, and the commands to go on with; `text` is what a notice on a phone shows. */
export function slackBody({title, level, lines, digest, job}: Message): object {
	const commands = digest?.next.map(({command}) => command) ?? [];
	// The commands stand below, where they can be copied.
	const said = section(lines.filter(line => !commands.some(command => line.endsWith(command))));
	const small = [job.id, ...commands].map(text => `\`${escaped(text)}\``).join('   ');
	return {
		text: escaped(cut(title, noticeLength)),
		blocks: [
			{type: 'header', text: {type: 'plain_text', text: cut(`${marks[level]} ${title}`, headerLength), emoji: true}},
			...(said === '' ? [] : [{type: 'section', text: written(said)}]),
			{type: 'context', elements: [written(small)]},
		],
	};
}

/** `verbatim`: else Slack makes links and mentions of what only looks like one. */
const written = (text: string) => ({type: 'mrkdwn', text, verbatim: true});

function section(lines: readonly string[]): string {
	let text = '';
	for (const line of lines) {
		const next = `${text}${text === '' ? '' : '\n'}${escaped(cut(line, 300))}`;
		if (next.length > sectionLength) return `${text}\n…`;
		text = next;
	}
	return text.trim();
}

/** The three characters that Slack gives a meaning of its own. */
const escaped = (text: string): string => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
