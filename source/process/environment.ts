/** What a job allows its children to see; both default to all but Mozart’s own. */
export type EnvironmentSettings = {
	env?: Readonly<Record<string, string>> | undefined;
	env_pass?: readonly string[] | undefined;
};

/** Variables of Mozart itself, which no child is given and no job can set. */
export const ownPrefix = 'MOZART_';

/** Passed also where `env_pass` names others: without them hardly any program starts or finds its settings. */
export const basePass: readonly string[] = [
	...['PATH', 'HOME', 'USER', 'LOGNAME', 'SHELL', 'LANG', 'LC_*', 'TERM', 'TMPDIR', 'TZ'],
	...['SystemRoot', 'COMSPEC', 'PATHEXT', 'USERPROFILE', 'APPDATA', 'LOCALAPPDATA', 'TEMP', 'TMP'],
];

/**
 * The whole environment of every child: this program's own as far as `env_pass` lets it through, then the values of
 * `env`, which win. Mozart's own variables are never in it.
 */
export function childEnvironment(
	own: Readonly<Record<string, string | undefined>>,
	{env = {}, env_pass: pass}: EnvironmentSettings,
): Record<string, string> {
	const passes = pass && anyOf([...basePass, ...pass]);
	const child: Record<string, string> = {};
	for (const [name, value] of [
		...Object.entries(own).filter(([name]) => !passes || passes(name)),
		...Object.entries(env),
	]) {
		if (value !== undefined && !name.startsWith(ownPrefix)) child[name] = value;
	}
	return child;
}

/** Whether a name fits one of these; `*` stands for any characters, `?` for one. */
export function anyOf(globs: readonly string[]): (name: string) => boolean {
	const source = globs.map(glob =>
		glob
			.replace(/[\\^$.|+()[\]{}]/g, '\\$&')
			.replaceAll('*', '.*')
			.replaceAll('?', '.'),
	);
	const pattern = new RegExp(`^(?:${source.join('|')})$`, process.platform === 'win32' ? 'i' : '');
	return name => pattern.test(name);
}
