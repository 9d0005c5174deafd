import type * as z from 'zod';

const isMap = (payload: {value: unknown}) => typeof payload.value === 'object' && payload.value !== null;

/**
 * For `refine`: exactly one of the keys must be there. Asked even where other fields are wrong, so that one reading tells
 * everything; `params` tells the reader of the issue, and the JSON Schema, which keys were meant.
 */
export const exactlyOne = <const K extends string>(keys: readonly K[]) =>
	[
		(value: {[key in K]?: unknown}) => keys.filter(key => value[key] !== undefined).length === 1,
		{message: `needs exactly one of ${keys.join(', ')}`, params: {exactlyOne: keys}, when: isMap},
	] as const;

/** As `exactlyOne`: at least one of the keys must be there. */
export const atLeastOne = <const K extends string>(keys: readonly K[]) =>
	[
		(value: {[key in K]?: unknown}) => keys.some(key => value[key] !== undefined),
		{message: `needs at least one of ${keys.join(', ')}`, params: {atLeastOne: keys}, when: isMap},
	] as const;

type Choices = {required: [string]}[];

/** What a field of such a refinement adds to its JSON Schema, which zod leaves out. */
export function choicesOf(schema: z.core.$ZodType): {oneOf?: Choices; anyOf?: Choices} {
	const found: {oneOf?: Choices; anyOf?: Choices} = {};
	for (const check of schema._zod.def.checks ?? []) {
		const {params} = check._zod.def as {params?: {exactlyOne?: readonly string[]; atLeastOne?: readonly string[]}};
		if (params?.exactlyOne) found.oneOf = each(params.exactlyOne);
		if (params?.atLeastOne) found.anyOf = each(params.atLeastOne);
	}
	return found;
}

const each = (keys: readonly string[]): Choices => keys.map(key => ({required: [key]}));
