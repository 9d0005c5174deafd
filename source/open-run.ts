import {randomUUID} from 'node:crypto';
import {accountOf} from './backends/account.js';
import {keysOf} from './backends/keys.js';
import {createResetReader} from './backends/reset-reader.js';
import {checkFile, type JobFileProblem} from './check/check-file.js';
import {errorWords} from './config/error-words.js';
import type {Finding} from './config/finding.js';
import type {Job} from './config/schema.js';
import {type Control, serveControl} from './control/server.js';
import {eventSchema, type Fact} from './core/event.js';
import {type Opening, openingFacts} from './core/opening-facts.js';
import {count} from './core/plan.js';
import {reduce} from './core/reduce.js';
import {type Run, runSchema} from './core/run.js';
import {createAccounts} from './engine/account.js';
import {createAttempts, markerOf} from './engine/attempt.js';
import {createCheckpointing} from './engine/checkpointing.js';
import type {Clock} from './engine/clock.js';
import {createEngine, type Engine} from './engine/engine.js';
import {createTools} from './engine/tools.js';
import {counted} from './headless/words.js';
import {createNotifier, type Notifier} from './notify/notifier.js';
import {notificationKeys} from './notify/variables.js';
import {childEnvironment} from './process/environment.js';
import {createMask} from './process/mask.js';
import {secretsOf} from './process/secrets.js';
import {endMarked} from './process/strays.js';
import {compileTemplate} from './prompts/template.js';
import {describeJob, readJobNow, templateOf, templateOptions} from './read-job.js';
import {accountFile} from './store/account-file.js';
import type {Change} from './store/change-keeping.js';
import {historyFile} from './store/history/place.js';
import {createRecorder} from './store/history/recorder.js';
import {holdState} from './store/hold-state.js';
import {openSaved} from './store/open-saved.js';
import {findJob, register, registryFolder} from './store/registry.js';
import type {StatePaths} from './store/state-folder.js';

/** Why a job cannot be opened, by what it asks of the user. */
export type Problem =
	| JobFileProblem
	| {kind: 'usage'; message: string}
	| {kind: 'locked'; message: string}
	| {kind: 'state'; message: string};

/** `run` also looks for new items; `recheck` and `steer` start paused and run nothing. */
export type OpenOptions = Opening & {
	sets: readonly string[];
	/** Keep the old state aside and begin anew. */
	fresh?: boolean;
	/** Take over a lock that is held on another host. */
	force?: boolean;
	clock: Clock;
	env: Readonly<Record<string, string | undefined>>;
};

/** A job that is open: nobody else can run it until `close`. */
export type OpenRun = {
	id: string;
	name: string;
	file: string;
	workspace: string;
	paths: StatePaths;
	/** What a person should know before it starts: warnings, changes, what a crash has left. */
	notes: string[];
	/** What was set over the job file. */
	sets: readonly string[];
	warnings: Finding[];
	source: string;
	engine: Engine;
	/** How other programs reach this run; undefined where they cannot. */
	control?: Control | undefined;
	/** Tells who is not looking; undefined where nothing is run. To be finished after `close`. */
	notifier?: Notifier | undefined;
	/** Saves, gives the lock back, and tells what could not be saved. Also after the engine has failed. */
	close(): Promise<string[]>;
};

/** A job that is complete already: nothing was opened. */
export type Complete = {id: string; run: Run; notes: string[]};

/** The one composition root: job file and flags in, a wired engine out. */
export async function openRun(options: OpenOptions): Promise<OpenRun | Complete | Problem> {
	const checked = await checkFile(options.file, options.sets, options.env);
	if ('kind' in checked) return checked;
	const {file, workspace: written, job} = checked;
	const {force = false, fresh = false, clock} = options;
	const mask = createMask([
		...secretsOf(options.env),
		...keysOf(job.backend, options.env),
		...notificationKeys(job.notifications, options.env),
	]);
	const leak = options.sets.find(set => mask && mask.text(set) !== set);
	if (leak !== undefined) return {kind: 'usage', message: keyInSet(leak)};
	const held = await holdState({file, name: job.name, workspace: written}, {now: clock.now(), force, fresh});
	if ('heldBy' in held) return {kind: 'locked', message: held.message};
	if ('failure' in held) return {kind: 'state', message: held.failure.message};
	const {lock, paths, id, workspace} = held;
	const giveBack = async <T extends Problem | Complete>(value: T): Promise<T> => {
		await lock.release();
		return value;
	};
	const saved = await openSaved(paths, {event: eventSchema, state: runSchema}, job.state_backend);
	if ('failure' in saved) return giveBack({kind: 'state', message: saved.failure.message});
	const refuse = async <T extends Problem | Complete>(value: T): Promise<T> => {
		await saved.journal.close();
		return giveBack(value);
	};
	const notes: string[] = [];
	if (held.movedTo) notes.push(`The state so far is kept as ${held.movedTo}.`);
	const registry = registryFolder(options.env);
	const isNew = !saved.state && saved.events.length === 0;
	if (isNew && !fresh && 'job' in (await findJob(registry, id)))
		notes.push('This job was run before, but its state is gone: it begins anew.');
	if (saved.torn)
		notes.push(`The last entry of the journal was cut off by a crash and is dropped (${saved.torn.bytes} bytes).`);
	if (saved.change) notes.push(changeWords(saved.change));
	for (const aside of saved.setAside) notes.push(`${aside.file}: ${aside.problem}; it is kept as ${aside.keptAs}.`);

	let known: Run | undefined = saved.state;
	for (const event of saved.events) known = reduce(known, event);
	// Also without any state: a fresh start, or a deleted folder, must not put a second CLI beside an orphan.
	if (known?.phase !== 'ended') {
		const orphans = await endMarked(markerPrefix(id), {graceMs: 2000});
		if (orphans.found > 0)
			notes.push(`Ended ${counted(orphans.found, 'process', 'processes')} that a crashed run had left behind.`);
		if (orphans.left.length > 0) {
			return refuse({
				kind: 'state',
				message: `These processes of a crashed run cannot be ended: pid ${orphans.left.join(', ')}. End them, then try again.`,
			});
		}
	}
	const source = await templateOf(checked);
	const looks = options.intent === 'run' || !known || !known.items !== !job.batch.items;
	const opened = await describeJob({...checked, workspace}, {...options, source, looks}, known);
	if ('kind' in opened) return refuse(opened);
	const opening = openingFacts(known, opened, options, notes);
	if (typeof opening === 'string') return refuse({kind: 'usage', message: opening});
	if (known && options.intent !== 'steer' && isComplete(known, opening)) {
		if (opening.some(fact => fact.type === 'job-changed')) {
			notes.push(
				`All batches are completed, judged by the job as it was. Some again: mozart retry ${id} BATCH    All: --fresh`,
			);
		}
		return refuse({id, run: known, notes});
	}

	const template = compileTemplate(source, templateOptions(checked));
	if ('error' in template) return refuse({kind: 'usage', message: template.error.message});
	const note = (state: string) =>
		register(registry, {
			id,
			name: engine.getSnapshot()?.job.name ?? job.name,
			file: checked.file,
			workspace,
			state,
			sets: [...options.sets],
			updatedAt: options.clock.now(),
		});
	const {journal, checkpoint} = saved;
	const readReset = createResetReader({now: clock.now, env: childEnvironment(options.env, job.backend)});
	const tools = createTools({readReset, env: options.env, now: clock.now});
	tools.add(opened, {template, backend: job.backend});
	const untold = new Set<string>();
	const placesOf = ({fallbacks = [], ...own}: Job['backend']) =>
		[own, ...fallbacks].map(accountOf).map(name => ({name, file: accountFile(registry, name)}));
	let {backend} = checked.job;
	let places = placesOf(backend);
	const accounts = createAccounts({
		now: () => places,
		...{jobId: id, clock},
		onProblem: error => untold.add(`Limits could not be shared with other jobs of the account: ${errorWords(error)}`),
	});
	const isRun = options.intent === 'run' || options.intent === 'resume';
	if (isRun) opening.push(...(await accounts.news()).filter(({type}) => type === 'limit-shared'));
	const engine = createEngine(known, opening, {
		clock: options.clock,
		append: events => journal.append(events),
		...(isRun && {listen: accounts.listen}),
		async readJob(run) {
			const now = await readJobNow({id, file, workspace, sets: options.sets, env: options.env}, run);
			if (!('kind' in now)) {
				tools.add(now.opened, {template: now.template, backend: now.checked.job.backend});
				return now;
			}
			const mistakes = `the job file has mistakes: mozart validate ${file}`;
			return {refused: now.kind === 'job-file' ? mistakes : now.message};
		},
		...createAttempts({
			jobId: id,
			folder: checked.folder,
			workspace,
			paths,
			tools,
			uuid: randomUUID,
			readReset,
		}),
	});
	const checkpointing = createCheckpointing(run => checkpoint.save({seq: run.seq, offset: journal.offset, state: run}));
	engine.subscribe((events, run) => checkpointing.note(events, run));
	engine.subscribe((events, run) => {
		if (run.job.backend !== backend) {
			({backend} = run.job);
			places = placesOf(backend);
		}
		accounts.tell(events, run);
	});
	const ofHistory = {id, file: checked.file, workspace};
	const recorder = createRecorder({file: historyFile(registry), job: ofHistory, paths, known: saved});
	engine.subscribe(recorder.note);
	const told = {id, name: checked.job.name, clock, env: options.env};
	const notifier = isRun
		? createNotifier(async program => (await import('./open-teller.js')).openTeller(told, program))
		: undefined;
	if (notifier) engine.subscribe(notifier.tell);
	const [unlisted, control] = await Promise.all([
		note('running'),
		isRun ? serveControl(engine, {id, root: paths.root, note: paths.control, env: options.env, notifier}) : undefined,
	]);
	if (unlisted) notes.push(unlisted.message);
	if (control && 'problem' in control)
		notes.push(`Other programs cannot reach this run (mozart attach, pause and so on): ${control.problem}.`);

	return {
		...{id, name: checked.job.name, file: checked.file, workspace, paths, notes, engine},
		sets: options.sets,
		warnings: checked.warnings,
		source: checked.loaded.source,
		...(control && 'close' in control && {control}),
		...(notifier && {notifier}),
		async close() {
			await accounts.told();
			const problems: string[] = [...untold];
			const served = control && 'close' in control ? control : undefined;
			await served?.stopListening();
			const run = engine.getSnapshot();
			if (run) {
				const problem = await checkpointing.finish(run);
				if (problem)
					problems.push(`The checkpoint could not be saved (the journal has everything): ${errorWords(problem)}`);
				await note(run.phase === 'ended' ? (run.result ?? 'ended') : 'interrupted');
			}
			await journal.close();
			await lock.release().catch(error => problems.push(errorWords(error)));
			// Last: who hears that this program is done may run the job at once.
			await served?.close();
			const untoldHistory = await recorder.finish();
			if (untoldHistory !== undefined) problems.push(untoldHistory);
			return problems;
		},
	};
}

const markerPrefix = (id: string) => markerOf(id, 0, 0).replace('0#0', '');

const changeWords = ({to, facts, keptAs}: Change) =>
	`The state is kept as ${to === 'sqlite' ? 'a database' : 'a journal'} from now on: ${counted(facts, 'fact')} carried over; what was there before is kept as ${keptAs}.`;

const keyInSet = (set: string) =>
	`--set ${set.split('=', 1)[0]}=… holds a key, which everybody on this machine can see there (ps) and which would be kept with the job. Set it in your environment instead: the CLI gets that, or what backend.env_pass names of it.`;

/** The run has ended with nothing left to do, and nothing has changed that would give it more. */
const isComplete = (known: Run, opening: readonly Fact[]) =>
	known.result === 'completed' &&
	count(known, 'completed') + count(known, 'skipped') === known.total &&
	!opening.some(
		fact => fact.type === 'batch-requeued' || (fact.type === 'job-changed' && fact.batches.length > known.total),
	);
