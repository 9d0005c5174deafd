import * as z from 'zod';
import {topicSchema} from '../config/notifications.js';
import {digestSchema} from '../core/digest.js';
import type {Message} from './message.js';

const time = z.iso.datetime();

/** What a webhook is sent. Fields may be added; a change of meaning would change `version`. */
export const webhookBodySchema = z.object({
	version: z.literal(1),
	id: z.string().describe('The same when a message is sent again: take it once.'),
	test: z.boolean().describe('Sent by `mozart notify test`.'),
	job: z.object({id: z.string(), name: z.string()}).describe('The job it is about.'),
	at: time.describe('When the last of it happened.'),
	level: z.enum(['good', 'info', 'attention', 'bad']).describe('How much it matters.'),
	title: z.string().describe('All of it in one line.'),
	topics: z.array(topicSchema).describe('What it is about, by the names of on_events.'),
	events: z
		.array(
			z.object({
				topics: z.array(topicSchema),
				seq: z.number().describe('Its place in the job’s journal.'),
				at: time,
				batch: z.number().optional(),
				text: z.string(),
			}),
		)
		.describe('What happened since the last message; of a burst the first ones.'),
	more: z.number().describe('How many further events there were.'),
	digest: digestSchema.optional().describe('How the run went, when it is over. Durations in ms.'),
});
export type WebhookBody = z.infer<typeof webhookBodySchema>;

export function webhookBody({
	id,
	test = false,
	job,
	at,
	level,
	title,
	topics,
	notes,
	more,
	digest,
}: Message): WebhookBody {
	const iso = (ms: number) => new Date(ms).toISOString();
	return {
		...{version: 1, id, test, job, at: iso(at), level, title, topics, more},
		events: notes.map(note => ({...note, topics: [...note.topics], at: iso(note.at)})),
		...(digest && {digest}),
	};
}

/** The JSON Schema of the body, for who writes a receiver. */
export const webhookJsonSchema = (): object => ({
	title: 'Mozart webhook body',
	...z.toJSONSchema(webhookBodySchema, {target: 'draft-7', io: 'input'}),
});
