import type {Budget} from './budget.js';
import {equal} from './operators.js';
import {Problem} from './problem.js';
import {Callable, Namespace, Undefined, type Value} from './values.js';

/** The `loop` of a `{% for %}`: one object for all rounds; `at` is moved by the loop. */
export class Loop {
	at = 0;
	private before: Value[] | undefined;
	readonly value: Namespace;

	constructor(
		private readonly entries: readonly Value[],
		private readonly budget: Budget,
	) {
		this.value = new Namespace('loop', name => this.attribute(name));
	}

	private attribute(name: string): Value | undefined {
		const {at, entries} = this;
		switch (name) {
			case 'index':
				return at + 1;
			case 'index0':
				return at;
			case 'first':
				return at === 0;
			case 'last':
				return at === entries.length - 1;
			case 'length':
				return entries.length;
			case 'revindex':
				return entries.length - at;
			case 'revindex0':
				return entries.length - at - 1;
			case 'depth':
				return 1;
			case 'depth0':
				return 0;
			case 'previtem':
				return at === 0 ? new Undefined('there is no previous item') : entries[at - 1];
			case 'nextitem':
				return entries[at + 1] ?? new Undefined('there is no next item');
			case 'cycle':
				return new Callable('loop.cycle', ({positional}) => {
					if (positional.length === 0) throw new Problem('loop.cycle() needs at least one value');
					return positional[at % positional.length] ?? null;
				});
			case 'changed':
				return new Callable('loop.changed', ({positional}) => {
					const same = this.before !== undefined && equal(this.before, positional, this.budget);
					this.before = positional;
					return !same;
				});
			default:
				return undefined;
		}
	}
}
