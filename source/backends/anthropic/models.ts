/** Whether a model is one of those that refuse a request with a temperature: all since Opus 4.7. */
export const refusesTemperature = (model: string): boolean =>
	/^claude-(?:opus-4-[78]|(?:opus|sonnet|haiku|fable|mythos)-5)(?:-|$)/.test(model);
