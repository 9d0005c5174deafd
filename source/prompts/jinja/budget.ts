import {Exhausted} from './problem.js';

/** No single text or list that a template builds may be longer: characters, entries. */
export const longestText = 5_000_000;
export const longestList = 100_000;

const mostSteps = 1_500_000;
const mostProduced = 30_000_000;
/** How deep macros, blocks and files may stand in each other. */
export const deepest = 120;

/**
 * What one rendering may use. Every syntax node costs a step, every text and list built costs its length, so no
 * template can run for long or fill the memory, whatever it loops over. Sizes are asked for before they are built.
 */
export class Budget {
	private steps = 0;
	private produced = 0;
	private depth = 0;

	step(): void {
		this.steps += 1;
		if (this.steps > mostSteps) throw new Exhausted(`the template does too much: over ${mostSteps} steps`);
	}

	/** Call before building a text of that many characters. */
	text(length: number): void {
		if (length > longestText) throw new Exhausted(`the text gets too long: over ${longestText} characters`);
		this.spend(length);
	}

	/** Call before building a list of that many entries, or making one that long by adding some. An entry costs as much as four characters. */
	list(length: number, added = length): void {
		if (length > longestList) throw new Exhausted(`the list gets too long: over ${longestList} entries`);
		this.spend(added * 4);
	}

	/** Call before reading a text or list of that length: reading costs a sixteenth of building. */
	look(length: number): void {
		this.spend(length >> 4);
	}

	/** Runs something that may call itself (macro, include), at most 120 deep. */
	nested<T>(what: string, run: () => T): T {
		if (this.depth >= deepest) throw new Exhausted(`${what} calls itself without end`);
		this.depth += 1;
		try {
			return run();
		} finally {
			this.depth -= 1;
		}
	}

	private spend(amount: number): void {
		this.produced += amount;
		if (this.produced > mostProduced) {
			throw new Exhausted(`the template builds too much text: over ${mostProduced} characters in all`);
		}
	}
}
