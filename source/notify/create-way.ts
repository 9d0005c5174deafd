import type {Notification} from '../config/notifications.js';
import type {Delivery} from './delivery.js';
import {createDesktop, type Surroundings} from './desktop.js';
import {createEmail} from './email.js';
import {createSlack} from './slack.js';
import {createWebhook} from './webhook.js';

/** How long showing a notice may take, ms. */
const showMs = 5000;

/** The way to the receiver, how long one try may take (ms), and how many further ones there are. */
export type Way = {deliver: Delivery; timeoutMs: number; maxRetries: number};

export function createWay(notification: Notification, context: Surroundings & {now(): number}): Way {
	switch (notification.type) {
		case 'desktop':
			return {deliver: createDesktop(notification, context), timeoutMs: showMs, maxRetries: 0};
		case 'slack':
			return {deliver: createSlack(notification, context), ...tries(notification.config)};
		case 'webhook':
			return {deliver: createWebhook(notification, context), ...tries(notification.config)};
		case 'email':
			return {deliver: createEmail(notification, context), ...tries(notification.config)};
	}
}

const tries = (config: {timeout_seconds: number; max_retries: number}) => ({
	timeoutMs: config.timeout_seconds * 1000,
	maxRetries: config.max_retries,
});
