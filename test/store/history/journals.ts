import {mkdirSync, realpathSync} from 'node:fs';
import {join} from 'node:path';
import type {TestContext} from 'node:test';
import type {Event} from '../../../source/core/event.js';
import {eventSchema} from '../../../source/core/event.js';
import {runSchema} from '../../../source/core/run.js';
import type {ToldJob} from '../../../source/store/history/tell.js';
import type {KeptAs} from '../../../source/store/kept-as.js';
import {openSaved} from '../../../source/store/open-saved.js';
import {register} from '../../../source/store/registry.js';
import {openStateFolder, type StatePaths} from '../../../source/store/state-folder.js';
import {makeJob} from '../../support/job.js';
import {World} from '../../support/world.js';
import {ok, scratch} from '../scratch.js';

/** The facts of a run of so many batches, each with an attempt that fails its second rule and a completion that passes. */
export async function makeFacts(batches: number, {time = 1_000_000}: {time?: number} = {}): Promise<Event[]> {
	const world = new World(makeJob({batches, rules: 2, retry: {completion_threshold_percent: 40}}));
	world.time = time;
	world.open();
	const usage = {inputTokens: 10, outputTokens: 5, cacheReadTokens: 1, cacheWriteTokens: 0, costUsd: 0.25};
	for (let at = 0; at < 10 * batches && world.engine.getSnapshot()?.phase !== 'ended'; at++) {
		await world.settle();
		if (world.attempts[0]) world.attempts[0].end({durationMs: 100, usage});
		else if (world.checks[0]) world.checks[0].answer(world.checks[0].task.mode === 'completion' ? 2 : 1);
		else if (world.nextTimer !== undefined) world.tick();
		world.time += 50;
	}
	await world.settle();
	return world.journal;
}

/** A user with some jobs on a disk of their own. */
export class User {
	readonly folder: string;
	readonly registry: string;
	readonly file: string;

	constructor(t: TestContext, folder = scratch(t)) {
		this.folder = realpathSync(folder);
		this.registry = join(this.folder, 'mozart', 'jobs');
		this.file = join(this.folder, 'mozart', 'history.db');
	}

	/** Notes a job, and writes its facts. */
	async job(id: string, facts: readonly Event[], kept: KeptAs = 'json'): Promise<{job: ToldJob; paths: StatePaths}> {
		const workspace = join(this.folder, id);
		mkdirSync(workspace, {recursive: true});
		const {paths} = ok(await openStateFolder(workspace, id));
		const {journal} = ok(await openSaved(paths, {event: eventSchema, state: runSchema}, kept));
		await journal.append(facts.slice(journal.seq));
		await journal.close();
		const job = {id, file: join(this.folder, `${id}.yaml`), workspace};
		const entry = {...job, name: 'test', state: 'completed', sets: [], updatedAt: 1};
		await register(this.registry, entry);
		return {job, paths};
	}
}
