/** What happens, line by line, for who leaves the screen for it. Harmless to print. */
export type StreamedLines = {
	/**
	 * Tells at first what has happened since somebody listened last, as far back as is worth reading, then what comes.
	 * Returns the way to stop.
	 */
	listen(listener: (lines: readonly string[]) => void): () => void;
};
