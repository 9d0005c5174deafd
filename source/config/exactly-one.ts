/**
 * For `refine`: exactly one of the keys must be there. Asked even where other fields are wrong, so that one reading tells
 * everything; `params` tells the reader of the issue which keys were meant.
 */
export const exactlyOne = <const K extends string>(keys: readonly K[]) =>
	[
		(value: {[key in K]?: unknown}) => keys.filter(key => value[key] !== undefined).length === 1,
		{
			message: `needs exactly one of ${keys.join(', ')}`,
			params: {exactlyOne: keys},
			when: (payload: {value: unknown}) => typeof payload.value === 'object' && payload.value !== null,
		},
	] as const;
