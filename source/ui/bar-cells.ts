/**
 * The cells of a bar for each part of a whole, `width` in all: a part that there is has one at least, as far as there is
 * room, and each further cell goes to the part that lacks most of its share. So a bar is full when nothing is left, and
 * not before.
 */
export function barCells(parts: readonly number[], width: number): number[] {
	const total = parts.reduce((sum, part) => sum + part, 0);
	if (total === 0) return parts.map(() => 0);
	const there = parts.filter(part => part > 0).length;
	const cells: number[] = parts.map(part => (part > 0 && there <= width ? 1 : 0));
	for (let free = width - (there <= width ? there : 0); free > 0; free--) {
		const lacks = parts.map((part, index) => part * width - (cells[index] ?? 0) * total);
		const most = lacks.indexOf(Math.max(...lacks));
		cells[most] = (cells[most] ?? 0) + 1;
	}
	return cells;
}
