import type {Value} from './values.js';

/** Names and values of one stretch of template. Writes stay here, reads look further out: a `set` in a loop ends with its round, as in Jinja2. */
export class Scope {
	constructor(
		private readonly parent: Scope | undefined,
		/** The included file that the code here stands in; undefined for the template itself. */
		readonly file: string | undefined,
		private readonly names = new Map<string, Value>(),
	) {}

	/** The same names, for code that stands in another file. */
	seenFrom(file: string | undefined): Scope {
		return file === this.file ? this : new Scope(this.parent, file, this.names);
	}

	get(name: string): Value | undefined {
		return this.names.get(name) ?? (this.names.has(name) ? null : this.parent?.get(name));
	}

	set(name: string, value: Value): void {
		this.names.set(name, value);
	}

	/** What was set here itself, but for names that start with `_`: what an import hands out. */
	own(name: string): Value | undefined {
		return name.startsWith('_') ? undefined : this.names.get(name);
	}

	/** All names that can be read here, for “did you mean”. */
	visible(): Set<string> {
		return new Set([...this.names.keys(), ...(this.parent?.visible() ?? [])]);
	}
}
