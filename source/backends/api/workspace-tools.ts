/** A tool as a model is told of it. `inputSchema` is a JSON Schema of an object. */
export type ToolDefinition = {name: string; description: string; inputSchema: {type: 'object'; [key: string]: unknown}};

/** What a model may do in the workspace. `call` never rejects: what goes wrong is told to the model. */
export type WorkspaceTools = {
	definitions: readonly ToolDefinition[];
	call(name: string, input: unknown, signal: AbortSignal): Promise<{text: string; isError: boolean}>;
};

/** Stands in until the tools are there: there are none. */
export function createWorkspaceTools(_root: string): WorkspaceTools {
	return {
		definitions: [],
		call: async name => ({text: `There is no tool ${name}.`, isError: true}),
	};
}
