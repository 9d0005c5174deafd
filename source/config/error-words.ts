/** What an error says; whatever else was thrown, as text. It lies on the lowest floor since every room meets errors. */
export const errorWords = (error: unknown): string =>
	error instanceof Error ? error.message || error.name : String(error);
