/** Something a person can put right. Its message is a sentence for them; anything else that is thrown is a bug. */
export class ReviewError extends Error {}

/** Runs a whole program: a `ReviewError` becomes its sentence on stderr and exit code 1. */
export async function runOrExplain(program) {
	try {
		await program();
	} catch (error) {
		if (!(error instanceof ReviewError)) throw error;
		process.stderr.write(`${error.message}\n`);
		process.exitCode = 1;
	}
}
