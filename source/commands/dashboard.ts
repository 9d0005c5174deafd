import {isLoopback, openDashboard} from '../dashboard/server.js';
import {type Context, type Ending, sayProblem} from './context.js';
import {createJobs} from './dashboard-jobs.js';

/** The variable that holds the password: an argument could be read by everybody on this machine. */
export const passwordVariable = 'MOZART_DASHBOARD_PASSWORD';

const defaultPort = 4747;
const shortestPassword = 8;

export type DashboardFlags = {port?: string; host?: string; name?: string};

/** `mozart dashboard`: serves the page and the API until it is told to end. Runs are not touched by its end. */
export async function dashboard({port, host = '127.0.0.1', name}: DashboardFlags, context: Context): Promise<Ending> {
	const usage = (message: string) => sayProblem({kind: 'usage', message}, context);
	const wanted = port === undefined ? defaultPort : Number(port);
	if (!(/^\d+$/.test(port ?? '0') && wanted <= 65_535))
		return usage(`There is no port ${port}: write a number from 0 (any that is free) to 65535.`);
	const password = context.env[passwordVariable] || undefined;
	const isOpen = !isLoopback(host) || name !== undefined;
	if (isOpen && password === undefined)
		return usage(
			`Others can reach ${name ?? host}, so a password is needed: set ${passwordVariable}. Without it: the default, 127.0.0.1, through ssh -L.`,
		);
	if (password !== undefined && password.length < shortestPassword)
		return usage(`The password in ${passwordVariable} is too short: ${shortestPassword} characters at least.`);
	const jobs = createJobs(context);
	const options = {
		...{jobs, clock: context.clock, host},
		...(password !== undefined && {password}),
		...(name !== undefined && {name}),
		onBug: (error: unknown) => context.err(`This is a bug in mozart; please report it: ${wordsOf(error)}`),
	};
	let opened = await openDashboard({...options, port: wanted});
	if ('problem' in opened && opened.isTaken && port === undefined) opened = await openDashboard({...options, port: 0});
	if ('problem' in opened) {
		const taken = `Port ${wanted} of ${host} is taken by another program. Choose another one: mozart dashboard -p PORT (0: any that is free)`;
		return usage(opened.isTaken ? taken : `Nothing can listen at ${host}, port ${wanted}: ${opened.problem}.`);
	}
	const {url, origin, token, close} = opened;
	if (context.json) context.out(JSON.stringify({url, origin, host, port: opened.port, token, pid: process.pid}));
	else {
		context.out(`Dashboard: ${url}`);
		context.out('The address lets in whoever has it. Ctrl-C ends the dashboard; what runs goes on.');
	}
	if (!isLoopback(host))
		context.err(
			'What goes over the network is not encrypted. Better: a server with TLS before it, and --name with the name of that.',
		);
	await told();
	await close();
	return 'done';
}

const wordsOf = (error: unknown) => (error instanceof Error ? (error.stack ?? error.message) : String(error));

/** Resolves when the program is told to end, by whatever way. */
async function told(): Promise<void> {
	const {promise, resolve} = Promise.withResolvers<void>();
	const end = () => resolve();
	process.on('SIGINT', end).on('SIGTERM', end).on('SIGHUP', end);
	await promise;
	process.off('SIGINT', end).off('SIGTERM', end).off('SIGHUP', end);
}
