import type {Context} from '../../source/commands/context.js';
import {systemClock} from '../../source/engine/clock.js';

/** What a command gets from the program, with everything it says kept in lists. */
export function heard({
	cwd = '/',
	env = {},
}: {
	cwd?: string;
	env?: Context['env'];
} = {}): Context & {said: string[]; complained: string[]} {
	const said: string[] = [];
	const complained: string[] = [];
	return {
		...{said, complained, cwd, env, clock: systemClock, json: false, terminal: false},
		out: line => void said.push(line),
		err: line => void complained.push(line),
		leave: ending => {
			throw new Error(`left as ${ending}`);
		},
	};
}
