/**
 * What the model has to know about what becomes of its work; undefined where there is nothing to know. The same for every
 * batch of a job, since what comes behind it could not be cached else.
 */
export function systemText({
	workspace,
	isKept,
	hasTools,
}: {
	workspace: string;
	/** Whether the reply becomes a file. */
	isKept: boolean;
	hasTools: boolean;
}): string | undefined {
	const parts = [
		...(hasTools
			? [
					`You work on files in the folder ${workspace} with the tools you are given; there is no shell, and nothing outside of that folder can be reached. Paths are relative to it. Nobody is there to answer questions: do the work, then say in a few words what you have done.`,
				]
			: []),
		...(isKept
			? [
					`Your last reply is written to a file as it is, in place of what the file held before. So reply with the whole text of that file, also when only a part of it is to be changed, and with nothing else: no introduction, no remarks, no code fence around it.`,
				]
			: []),
	];
	return parts.length === 0 ? undefined : parts.join('\n\n');
}
