// A child that prints numbered lines at an even pace: `writer.mjs <lines a second> <seconds>`. The pace is kept by the
// clock, so that a timer that comes late loses no line; it prints as much as a pipe takes and waits for it.
import {once} from 'node:events';

const [pace, seconds] = process.argv.slice(2).map(Number);
const total = pace * seconds;
const words = 'the quick brown fox jumps over the lazy dog and looks back at what it has left';
const started = performance.now();
let line = 0;
while (line < total) {
	await new Promise(resolve => setTimeout(resolve, Math.max(20, 1000 / pace)));
	const due = Math.min(total, Math.floor(((performance.now() - started) / 1000) * pace));
	let text = '';
	while (line < due) text += `${++line} ${words.slice(0, 20 + ((line * 7) % 55))}\n`;
	if (text !== '' && !process.stdout.write(text)) await once(process.stdout, 'drain');
}
