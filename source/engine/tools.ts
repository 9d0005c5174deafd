import {isDeepStrictEqual} from 'node:util';
import type {Backend} from '../backends/backend.js';
import {createBackend} from '../backends/create.js';
import {keysOf} from '../backends/keys.js';
import type {ResetReader} from '../backends/reset-reader.js';
import type {Backend as BackendSettings} from '../config/backend-schema.js';
import type {Job} from '../config/schema.js';
import {backendAt} from '../core/fallback.js';
import type {Run} from '../core/run.js';
import {notificationKeys} from '../notify/variables.js';
import {childEnvironment} from '../process/environment.js';
import {createMask, type Mask} from '../process/mask.js';
import {secretsOf} from '../process/secrets.js';
import type {Template} from '../prompts/template.js';
import {findMatches} from '../validation/find-matches.js';
import {matchPattern} from '../validation/match-pattern.js';

/** A job as the state knows it: its template's text by its hash alone. */
type Known = Pick<Run, 'job' | 'template'>;

type Settings = Job['backend'];

/** What attempts are made with. `env` is the whole environment of their children, `mask` takes keys out of what is kept or shown. */
export type Toolset = {
	template: Template;
	backend: Backend;
	env: Readonly<Record<string, string>>;
	mask: Mask | undefined;
};

/** Which tools an attempt gets follows from the state, so that a changed job needs no word of its own. */
export type Tools = {
	/** To be called before a fact names the job. `backend`: its settings with the keys, which no fact holds. */
	add(known: Known, own: {template: Template; backend: Settings}): void;
	/** `index` counts the job's CLIs as `core/fallback.ts` does. */
	of(known: Known, index?: number): Toolset;
};

/** `env` is this program's own environment. */
export function createTools({
	readReset,
	env,
	now,
}: {
	readReset: ResetReader;
	env: Parameters<typeof secretsOf>[0];
	now(): number;
}): Tools {
	const templates = new Map<string, Template>();
	const settings: {known: Settings; own: Settings}[] = [];
	const backends = new Map<string, Pick<Toolset, 'backend' | 'env'>>();
	// The same text in another folder includes other files.
	const keyOf = ({job, template}: Known) => `${template} ${job.prompt.template_file ?? ''}`;
	// What was a key once stays one.
	const secrets = new Set(secretsOf(env));
	let mask = createMask([...secrets]);

	function backendOf(own: BackendSettings) {
		const key = JSON.stringify(own);
		const known = backends.get(key) ?? {
			backend: createBackend(own, {readReset, match: matchPattern, findMatches, env, now}),
			env: childEnvironment(env, own),
		};
		backends.set(key, known);
		return known;
	}

	return {
		add(known, {template, backend}) {
			templates.set(keyOf(known), template);
			settings.unshift({known: known.job.backend, own: backend});
			const keys = [...keysOf(backend, env), ...notificationKeys(known.job.notifications, env)];
			for (const key of keys) secrets.add(key);
			mask = createMask([...secrets]);
		},
		of(known, index) {
			const template = templates.get(keyOf(known));
			const own = settings.find(one => isDeepStrictEqual(one.known, known.job.backend))?.own;
			if (!template || !own) throw new Error(`the template ${known.template} or its backend was never read`);
			return {template, ...backendOf(backendAt({backend: own}, index)), mask};
		},
	};
}
