import type * as z from 'zod';
import type {Problem, Way} from './way.js';

/** Where a tool works, and until when. */
export type Place = {root: string; wayTo(written: string): Way | Problem; signal: AbortSignal};

/** One tool: its answer is a text or a problem, both for the model to read. */
export type Tool = {
	name: string;
	description: string;
	input: z.ZodObject;
	/** Changes files: one such call at a time. */
	writes?: true;
	run(input: unknown, place: Place): Promise<string | Problem>;
};

/** A tool whose input is known by its schema. */
export function tool<Input extends z.ZodObject>(
	definition: Omit<Tool, 'run' | 'input'> & {
		input: Input;
		run(input: z.output<Input>, place: Place): Promise<string | Problem>;
	},
): Tool {
	const {run, input: schema, ...rest} = definition;
	return {...rest, input: schema, run: (input, place) => run(schema.parse(input), place)};
}

/** The answer of a call that was stopped; nobody reads it. */
export const stopped: Problem = {problem: 'Stopped.'};

/** `950 bytes`, `41 KB`, `3.2 MB`. */
export function sizeWords(bytes: number): string {
	if (bytes < 1024) return `${bytes} bytes`;
	if (bytes < 1024 * 1024) return `${Math.round(bytes / 1024)} KB`;
	return `${(bytes / 1024 / 1024).toFixed(1).replace('.0', '')} MB`;
}

/** A folder and the name of a file in it. */
export function parted(way: Way): {folder: Way; name: string} | Problem {
	const name = way.at(-1);
	return name === undefined
		? {problem: 'This is the workspace itself: name a file in it.'}
		: {folder: way.slice(0, -1), name};
}
