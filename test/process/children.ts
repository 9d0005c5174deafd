import assert from 'node:assert/strict';
import {isAlive, type ProcessIdentity, processIdentity} from '../../source/process/identity.js';
import {type Exited, type ProcessOptions, runProcess} from '../../source/process/run.js';

/** The environment that test children get: enough to find programs. */
export const env = {PATH: process.env.PATH ?? '/usr/bin:/bin'};

/** A shell loop that goes on for long, but not for ever: a broken test must not leave its children running for good. */
export const loop = 'n=0; while [ $n -lt 1000 ]; do n=$((n+1)); sleep 0.05; done';

/** What a test child can start in the background, heedless of TERM when asked to. */
const prelude = `
const {spawn} = require('node:child_process');
const stubborn = ['-c', 'trap "" TERM; ${loop}'];
const patient = ['-c', '${loop}'];
const background = (words, options) => spawn('sh', words, {stdio: 'ignore', ...options}).pid;
const say = pids => console.log('pids ' + pids.join(' ') + ' end');
const stay = () => setTimeout(() => {}, 60_000);
`;

/** A tiny Node program as an argv; it may use `stubborn`, `patient`, `background`, `say` and `stay`. */
export function nodeChild(code: string): string[] {
	return [process.execPath, '-e', prelude + code];
}

let markers = 0;
export function freshMarker(): string {
	markers++;
	return `test-${process.pid}-${performance.timeOrigin}-${markers}/`;
}

/** Starts a child and resolves when it has said which processes it has started; those are known by identity then. */
export async function startTree(
	options: Partial<ProcessOptions> & Pick<ProcessOptions, 'argv'>,
): Promise<{result: Promise<Exited>; members: ProcessIdentity[]; root: ProcessIdentity}> {
	const said = Promise.withResolvers<number[]>();
	const spawned = Promise.withResolvers<ProcessIdentity | undefined>();
	let text = '';
	const result = runProcess({
		cwd: process.cwd(),
		env,
		...options,
		onSpawn: pid => spawned.resolve(processIdentity(pid)),
		onOutput(output) {
			text += output.text;
			const found = /pids ([\d ]+) end/.exec(text)?.[1];
			if (found !== undefined) said.resolve(found.split(' ').map(Number));
		},
	}).then(ended => {
		assert.equal(ended.type, 'exited');
		said.reject(new Error(`ended before it named its processes: ${text}`));
		return ended as Exited;
	});
	const pids = await said.promise;
	const members = pids.flatMap(pid => processIdentity(pid) ?? []);
	const root = await spawned.promise;
	assert.ok(root);
	return {result, members, root};
}

export function running(identities: readonly ProcessIdentity[]): number[] {
	return identities.filter(isAlive).map(({pid}) => pid);
}
