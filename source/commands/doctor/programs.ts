import {addressOf, unfitAddress} from '../../backends/api/address.js';
import {rootAdvice, rootWarning} from '../../backends/claude/root-warning.js';
import {apiKeyOf, isApi} from '../../backends/keys.js';
import {modelProblem} from '../../backends/openai/models.js';
import {programOf, titleOf} from '../../backends/profile/command.js';
import {builtInProfiles, profileOf} from '../../backends/profiles.js';
import {checkJob} from '../../check/check.js';
import {missingProgram} from '../../check/program.js';
import {type ApiBackend, anthropicSchema, type Backend, backendTypes} from '../../config/backend-schema.js';
import {loadProfile} from '../../config/load.js';
import type {WrittenProfile} from '../../config/profile.js';
import {findProfiles, type ProfileFile} from '../../config/profile-files.js';
import {placeholdersIn} from '../../core/placeholders.js';
import {childEnvironment} from '../../process/environment.js';
import {createMask} from '../../process/mask.js';
import {runProcess} from '../../process/run.js';
import {stripControls} from '../../process/sanitize.js';
import {secretsOf} from '../../process/secrets.js';
import {type Diagnosis, type Environment, failed, fine, warned} from './diagnosis.js';

/** What is looked at: who asks, and from which folder. */
export type Surroundings = {env: Environment; cwd: string; uid: number | undefined};

/** CLIs that ask a network before they tell their version take their time. */
const patienceMs = 20_000;

type Asked = {title: string; program: string; version: readonly string[]; folder: string; install?: string | undefined};

/** Looks for a program and asks its version. `bad` is what it means when it is not there. */
export async function checkProgram(
	check: string,
	{title, program, version, folder, install}: Asked,
	bad: typeof failed | typeof warned,
	{env}: Surroundings,
): Promise<Diagnosis> {
	const get = install ?? 'install it, or write its full path';
	const missing = await missingProgram(program, folder, env);
	if (missing) return bad(check, `${title}: ${missing}`, `To use it: ${get}`);
	if (version.length === 0) return fine(check, `${title}: ${program}`);
	const asked = await runProcess({
		argv: [program, ...version],
		cwd: folder,
		env: Object.fromEntries(
			Object.entries(env).flatMap(([name, value]) => (value === undefined ? [] : [[name, value]])),
		),
		mask: createMask(secretsOf(env)),
		timeoutMs: patienceMs,
	});
	if (asked.type === 'unstartable') return bad(check, `${title}: ${asked.message}`, `To use it: ${get}`);
	if (asked.type === 'not-started') return bad(check, `${title} was not asked`, 'Ask again');
	const [first] = stripControls(`${asked.tails.stdout}\n${asked.tails.stderr}`)
		.split('\n')
		.filter(line => line.trim());
	if (asked.exitCode === 0) return fine(check, `${title}: ${(first ?? 'it tells no version').trim().slice(0, 100)}`);
	const how = asked.timedOut ? `has not told its version in ${patienceMs / 1000} s` : 'does not tell its version';
	const words = first === undefined ? '' : ` (${first.trim().slice(0, 200)})`;
	return bad(check, `${title} ${how}${words}`, `Try it: ${[program, ...version].join(' ')}`);
}

/** Every CLI and API that Mozart knows by itself; one that is missing is no fault where no job needs it. */
export async function checkBuiltIns(around: Surroundings): Promise<Diagnosis[]> {
	const checks = await Promise.all(
		Object.entries(builtInProfiles).map(([type, profile]) =>
			checkProgram(type, askedOf(profile, around.cwd), warned, around),
		),
	);
	const [claude] = checks;
	const anthropic = anthropicSchema.parse({type: 'anthropic_api'});
	return [
		...checks,
		await checkApi(anthropic.type, anthropic, warned, around),
		...checkUser(around, claude?.state === 'ok'),
	];
}

/** Whether it would run as root, which Claude Code minds; nothing where the system has no such user. */
function checkUser({uid, env}: Surroundings, hasClaude: boolean): Diagnosis[] {
	if (uid === undefined) return [];
	if (uid !== 0) return [fine('user', 'not root')];
	const minds = hasClaude && rootWarning({type: 'claude_cli', skip_permissions: true}, uid, env);
	return [minds ? warned('user', 'you are root, and Claude Code minds', rootAdvice) : fine('user', 'root')];
}

/** The user's own profiles: whether they can be read, and the CLIs they are about. */
export async function checkOwnProfiles(folder: string, around: Surroundings): Promise<Diagnosis[]> {
	const files = await findProfiles(folder);
	return (await Promise.all(files.map(file => checkOwn(file, folder, around)))).flat();
}

async function checkOwn({name, file}: ProfileFile, folder: string, around: Surroundings): Promise<Diagnosis[]> {
	if (backendTypes.includes(name))
		return [
			warned(name, `${file} is never used: ${name} is a CLI that Mozart knows by itself`, 'Give the file another name'),
		];
	const loaded = await loadProfile(name, folder);
	const findings = (await checkJob(loaded)).filter(finding => finding.file === file);
	const said = findings.map(({line, column, severity, message, mend}) =>
		warned(
			name,
			`${file}:${line}:${column}: ${severity}: ${message}`,
			mend === undefined ? 'Mend it' : `Write: ${mend}`,
		),
	);
	const backend = loaded.job?.backend;
	if (backend?.type !== 'profile') return said;
	const asked = askedOf(backend.profile, around.cwd);
	if (asked.program === '' || placeholdersIn(asked.program).length > 0) return [...said, fine(name, file)];
	return [...said, await checkProgram(name, asked, warned, around)];
}

/** A backend of a job: its program must be there, and Claude Code must be willing. `isFirst`: no fallback. */
export async function checkBackend(
	backend: Backend,
	folder: string,
	isFirst: boolean,
	here: Surroundings,
): Promise<Diagnosis[]> {
	if (isApi(backend))
		return [await checkApi(isFirst ? 'backend' : 'fallback', backend, isFirst ? failed : warned, here)];
	const around = {...here, env: childEnvironment(here.env, backend)};
	const check = isFirst ? 'backend' : 'fallback';
	const bad = isFirst ? failed : warned;
	const profile = profileOf(backend);
	const [program = ''] = backend.type === 'command' ? backend.command : [];
	const asked = profile ? askedOf(profile, folder) : {title: backend.type, program, version: [], folder};
	const asRoot = rootWarning(backend, around.uid, around.env);
	const root = asRoot ? [bad(check, 'you are root, and Claude Code refuses', rootAdvice)] : [];
	if (asked.program === '' || placeholdersIn(asked.program).length > 0) return root;
	return [await checkProgram(check, asked, bad, around), ...root];
}

/** An API is not asked anything: that could cost something. But a list of models is free. */
async function checkApi(
	check: string,
	settings: ApiBackend,
	bad: typeof failed | typeof warned,
	{env}: Surroundings,
): Promise<Diagnosis> {
	const {type, model, api_key_env: name} = settings;
	const address = addressOf(settings, env);
	const unfit = unfitAddress(address);
	if (unfit !== undefined) {
		const which = settings.base_url === undefined ? 'ANTHROPIC_BASE_URL' : 'backend.base_url';
		return bad(check, `${type}: ${which} cannot be used`, `An address that can: ${unfit}`);
	}
	const key = apiKeyOf(settings, env);
	const whence = type === 'anthropic_api' ? ' (platform.claude.com gives a key)' : '';
	if (name !== undefined && key === undefined)
		return bad(check, `${type}: ${name} is not set`, `To use it: export ${name}=…${whence}`);
	const found = `${type}: ${model} at ${address}, ${name === undefined ? 'without a key' : `with the key in ${name}`}`;
	if (type === 'anthropic_api') return fine(check, found);
	const wrong = await modelProblem({address, model, key});
	if (!wrong) return fine(check, found);
	return (wrong.isSure ? bad : warned)(check, `${type}: ${wrong.found}`, wrong.advice);
}

const askedOf = (profile: WrittenProfile, folder: string): Asked => ({
	...{title: titleOf(profile), program: programOf(profile), folder},
	version: profile.version ?? ['--version'],
	install: profile.install,
});
