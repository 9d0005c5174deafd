import {realpathSync} from 'node:fs';
import path from 'node:path';
import * as z from 'zod';
import {reasonOf} from './tools/beneath.js';
import {editFileTool} from './tools/edit-file.js';
import {listFilesTool} from './tools/list-files.js';
import {readFileTool} from './tools/read-file.js';
import {type RegexFinder, searchFilesTool} from './tools/search-files.js';
import {type Place, stopped, type Tool} from './tools/tool.js';
import {type Problem, wayTo} from './tools/way.js';
import {writeFileTool} from './tools/write-file.js';

/** A tool as a service is told of it. */
export type ToolDefinition = {name: string; description: string; inputSchema: Record<string, unknown>};

/** `call` never rejects: whatever goes wrong is an answer that the model can act on. */
export type WorkspaceTools = {
	definitions: readonly ToolDefinition[];
	call(name: string, input: unknown, signal: AbortSignal): Promise<{text: string; isError: boolean}>;
};

/**
 * Bounded tools to read, write, change, list and search the text files of one folder: what an API lacks to leave files.
 * They start nothing, follow no link, and reach nothing outside of `root` nor the state in `.mozart`. Regular expressions
 * are offered where there is a `regexFinder`.
 */
export function createWorkspaceTools(root: string, regexFinder?: RegexFinder): WorkspaceTools {
	const tools = [readFileTool, writeFileTool, editFileTool, listFilesTool, searchFilesTool(regexFinder)];
	const roots = namesOf(root);
	/** Calls that change files, one after the other. */
	let writing: Promise<unknown> = Promise.resolve();

	const run = (tool: Tool, input: unknown, place: Place) => {
		const work = () => (place.signal.aborted ? stopped : tool.run(input, place));
		if (!tool.writes) return work();
		const written = writing.then(work);
		writing = written.catch(() => {});
		return written;
	};

	return {
		definitions: tools.map(({name, description, input}) => ({name, description, inputSchema: schemaOf(input)})),
		async call(name, input, signal) {
			const tool = tools.find(one => one.name === name);
			if (!tool)
				return wrong(`There is no tool ${JSON.stringify(name)}, only ${tools.map(one => one.name).join(', ')}.`);
			const read = tool.input.safeParse(withoutNulls(input));
			if (!read.success) return wrong(`The input does not fit the tool. ${z.prettifyError(read.error)}`);
			const place = {root, wayTo: (written: string) => wayTo(written, roots), signal};
			try {
				const answer = await orAborted(run(tool, read.data, place), signal);
				return typeof answer === 'string' ? {text: answer, isError: false} : wrong(answer.problem);
			} catch (error) {
				return wrong(`${name} failed: ${reasonOf(error)}.`);
			}
		},
	};
}

const wrong = (text: string) => ({text, isError: true});

/** The names a workspace goes by: as it is written, and with the links in it followed. */
function namesOf(root: string): string[] {
	const written = path.resolve(root);
	try {
		return [...new Set([written, realpathSync(written)])];
	} catch {
		return [written];
	}
}

/** What is aborted is answered at once: a disk may be slow, and what is under way ends by itself. */
async function orAborted<T>(work: T | Promise<T>, signal: AbortSignal): Promise<T | Problem> {
	const {promise, resolve} = Promise.withResolvers<Problem>();
	const stop = () => resolve(stopped);
	signal.addEventListener('abort', stop, {once: true});
	if (signal.aborted) stop();
	try {
		return await Promise.race([promise, work]);
	} finally {
		signal.removeEventListener('abort', stop);
	}
}

/** Some models write null for what they leave out. */
function withoutNulls(input: unknown): unknown {
	if (typeof input !== 'object' || input === null || Array.isArray(input)) return input;
	return Object.fromEntries(Object.entries(input).filter(([, value]) => value !== null));
}

/** Without what says nothing: servers make grammars of it. */
function schemaOf(input: z.ZodType): Record<string, unknown> {
	const {$schema: _, ...schema} = z.toJSONSchema(input, {
		override({jsonSchema}) {
			if (jsonSchema.maximum === Number.MAX_SAFE_INTEGER) delete jsonSchema.maximum;
		},
	});
	return schema;
}
