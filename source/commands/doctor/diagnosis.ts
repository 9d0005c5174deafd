/** What one look has found: `warn` is good to know, `fail` is something that is needed and broken. */
export type Diagnosis = {
	check: string;
	state: 'ok' | 'warn' | 'fail';
	found: string;
	/** What to do about it. */
	advice?: string;
};

export type Environment = Readonly<Record<string, string | undefined>>;

export const fine = (check: string, found: string): Diagnosis => ({check, state: 'ok', found});
export const warned = (check: string, found: string, advice: string): Diagnosis => ({
	...{check, found, advice},
	state: 'warn',
});
export const failed = (check: string, found: string, advice: string): Diagnosis => ({
	...{check, found, advice},
	state: 'fail',
});
