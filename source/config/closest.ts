/** The candidate that a mistyped word most likely means, or undefined when none is near. */
export function closest(word: string, candidates: Iterable<string>): string | undefined {
	const plain = simplified(word);
	let best: {candidate: string; distance: number} | undefined;
	if (word.length > 60) return undefined;
	for (const candidate of candidates) {
		const distance = editDistance(plain, simplified(candidate));
		const allowed = Math.max(1, Math.floor(Math.max(plain.length, candidate.length) / 3));
		if (distance <= allowed && distance < candidate.length && distance < (best?.distance ?? Infinity))
			best = {candidate, distance};
	}
	return best?.candidate;
}

const simplified = (word: string) => word.toLowerCase().replaceAll(/[-\s]/g, '_');

/** Letters to add, drop, change or swap with their neighbour to make one word the other. */
function editDistance(a: string, b: string): number {
	let beforeLast: number[] = [];
	let last = Array.from({length: b.length + 1}, (_, j) => j);
	for (let i = 1; i <= a.length; i++) {
		const row = [i];
		for (let j = 1; j <= b.length; j++) {
			const change = last[j - 1]! + (a[i - 1] === b[j - 1] ? 0 : 1);
			let distance = Math.min(last[j]! + 1, row[j - 1]! + 1, change);
			if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1])
				distance = Math.min(distance, beforeLast[j - 2]! + 1);
			row.push(distance);
		}
		beforeLast = last;
		last = row;
	}
	return last[b.length]!;
}
