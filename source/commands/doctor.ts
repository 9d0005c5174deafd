import {resolve} from 'node:path';
import {checkFile} from '../check/check-file.js';
import {missingProgram} from '../check/program.js';
import {folderOf} from '../config/backend-schema.js';
import {profilesFolder} from '../config/profile-files.js';
import {counted} from '../headless/words.js';
import {historyFile} from '../store/history/place.js';
import {registryFolder} from '../store/registry.js';
import {type Context, type Ending, findingCount} from './context.js';
import {type Diagnosis, failed, fine, warned} from './doctor/diagnosis.js';
import {checkHistory} from './doctor/history.js';
import {checkFolder, checkNode, checkTerminal, type Terminal} from './doctor/machine.js';
import {checkBackend, checkBuiltIns, checkOwnProfiles, checkProgram, type Surroundings} from './doctor/programs.js';

/** What a doctor is told about where the program runs. */
export type Place = {node: string; uid: number | undefined; terminal: Terminal};

/**
 * `mozart doctor [FILE]`: whether this machine, and with a file that job, has what a run needs. Writes nothing, and runs
 * no more than the CLIs with their arguments for the version.
 */
export async function doctor(given: string | undefined, place: Place, context: Context): Promise<Ending> {
	const {env, cwd} = context;
	const around: Surroundings = {env, cwd, uid: place.uid};
	const groups = [
		[checkNode(place.node), ...checkTerminal(place.terminal, env)],
		checkGit(around).then(one => [one]),
		checkFolder('state', resolve(registryFolder(env), '..')).then(one => [one]),
		checkHistory(historyFile(registryFolder(env))).then(one => [one]),
		checkBuiltIns(around),
		checkOwnProfiles(profilesFolder(env), around),
		given === undefined ? [] : checkJobFile(given, around),
	];
	const found = (await Promise.all(groups)).flat();
	if (context.json) for (const one of found) context.out(JSON.stringify(one));
	else show(found, context);
	return found.some(({state}) => state === 'fail') ? 'failed' : 'done';
}

async function checkGit(around: Surroundings): Promise<Diagnosis> {
	const advice = 'Only jobs that work on a repository need it; install git to run those';
	if (await missingProgram('git', around.cwd, around.env)) return warned('git', 'git is not found in PATH', advice);
	const asked = {title: 'git', program: 'git', version: ['--version'], folder: around.cwd};
	const {found, ...rest} = await checkProgram('git', asked, warned, around);
	return {...rest, found: found.replace(/^git: git version /, 'git ')};
}

async function checkJobFile(given: string, around: Surroundings): Promise<Diagnosis[]> {
	const checked = await checkFile(resolve(around.cwd, given), [], around.env);
	if ('kind' in checked) {
		const findings = findingCount(checked.findings);
		return [failed('job', `${given} cannot be run: ${findings}`, `See them: mozart validate ${given}`)];
	}
	const {job, folder, workspace} = checked;
	const {fallbacks = [], ...own} = job.backend;
	const backends = await Promise.all(
		[own, ...fallbacks].map((backend, index) => {
			const from = resolve(folder, folderOf(backend));
			return checkBackend(backend, from, index === 0, around);
		}),
	);
	return [fine('job', `${given}: ${job.name}`), await checkFolder('workspace', workspace), ...backends.flat()];
}

function show(found: readonly Diagnosis[], context: Context): void {
	const width = Math.max(...found.map(({check}) => check.length));
	for (const {check, state, found: what, advice} of found) {
		context.out(`${state.padEnd(4)}  ${check.padEnd(width)}  ${what}`);
		if (advice !== undefined) context.out(`${' '.repeat(width + 8)}${advice}`);
	}
	const count = (state: Diagnosis['state']) => found.filter(one => one.state === state).length;
	const [bad, odd] = [count('fail'), count('warn')];
	const parts = [
		...(bad > 0
			? [`${counted(bad, 'thing')} that ${bad === 1 ? 'is' : 'are'} needed ${bad === 1 ? 'is' : 'are'} broken`]
			: []),
		...(odd > 0 ? [counted(odd, 'warning')] : []),
	];
	context.out(
		parts.length === 0
			? '\nAll is well.'
			: `\n${parts.join(', ')}.${bad === 0 ? ' Nothing that is needed is broken.' : ''}`,
	);
}
