import type {Backend as BackendSettings} from '../../config/backend-schema.js';

export const rootAdvice =
	'Claude Code refuses --dangerously-skip-permissions to root: run Mozart as another user; or, in a container that may be broken, set the environment variable IS_SANDBOX=1; or write skip_permissions: false and allow the tools in your Claude Code settings.';

/** What root should know before a job runs, or undefined. `uid` is undefined where the system has none. */
export function rootWarning(
	backend: {type: BackendSettings['type']; skip_permissions?: boolean},
	uid: number | undefined,
	env: Readonly<Record<string, string | undefined>>,
): string | undefined {
	const refused =
		backend.type === 'claude_cli' && backend.skip_permissions === true && uid === 0 && env.IS_SANDBOX !== '1';
	return refused ? `you are root: ${rootAdvice}` : undefined;
}
