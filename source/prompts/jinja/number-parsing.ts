/** Python's `int(text, base)`; undefined where Python raises. */
export function parseWhole(text: string, base: number): bigint | undefined {
	const match = /^([-+]?)(0[xob])?([0-9a-z]+(?:_[0-9a-z]+)*)$/i.exec(text.trim());
	if (!match || text.length > 4000) return undefined;
	const bases: Record<string, number> = {'0x': 16, '0o': 8, '0b': 2};
	const prefix = (match[2] ?? '').toLowerCase();
	let digits = (match[3] ?? '').replaceAll('_', '');
	let radix = base;
	if (prefix !== '') {
		if (base === 0 || base === bases[prefix]) radix = bases[prefix] ?? 10;
		else digits = prefix + digits;
	}
	if (radix === 0) radix = 10;
	let value = 0n;
	for (const char of digits.toLowerCase()) {
		const digit = /[0-9a-z]/.test(char) ? Number.parseInt(char, 36) : Number.NaN;
		if (!(digit < radix)) return undefined;
		value = value * BigInt(radix) + BigInt(digit);
	}
	return match[1] === '-' ? -value : value;
}

/** Python's `float(text)`; undefined where Python raises. */
export function parseFloating(text: string): number | undefined {
	const plain = text.trim().replace(/(?<=\d)_(?=\d)/g, '');
	if (/^[-+]?(\d+\.?\d*|\.\d+)(e[-+]?\d+)?$/i.test(plain)) return Number(plain);
	const special = /^([-+]?)(inf(?:inity)?|nan)$/i.exec(plain);
	if (!special) return undefined;
	const value = /nan/i.test(special[2] ?? '') ? Number.NaN : Number.POSITIVE_INFINITY;
	return special[1] === '-' ? -value : value;
}
