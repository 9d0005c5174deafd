/** @jsxImportSource hono/jsx */
import {liveClock} from '../../headless/live-clock.js';
import {timeOfDayFrom} from '../../headless/words.js';

/** Time since a moment; the script moves it on, without it it stands. */
export const Since = ({since, now}: {since: number; now: number}) => (
	<span class="keep" data-since={since}>
		{liveClock(now - since)}
	</span>
);

/** Time until a moment, in the same way. */
export const Until = ({until, now}: {until: number; now: number}) => (
	<span class="keep" data-until={until}>
		{liveClock(until - now)}
	</span>
);

/** A moment as people say it; the whole of it for machines. */
export const Moment = ({at, now}: {at: number; now: number}) => (
	<time class="keep" datetime={new Date(at).toISOString()}>
		{timeOfDayFrom(at, now)}
	</time>
);
