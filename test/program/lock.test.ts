import assert from 'node:assert/strict';
import {readdirSync, readFileSync} from 'node:fs';
import {describe, it} from 'node:test';
import {done, linesOf, readFacts, stateOf, writeJob} from './jobs.js';
import {type Desk, exits, type Program, withDesk} from './program.js';

/** Each batch lives until `go` is there. */
const gated = `echo $1 >> starts; while [ ! -e go ]; do sleep 0.02; done; ${done}`;

async function startGated(desk: Desk, batches = 2): Promise<{run: Program; state: string; id: string}> {
	writeJob(desk, {batches, script: gated});
	const run = desk.start(['run', 'work.yaml', '--json']);
	await run.event('attempt-spawned');
	const [id = ''] = readdirSync(desk.at('workspace/.mozart')).filter(name => !name.startsWith('.'));
	return {run, id, state: stateOf(desk, id)};
}

/** Every file of the state with its content. */
const contents = (state: string) =>
	readdirSync(state, {recursive: true, withFileTypes: true})
		.filter(entry => entry.isFile())
		.map(entry => [entry.name, readFileSync(`${entry.parentPath}/${entry.name}`, 'utf8')]);

/** How all have ended; the batches may end when one starter is left, and not before. */
async function codesOf(desk: Desk, starters: readonly Program[]): Promise<(number | null)[]> {
	const oneIsLeft = Promise.withResolvers<void>();
	let left = starters.length;
	for (const {ended} of starters) {
		ended.then(() => {
			if (--left === 1) oneIsLeft.resolve();
		}, oneIsLeft.reject);
	}
	await oneIsLeft.promise;
	desk.write('go', '');
	return (await Promise.all(starters.map(({ended}) => ended))).map(({code}) => code);
}

describe('a job that runs', {concurrency: 4}, () => {
	it('is run by nobody else, who is told by whom and changes nothing', () =>
		withDesk(async desk => {
			const {run, id, state} = await startGated(desk);
			const before = contents(state);
			for (const words of [
				['run', 'work.yaml'],
				['resume', id],
				['run', id, '--fresh'],
				['recover', id],
				['recover', id, '--repair'],
			]) {
				const {stdout, stderr} = exits(await desk.mozart(...words), 4);
				assert.equal(stdout, '');
				assert.match(
					stderr,
					new RegExp(
						`^This job is already run by process ${run.pid}, since \\S+\\.\\n(Watch it: mozart attach \\S+\\n)?$`,
					),
				);
			}
			const [problem] = exits(await desk.mozart('run', 'work.yaml', '--json'), 4)
				.stdout.trimEnd()
				.split('\n');
			assert.equal(JSON.parse(problem ?? '').kind, 'locked');
			assert.deepEqual(contents(state), before);
			assert.deepEqual(readdirSync(desk.at('workspace/.mozart')).sort(), ['.gitignore', id]);
			assert.match(exits(await desk.mozart('status'), 0).stdout, new RegExp(`running, process ${run.pid} since`));
			assert.match(exits(await desk.mozart('logs', id), 0).stdout, /attempt 1/);
			desk.write('go', '');
			exits(await run.ended, 0);
			exits(await desk.mozart('run', 'work.yaml'), 0);
		}));

	it('has exactly one program of twenty that are started at once', () =>
		withDesk(async desk => {
			writeJob(desk, {batches: 2, script: gated});
			const starters = Array.from({length: 20}, () => desk.start(['run', 'work.yaml']));
			const codes = await codesOf(desk, starters);
			assert.deepEqual(codes.sort(), [0, ...Array(19).fill(4)]);
			assert.deepEqual(linesOf(desk.at('starts')), ['1', '2']);
		}));

	it('is begun anew by one of many, or gone on with by one of many, and never both', () =>
		withDesk(async desk => {
			const {run} = await startGated(desk);
			run.kill('SIGKILL');
			await run.ended;
			const starters = Array.from({length: 12}, (_, index) =>
				desk.start(['run', 'work.yaml', ...(index % 2 === 0 ? ['--fresh'] : [])]),
			);
			const codes = await codesOf(desk, starters);
			assert.deepEqual(codes.sort(), [0, ...Array(11).fill(4)]);
			assert.deepEqual(linesOf(desk.at('starts')), ['1', '1', '2']);
		}));

	it('keeps its lock while it is stopped, and goes on when it may', () =>
		withDesk(async desk => {
			const {run, state} = await startGated(desk);
			run.kill('SIGSTOP');
			desk.write('go', '');
			exits(await desk.mozart('run', 'work.yaml'), 4);
			assert.match(exits(await desk.mozart('status'), 0).stdout, /running, process/);
			run.kill('SIGCONT');
			exits(await run.ended, 0);
			assert.deepEqual(linesOf(desk.at('starts')), ['1', '2']);
			assert.equal(readFacts(state).filter(fact => fact.type === 'attempt-lost').length, 0);
		}));
});
