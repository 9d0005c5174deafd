/** Milliseconds as a person says them: 340 ms, 4.2 s, 3 min 20 s, 2 h 5 min. */
export function durationWords(ms: number): string {
	// Rounded first: 59.6 s are a minute, not 60 s.
	if (Math.round(ms) < 1000) return `${Math.round(ms)} ms`;
	const tenths = Math.round(ms / 100);
	if (tenths < 100) return `${(tenths / 10).toFixed(1)} s`;
	const seconds = Math.round(ms / 1000);
	if (seconds < 60) return `${seconds} s`;
	const minutes = Math.floor(seconds / 60);
	if (minutes < 60) return `${minutes} min ${seconds - minutes * 60} s`;
	return `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
}

/** `1 batch`, `3 batches`. */
export function counted(number: number, one: string, many = `${one}s`): string {
	return `${number} ${number === 1 ? one : many}`;
}

/** How many of a batch's rules pass, in the same words on every face. */
export const rulesPass = (passed: number, rules: number): string => `${passed} of ${rules} rules pass`;

/** Why a batch is completed. Without rules the end of its CLI is the verdict, or, of an API, which has no exit code, the reply. */
export function doneWords({passed, exitCode}: {passed: number; exitCode?: number | undefined}, rules: number): string {
	if (rules > 0) return rulesPass(passed, rules);
	return exitCode === undefined ? 'its reply came whole' : `exit code ${exitCode}`;
}

/** Local time of day, `14:03:09`. */
export function timeOfDay(at: number): string {
	const date = new Date(at);
	return [date.getHours(), date.getMinutes(), date.getSeconds()].map(part => String(part).padStart(2, '0')).join(':');
}

/** The same seen from another time: one of another day names that day: `tomorrow 06:00:00`, `Sat 06:00:00`, `12 Jul 06:00:00`. */
export function timeOfDayFrom(at: number, now: number): string {
	const [then, today] = [new Date(at), new Date(now)];
	// By the calendar: a day has 23 or 25 hours where clocks are put forward or back.
	const dayOf = (date: Date) => Date.UTC(date.getFullYear(), date.getMonth(), date.getDate()) / 86_400_000;
	const days = dayOf(then) - dayOf(today);
	if (days === 0) return timeOfDay(at);
	if (days === 1) return `tomorrow ${timeOfDay(at)}`;
	const isNear = days > 1 && days < 7;
	return `${then.toLocaleDateString('en-GB', isNear ? {weekday: 'short'} : {day: 'numeric', month: 'short'})} ${timeOfDay(at)}`;
}

/** A span as a clock shows it: 0:07, 3:20, 2:05:00. Negative spans are 0:00. */
export function clockWords(ms: number): string {
	const seconds = Math.max(0, Math.round(ms / 1000));
	const [hours, minutes, rest] = [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60, seconds % 60];
	const two = (part: number) => String(part).padStart(2, '0');
	return hours > 0 ? `${hours}:${two(minutes)}:${two(rest)}` : `${minutes}:${two(rest)}`;
}
