/** Filters to use where Python has a function. */
export const functionsOfPython: ReadonlyMap<string, string> = new Map([
	['len', '{{ list | length }}'],
	['str', '{{ value | string }}'],
	['int', '{{ value | int }}'],
	['float', '{{ value | float }}'],
	['list', '{{ value | list }}'],
	['sorted', '{{ list | sort }}'],
	['sum', '{{ list | sum }}'],
	['min', '{{ list | min }}'],
	['max', '{{ list | max }}'],
	['abs', '{{ number | abs }}'],
	['round', '{{ number | round }}'],
	['reversed', '{{ list | reverse }}'],
	['enumerate', 'loop.index inside {% for %}'],
	['print', '{{ value }}'],
]);

/** What names stand for in Jinja2 that have no value here, and what to write instead. */
export const namesOfJinja: ReadonlyMap<string, string> = new Map([
	[
		'self',
		'a block is printed where it stands, and “self” is not known: keep the text with {% set name %}…{% endset %} and print {{ name }} wherever it is wanted',
	],
]);
