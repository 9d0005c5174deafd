/** What the model has to know about what becomes of its work; undefined where there is nothing to know. */
export function systemText({
	workspace,
	output,
	hasTools,
}: {
	workspace: string;
	/** The file that gets the reply, absolute. */
	output: string | undefined;
	hasTools: boolean;
}): string | undefined {
	const parts = [
		...(hasTools
			? [
					`You work on files in the folder ${workspace} with the tools you are given; there is no shell, and nothing outside of that folder can be reached. Paths are relative to it. Nobody is there to answer questions: do the work, then say in a few words what you have done.`,
				]
			: []),
		...(output === undefined
			? []
			: [
					`Your last reply is written to the file ${output} as it is, in place of what the file held before. So reply with the whole text of that file and with nothing else: no introduction, no remarks, no code fence around it.`,
				]),
	];
	return parts.length === 0 ? undefined : parts.join('\n\n');
}
