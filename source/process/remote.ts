/** Whether this program was started over SSH: every byte has a way to go, and nobody sits at this machine's desktop. */
export const isOverSsh = (env: Readonly<Record<string, string | undefined>>): boolean =>
	Boolean(env.SSH_CONNECTION || env.SSH_TTY);
