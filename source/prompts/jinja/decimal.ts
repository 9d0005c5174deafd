/**
 * Decimal digits of floats, rounded as Python does: by the exact value, halves to the even digit. JavaScript's
 * `toFixed` and `toExponential` round exact halves up, so those are found (from 30 more digits) and put right.
 */

/** `places` digits after the point: 2.5 with none is '2', 0.125 with two is '0.12'. */
export function fixed(value: number, places: number): string {
	if (Math.abs(value) >= 1e21) return `${BigInt(value)}${places > 0 ? `.${'0'.repeat(places)}` : ''}`;
	const digits = Math.min(places, 100);
	const rounded = value.toFixed(digits);
	const exact = value.toFixed(Math.min(100, digits + 30));
	const cut = exact.length - (Math.min(100, digits + 30) - digits);
	const kept = exact.slice(0, cut).replace(/\.$/, '');
	const text = isHalf(exact.slice(cut)) && /[02468]$/.test(kept) ? kept : rounded;
	return places > digits ? text + '0'.repeat(places - digits) : text;
}

/** One digit, the point, `places` digits, and the exponent. */
export function scientific(value: number, places: number): {mantissa: string; exponent: number} {
	const digits = Math.min(places, 100);
	const [rounded = '', power = '0'] = value.toExponential(digits).split('e');
	const [exact = '', exactPower = '0'] = value.toExponential(Math.min(100, digits + 30)).split('e');
	const cut = exact.length - (Math.min(100, digits + 30) - digits);
	const kept = exact.slice(0, cut).replace(/\.$/, '');
	const half = isHalf(exact.slice(cut)) && /[02468]$/.test(kept);
	return {mantissa: half ? kept : rounded, exponent: Number(half ? exactPower : power)};
}

const isHalf = (rest: string) => /^\.?50*$/.test(rest);
