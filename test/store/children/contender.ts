import {closeSync, openSync, rmSync} from 'node:fs';
import {join} from 'node:path';
import {setTimeout} from 'node:timers/promises';
import {acquireLock, type Lock} from '../../../source/store/lock.js';

type Order = {do: 'take'; at: number} | {do: 'release'} | {do: 'churn'; wins: number};

// Does what it is told about one lock, and answers with what came of it.
const folder = process.argv[2]!;
const marker = join(folder, 'in-use');
let held: Lock | undefined;

const take = async () => {
	const result = await acquireLock(folder, {now: Date.now()});
	if ('release' in result) held = result;
	return 'release' in result ? {won: true} : 'heldBy' in result ? {won: false, by: result.heldBy.pid} : result;
};

const release = async () => {
	await held?.release();
	held = undefined;
};

/** Takes and releases until it has won often enough; whoever has the lock must be alone with the marker file. */
const churn = async (wins: number) => {
	for (let won = 0; won < wins; ) {
		const result = await take();
		if ('failure' in result) return {problem: result.failure.message};
		if (!result.won) {
			// Twelve that try without a pause would leave the owner no processor to finish with.
			await setTimeout(5);
			continue;
		}
		won++;
		try {
			closeSync(openSync(marker, 'wx'));
		} catch {
			return {problem: 'another owner was at work'};
		}
		rmSync(marker);
		await release();
	}
	return {};
};

process.on('message', async (order: Order) => {
	if (order.do === 'take') {
		while (Date.now() < order.at);
		process.send?.(await take());
	} else if (order.do === 'release') {
		await release();
		process.send?.({released: true});
	} else process.send?.(await churn(order.wins));
});
process.send?.({ready: true});
