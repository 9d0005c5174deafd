import type {Problem} from '../open-run.js';

/** A problem as one sentence, where there is no room to show each mistake in a job file. */
export const troubleOf = (problem: Problem): {problem: string} => ({
	problem: 'message' in problem ? problem.message : 'its job file has mistakes',
});
