import {hostname} from 'node:os';
import {readAddress} from '../control/address.js';
import {connectEngine, type RemoteEngine} from '../control/client.js';
import type {Problem} from '../open-run.js';
import {lockOwner} from '../store/lock-owner.js';
import type {Located} from './locate.js';

/** A program that is just beginning, or about to end, holds the job without a socket for a moment: looked at so often, ms. */
const lookAgainMs = 50;
const mostLooks = 40;

/** The engine of a job that another program runs; undefined when none does. */
export async function reach(
	{paths}: Pick<Located, 'paths'>,
	options: {readOnly?: boolean} = {},
): Promise<RemoteEngine | Problem | undefined> {
	for (let look = 1; ; look++) {
		const address = await readAddress(paths.control);
		const found = address === undefined ? undefined : await connectEngine(address, options);
		if (found && 'send' in found) return found;
		const owner = await lockOwner(paths.root);
		const isGone = found?.isGone ?? true;
		if (!owner && isGone) return undefined;
		if (look < mostLooks && isGone && owner?.host === hostname()) {
			await new Promise(resolve => setTimeout(resolve, lookAgainMs));
			continue;
		}
		const who = owner ? `Process ${owner.pid} on ${owner.host} runs this job` : 'A program runs this job';
		const why = found?.problem ?? 'it has no socket to connect to';
		return {kind: 'locked', message: `${who}, but it cannot be reached from here: ${why}.`};
	}
}
