import {type Place, parted} from './tool.js';
import {type Problem, shownWay, type Way} from './way.js';

/** The file that a tool is about to change, in words alone: its way, and that cut into folder and name. */
export function targetOf(
	written: string,
	wayTo: Place['wayTo'],
): {way: Way; parts: {folder: Way; name: string}} | Problem {
	const way = wayTo(written);
	if ('problem' in way) return way;
	const parts = parted(way);
	if ('problem' in parts) return parts;
	return unfitToWrite(way, written) ?? {way, parts};
}

/** Names that would make trouble: of those in `.git` some are programs that git starts. */
function unfitToWrite(way: Way, written: string): Problem | undefined {
	if (written.endsWith('/')) return {problem: `${shownWay(way)}/ would be a folder: name a file in it.`};
	if (way.some(name => /\p{Cc}/u.test(name))) {
		return {problem: 'The name holds control characters: use letters, digits and signs.'};
	}
	if (way.some(name => name.toLowerCase() === '.git'))
		return {problem: 'In .git files are only read: git writes there.'};
	return undefined;
}
