/** @jsxImportSource hono/jsx */
import type {BatchStatus} from '../../core/run.js';
import {statusSigns} from '../../headless/status-signs.js';

/** How a job stands, as pages say it. */
export type JobState =
	| 'running'
	| 'pausing'
	| 'paused'
	| 'stopping'
	| 'completed'
	| 'failed'
	| 'cancelled'
	| 'interrupted'
	| 'missing'
	| 'unreadable';

const jobSigns: Record<JobState, string> = {
	running: statusSigns.running,
	pausing: statusSigns.held,
	paused: statusSigns.held,
	stopping: statusSigns.stopping,
	completed: statusSigns.completed,
	failed: statusSigns.failed,
	cancelled: statusSigns.skipped,
	interrupted: '!',
	missing: '?',
	unreadable: '?',
};

/** Sign and word of a job's state. */
export const JobSign = ({state, words = state}: {state: JobState; words?: string}) => (
	<span class={`state is-${state}`}>
		<span class="sign" aria-hidden="true">
			{jobSigns[state]}
		</span>
		{words}
	</span>
);

/** The sign of a batch's status; its word is there for who does not see it. */
export const StatusSign = ({status, isSaid = true}: {status: BatchStatus; isSaid?: boolean}) => (
	<span class={`sign is-${status}`}>
		<span aria-hidden="true">{statusSigns[status]}</span>
		{isSaid && <span class="unseen">{status}</span>}
	</span>
);
