/** How sure it is that a name has a value: set on every way here, or only on some; `guarded` by `is defined`. */
export type Certainty = 'sure' | 'maybe' | 'guarded';

/** The names known at one place of a template, seen without running it; the mirror of `Scope`. */
export class Names {
	private own = new Map<string, Certainty>();

	constructor(
		private readonly parent?: Names,
		names: Iterable<string> = [],
	) {
		for (const name of names) this.own.set(name, 'sure');
	}

	get(name: string): Certainty | undefined {
		return this.own.get(name) ?? this.parent?.get(name);
	}

	define(name: string): void {
		this.own.set(name, 'sure');
	}

	/** Names set here itself. */
	defined(): string[] {
		return [...this.own.keys()];
	}

	visible(): Set<string> {
		return new Set([...this.own.keys(), ...(this.parent?.visible() ?? [])]);
	}

	/** Runs a check under the assumption that these names have values. */
	assuming(names: Iterable<string>, check: () => void): void {
		const before = new Map(this.own);
		this.guard(names);
		check();
		this.restoreGuards(before);
	}

	/** Runs the two sides of an `if`, of which only one will happen: what both set is sure, what one sets is not. */
	branch(first: {assume: Iterable<string>; check(): void}, second: {assume: Iterable<string>; check(): void}): void {
		const before = new Map(this.own);
		const side = ({assume, check}: {assume: Iterable<string>; check(): void}): Map<string, Certainty> => {
			this.own = new Map(before);
			this.guard(assume);
			check();
			return this.own;
		};
		const left = side(first);
		const right = side(second);
		this.own = new Map(before);
		for (const name of new Set([...left.keys(), ...right.keys()])) {
			const ways = [left.get(name), right.get(name)];
			if (!ways.includes('sure')) continue;
			const everywhere = ways.every(way => way === 'sure' || way === 'guarded');
			if (everywhere || before.get(name) !== 'sure') this.own.set(name, everywhere ? 'sure' : 'maybe');
		}
	}

	private guard(names: Iterable<string>): void {
		for (const name of names) if (this.get(name) !== 'sure') this.own.set(name, 'guarded');
	}

	private restoreGuards(before: Map<string, Certainty>): void {
		for (const [name, certainty] of this.own) {
			if (certainty !== 'guarded') continue;
			const old = before.get(name);
			if (old === undefined) this.own.delete(name);
			else this.own.set(name, old);
		}
	}
}
