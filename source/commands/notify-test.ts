import {randomUUID} from 'node:crypto';
import {checkFile} from '../check/check-file.js';
import {counted} from '../headless/words.js';
import {createWay} from '../notify/create-way.js';
import {testMessage} from '../notify/message.js';
import {oneLine} from '../process/sanitize.js';
import {type Context, type Ending, sayFindings, sayProblem} from './context.js';
import {locate} from './locate.js';

/** `mozart notify test JOB`: one message to everybody whom the job file names now, each tried once. */
export async function notifyTest(ref: string, context: Context): Promise<Ending> {
	const located = await locate(ref, context);
	if ('kind' in located) return sayProblem(located, context);
	const checked = await checkFile(located.file, located.sets, context.env);
	if ('kind' in checked) return sayProblem(checked, context);
	const {notifications, name} = checked.job;
	if (notifications.length === 0) {
		const message = 'This job names nobody: add notifications to its file, such as notifications: [{type: desktop}]';
		return sayProblem({kind: 'usage', message}, context);
	}
	const mine = checked.warnings.filter(({message}) => message.startsWith('the environment variable '));
	sayFindings(mine, checked.loaded.source, context);
	const {clock, env} = context;
	const job = {id: located.id, name: oneLine(name)};
	const surroundings = {env, platform: process.platform, terminal: () => context.ring, now: () => clock.now()};
	const results = await Promise.all(
		notifications.map(async (notification, index) => {
			const message = testMessage({id: randomUUID(), job, at: clock.now()});
			const {deliver, timeoutMs} = createWay(notification, surroundings);
			const outcome = await deliver(message, AbortSignal.timeout(timeoutMs));
			return {notification: index, type: notification.type, ...outcome};
		}),
	);
	for (const {notification, type, ...outcome} of results) {
		const how = outcome.taken ? `sent${outcome.how ? ` (${outcome.how})` : ''}` : `NOT SENT: ${outcome.problem}`;
		if (context.json) context.out(JSON.stringify({notification, type, ...outcome}));
		else context.out(`notifications.${notification} ${type}: ${how}`);
	}
	const failed = results.filter(({taken}) => !taken).length;
	if (failed > 0 && !context.json) context.err(`${counted(failed, 'message')} of ${results.length} could not be sent`);
	return failed > 0 ? 'failed' : 'done';
}
