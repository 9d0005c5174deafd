import {open} from 'node:fs/promises';
import {type Event, eventSchema} from '../core/event.js';
import type {Jobs} from '../dashboard/jobs.js';
import {stateSignature} from '../store/kept-as.js';
import {lockOwner} from '../store/lock-owner.js';
import {readFacts} from '../store/read-facts.js';
import {type KnownJob, listJobs, registryFolder} from '../store/registry.js';
import {statePaths} from '../store/state-folder.js';
import type {Context} from './context.js';
import {createHistoryAnswers} from './dashboard-history.js';
import {createSteering} from './dashboard-steering.js';
import type {Located} from './locate.js';
import {lookUp} from './look-up.js';
import {openOutputLog} from './output-log.js';
import {reach} from './reach.js';
import {standingOf} from './status.js';
import {troubleOf} from './trouble.js';

/** This user's jobs, wherever they were started, for the dashboard. */
export function createJobs(context: Context): Jobs {
	const {env, clock} = context;
	const folder = registryFolder(env);
	const steer = createSteering(context);
	return {
		list: () => listJobs(folder),
		find: async id => (await listJobs(folder)).jobs.find(job => job.id === id),
		async signature(job) {
			const paths = pathsOf(job);
			const [owner, facts] = await Promise.all([lockOwner(paths.root), stateSignature(paths)]);
			return [owner?.pid, owner?.startTime, facts].join();
		},
		async standing(job) {
			const standing = await standingOf(locatedAt(job), clock.now());
			return 'kind' in standing ? troubleOf(standing) : standing;
		},
		async facts(job, after) {
			const read = await readFacts<Event>(pathsOf(job), eventSchema);
			return 'failure' in read ? {problem: read.failure.message} : read.events.filter(({seq}) => seq > after);
		},
		async watch(job) {
			const engine = await reach({paths: pathsOf(job)}, {readOnly: true});
			if (!engine || 'send' in engine) return engine;
			return troubleOf(engine);
		},
		steer: (job, wish) => steer(locatedAt(job), wish),
		attempts: (job, batch) => lookUp(pathsOf(job)).attempts(batch),
		prompt: (job, batch, attempt) => lookUp(pathsOf(job)).prompt(batch, attempt),
		output: (job, run, batch, attempt) => openOutputLog(pathsOf(job), run, batch, attempt),
		history: createHistoryAnswers(folder),
		async log(job, {batch, attempt, stream, offset, limit}) {
			const paths = pathsOf(job);
			const path = stream === 'stdout' ? paths.stdoutLog(batch, attempt) : paths.stderrLog(batch, attempt);
			const file = await open(path).catch(() => undefined);
			if (!file) return {bytes: new Uint8Array(), size: 0};
			try {
				const {size} = await file.stat();
				const length = Math.max(0, Math.min(limit, size - offset));
				const {bytesRead, buffer} = await file.read(Buffer.alloc(length), {position: offset});
				return {bytes: buffer.subarray(0, bytesRead), size};
			} finally {
				await file.close();
			}
		},
	};
}

const pathsOf = ({workspace, id}: KnownJob) => statePaths(workspace, id);

const locatedAt = (job: KnownJob): Located => ({...job, paths: pathsOf(job)});
