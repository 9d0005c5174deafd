import {type Notification, type NotificationOf, notificationSchema} from '../../source/config/notifications.js';
import type {Message} from '../../source/notify/message.js';

/** A notification as a job file would hold it, with its defaults. */
export const notificationOf = <T extends Notification['type']>(
	type: T,
	config: object = {},
	more: object = {},
): NotificationOf<T> => notificationSchema.parse({type, config, ...more}) as NotificationOf<T>;

export const message = (more: Partial<Message> = {}): Message => ({
	id: 'chapters-1a2b.7',
	job: {id: 'chapters-1a2b', name: 'chapters'},
	at: 1_795_400_000_000,
	level: 'bad',
	title: 'chapters: batch 3/20 FAILED: report-3.md does not exist',
	topics: ['batch_failed'],
	notes: [
		{
			topics: ['batch_failed'],
			seq: 7,
			at: 1_795_400_000_000,
			batch: 3,
			text: 'batch 3/20 FAILED: report-3.md does not exist',
		},
	],
	more: 0,
	lines: ['batch 4/20 completed'],
	...more,
});

/** A signal that is never aborted. */
export const patient = new AbortController().signal;
