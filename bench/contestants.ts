import {mkdirSync, writeFileSync} from 'node:fs';
import {join} from 'node:path';

export type Sized = {name: string; batches: number};

/** Something to measure: one Node process that runs `batches` no-op programs, one after the other. */
export type Contestant = Sized & {
	/** Gets the folder ready; returns the arguments of Node. */
	prepare(folder: string): string[];
	/** Throws unless all the work was really done. `said` is all that it printed. */
	prove(said: string): void;
};

const beside = (file: string) => join(import.meta.dirname, file);

/** A bare loop without any bookkeeping. It throws by itself when a program fails. */
export const bareLoop = (name: string, file: string, batches: number): Contestant => ({
	name,
	batches,
	prepare: () => [beside(file), String(batches)],
	prove: () => {},
});

const noRules = '';
const oneRule = `validations:
  - type: file_exists
    path: result.txt
`;

/** The program as it is shipped, on a job whose batches do nothing. Rules, if any, all pass. */
export const mozart = (name: string, batches: number, {rule}: {rule: boolean}): Contestant => ({
	name,
	batches,
	prepare(folder) {
		const job = join(folder, 'job.yaml');
		mkdirSync(join(folder, 'workspace'));
		writeFileSync(join(folder, 'workspace', 'result.txt'), 'there\n');
		writeFileSync(
			job,
			`name: no-op
backend:
  type: command
  command: ['true']
batch: {size: 1, total_items: ${batches}}
prompt: {template: 'Batch {{ batch_num }} of {{ total_batches }}: nothing to do.'}
pause_between_batches_seconds: 0
${rule ? oneRule : noRules}`,
		);
		return [beside('../dist/launch.cjs'), 'run', '--no-tui', job];
	},
	prove(said) {
		if (!said.includes(`${batches}/${batches} completed`)) throw new Error(`not all batches ran: ${said.slice(-500)}`);
	},
});
