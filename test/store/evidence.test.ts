import assert from 'node:assert/strict';
import {mkdtemp, rm} from 'node:fs/promises';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {test} from 'node:test';
import {type Event, eventSchema} from '../../source/core/event.js';
import {readEvidence} from '../../source/store/evidence.js';
import {openJournal} from '../../source/store/journal.js';
import {statePaths} from '../../source/store/state-folder.js';
import {makeJob} from '../support/job.js';
import {verdicts} from '../support/world.js';

test('each attempt of a batch is found with its outcome, its verdicts and the files before it', async () => {
	const workspace = await mkdtemp(join(tmpdir(), 'evidence-'));
	try {
		const paths = statePaths(workspace, 'job-1');
		const opened = await openJournal<Event>(paths.journal, {schema: eventSchema});
		assert.ok('journal' in opened);
		const before = {path: 't.md', exists: true, size: 3, hash: 'a'.repeat(64)};
		const facts: object[] = [
			{
				type: 'run-started',
				job: makeJob({batches: 2}),
				sets: [],
				template: '',
				batches: [
					{first: 1, last: 1},
					{first: 2, last: 2},
				],
			},
			{type: 'attempt-started', batch: 1, attempt: 1, mode: 'normal'},
			{type: 'attempt-prepared', batch: 1, attempt: 1, baseline: [before]},
			{type: 'attempt-started', batch: 2, attempt: 1, mode: 'normal'},
			{type: 'attempt-ended', batch: 1, attempt: 1, outcome: {exitCode: 0, durationMs: 5, aborted: false}},
			{type: 'validated', batch: 1, attempt: 1, verdicts: verdicts(2, 1), after: [{...before, hash: 'b'.repeat(64)}]},
			{type: 'attempt-started', batch: 1, attempt: 2, mode: 'completion'},
		];
		await opened.journal.append(facts.map((fact, index) => eventSchema.parse({seq: index + 1, at: index, ...fact})));
		await opened.journal.close();
		const found = await readEvidence(paths, 1);
		assert.ok(Array.isArray(found));
		assert.deepEqual(
			found.map(one => [one.attempt, one.started.mode, one.ended?.outcome.exitCode, one.validated?.verdicts.length]),
			[
				[1, 'normal', 0, 2],
				[2, 'completion', undefined, undefined],
			],
		);
		assert.deepEqual(
			found.map(one => one.before),
			[[before], [before]],
		);
		assert.match(found[1]?.promptFile ?? '', /1-2\.prompt\.md$/);
		assert.ok('failure' in (await readEvidence(statePaths(workspace, 'other'), 1)));
	} finally {
		await rm(workspace, {recursive: true});
	}
});
