import * as z from 'zod';
import {exactlyOne} from './exactly-one.js';

/** What somebody can be told of. Which facts mean it is decided in `notify/topics.ts`. */
export const topicSchema = z.enum([
	'job_start',
	'batch_start',
	'batch_complete',
	'batch_failed',
	'job_complete',
	'job_failed',
	'job_paused',
	'limit_hit',
	'budget_warning',
	'attention',
]);
export type Topic = z.infer<typeof topicSchema>;

/** Made when a job names somebody, or is described: it takes a few ms, and most jobs tell nobody. */
function makeSchema() {
	/** What a name of an environment variable looks like; also said to who writes the secret itself. */
	const variable = (description: string) =>
		z
			.string()
			.regex(
				/^[A-Za-z_][A-Za-z0-9_]*$/,
				'is to name an environment variable, such as SLACK_WEBHOOK_URL: a secret itself is never written into a job file',
			)
			.describe(`${description} The name of an environment variable, never the secret itself.`);

	const events = z
		.array(topicSchema)
		.min(1)
		.default(['job_complete', 'job_failed'])
		.describe(
			'What to tell. attention: batches fail alike, a batch waits for you, or the program has paused the job itself.',
		);

	/** How long and how often a message is tried that goes over the network. */
	const trying = {
		timeout_seconds: z.number().positive().max(60).default(10).describe('How long one try may take. Seconds.'),
		max_retries: z
			.number()
			.int()
			.min(0)
			.max(10)
			.default(3)
			.describe('Further tries when it is not taken, after 1, 4, 16 … seconds.'),
	};

	const desktop = z.strictObject({
		via: z
			.enum(['auto', 'desktop', 'terminal'])
			.default('auto')
			.describe(
				'auto: the desktop where there is one, else the terminal that shows the run (OSC 9 or 777, and the bell). Over SSH it is the terminal.',
			),
		bell: z.boolean().default(true).describe('Ring the terminal’s bell too.'),
	});

	const slack = z.strictObject({
		url_env: variable('The incoming webhook’s URL, which is a secret.').default('SLACK_WEBHOOK_URL'),
		...trying,
	});

	const webhook = z
		.strictObject({
			url: z.string().min(1).optional().describe('Where to send it (POST, JSON), when the URL is no secret.'),
			url_env: variable('Where to send it, when the URL is a secret.').optional(),
			secret_env: variable('The key that messages are signed with (HMAC-SHA256).').optional(),
			headers: z
				.record(z.string().min(1), z.string())
				.default({})
				.describe('Headers to send too. None that holds a secret: that is what headers_env is for.'),
			headers_env: z
				.record(z.string().min(1), variable('The header’s value.'))
				.default({})
				.describe('Headers whose values are secrets, each with the name of an environment variable.'),
			...trying,
		})
		.refine(...exactlyOne(['url', 'url_env']));

	/** A line break would begin another line of the mail’s head. */
	const address = z.string().regex(/^[^\r\n]*@[^\r\n]*$/, 'a mail address is wanted, such as you@example.org');

	const email = z.strictObject({
		host: z.string().min(1).describe('The mail server (SMTP).'),
		port: z.number().int().min(1).max(65535).optional().describe('Default: 587, 465 with tls, 25 with plain.'),
		security: z
			.enum(['starttls', 'tls', 'plain'])
			.optional()
			.describe(
				'Default: starttls, which must then work; tls on port 465; plain for a server on this machine only. plain sends everything readable.',
			),
		user: z.string().min(1).optional().describe('The user to log in as.'),
		password_env: variable('The password of that user.').optional(),
		from: address.describe('The sender’s address.'),
		to: z.union([address, z.array(address).min(1)]).describe('Who gets it: an address, or a list of them.'),
		...trying,
	});

	return z.discriminatedUnion('type', [
		z.strictObject({
			type: z.literal('desktop').describe('A notice on the desktop, or of the terminal.'),
			on_events: events,
			config: desktop.default(() => desktop.parse({})).describe('How it is shown.'),
		}),
		z.strictObject({
			type: z.literal('slack').describe('A message by an incoming webhook of Slack.'),
			on_events: events,
			config: slack.default(() => slack.parse({})).describe('Where it goes.'),
		}),
		z.strictObject({
			type: z.literal('webhook').describe('An HTTP request; its body is described by `mozart schema --webhook`.'),
			on_events: events,
			config: webhook.describe('Where it goes, and how it is signed.'),
		}),
		z.strictObject({
			type: z.literal('email').describe('A mail.'),
			on_events: events,
			config: email.describe('The server, and who writes to whom.'),
		}),
	]);
}

/** Who is told of what, one shape for each way. */
export const notificationSchema = z.lazy(makeSchema);
export type Notification = z.infer<typeof notificationSchema>;
export type NotificationOf<T extends Notification['type']> = Extract<Notification, {type: T}>;
