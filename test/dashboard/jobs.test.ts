import assert from 'node:assert/strict';
import {writeFileSync} from 'node:fs';
import {describe, it} from 'node:test';
import * as z from 'zod';
import {createJobs} from '../../source/commands/dashboard-jobs.js';
import {
	attemptSchema,
	batchDetailSchema,
	batchRowSchema,
	jobDetailSchema,
	jobRowSchema,
} from '../../source/dashboard/shapes.js';
import {heard} from '../commands/context.js';
import {withAway} from '../program/detached.js';
import {readFacts, stateOf, writeJob} from '../program/jobs.js';
import {type Desk, eventually, exits, runs, withDesk} from '../program/program.js';
import {gated, letGo} from '../terminal/window.js';
import {type Visitor, withVisitor} from './visitor.js';

const visit = (desk: Desk, story: (visitor: Visitor) => Promise<void>) =>
	withVisitor(createJobs(heard({cwd: desk.jobs, env: desk.env})), story);

/** What is asked for is what the document says that it is, and nothing more. */
const fits = <T>(schema: z.ZodType<T>, value: unknown): T => schema.parse(value);

/** Prints what could be an attack, and changes a watched file once its rule is to pass. */
const hostile = [
	`printf '<script>alert(1)</script>\\033]0;x\\007 \\033[31m${'ü'.repeat(20)}\\n'`,
	'[ "$1" = 2 ] && [ ! -e "$2/second" ] && { touch "$2/second"; printf "one\\ntwo\\n" > "$2/notes"; exit 1; }',
	'printf "one\\nthree <b> $1\\n" > "$2/notes"; mkdir -p "$2/out"; echo done > "$2/out/$1"',
].join('; ');

describe('the jobs of this user, by the API', {concurrency: 3}, () => {
	it('are told when they are over, with all that is kept of them, and can be steered', () =>
		withDesk(async desk => {
			writeFileSync(desk.at('notes'), '');
			writeJob(desk, {
				...{script: hostile, batches: 3},
				rules: [
					{type: 'file_exists', path: 'out/{batch_num}', description: 'The result <is> there'},
					{type: 'file_modified', path: 'notes'},
				],
				more: {
					on_batch_failure: 'continue',
					retry: {max_retries: 1, max_completion_attempts: 0, base_delay_seconds: 0.001, jitter: false},
				},
			});
			exits(await desk.mozart('run', 'work.yaml'), 0);
			await visit(desk, async visitor => {
				const {json: all} = await visitor.ask('/api/jobs');
				const [row] = fits(z.array(jobRowSchema.strict()), all.jobs);
				assert.ok(row);
				const {id} = row;
				assert.deepEqual([row.state, row.name, row.summary?.completed], ['completed', 'work', 3]);
				const get = async (path: string) => {
					const answer = await visitor.ask(`/api/jobs/${id}${path}`);
					assert.equal(answer.status, 200, answer.text);
					return answer;
				};
				const job = fits(jobDetailSchema.strict(), (await get('')).json);
				assert.deepEqual([job.rules.length, job.live, job.phase, job.owner], [2, [], 'ended', undefined]);
				assert.equal((await get('/digest')).json.retries, 1);

				const part = (await get('/batches?limit=2')).json;
				assert.deepEqual([part.total, part.matching, part.next], [3, 3, 3]);
				fits(z.array(batchRowSchema.strict()), part.batches);
				const rest = (await get('/batches?from=3&status=completed')).json;
				assert.deepEqual([rest.batches.length, rest.next], [1, undefined]);
				const batch = fits(batchDetailSchema.strict(), (await get('/batches/2')).json);
				assert.deepEqual([batch.status, batch.attempt, batch.lastTry], ['completed', 2, true]);

				const {attempts} = (await get('/batches/2/attempts')).json;
				const [first, second] = fits(z.array(attemptSchema.strict()), attempts);
				assert.deepEqual(
					first?.verdicts?.map(({passed, description}) => [passed, description]),
					[
						[false, 'The result <is> there'],
						[true, undefined],
					],
				);
				assert.match(first?.files[0]?.diff ?? '', /\n@@ -1,2 \+1,2 @@\n one\n-three <b> 1\n\+two\n/);
				assert.equal(second?.mode, 'retry');
				assert.deepEqual((await get('/batches/2/attempts/1')).json, first);
				assert.equal((await get('/batches/2/attempts/1/prompt')).text, 'Do batch 2 of 3.');

				const output = await get('/batches/1/attempts/1/output');
				assert.match(String(output.headers['content-type']), /^application\/json/);
				const said = `<script>alert(1)</script> ${'ü'.repeat(20)}\n`;
				assert.deepEqual(output.json, {text: said, leftOut: 0});
				// A log can be read in parts of any size, and no character is lost.
				let whole = '';
				for (let offset = 0, size = 1; offset < size; ) {
					const piece = (await get(`/batches/1/attempts/1/log?offset=${offset}&limit=17`)).json;
					assert.ok(piece.next > offset && piece.isOver);
					({size} = piece);
					offset = piece.next;
					whole += piece.text;
				}
				assert.ok(whole.endsWith(`${'ü'.repeat(20)}\n`), whole);
				const page = await visitor.ask(`/jobs/${id}/batches/1?tab=output`);
				assert.match(String(page.headers['content-type']), /^text\/html/);
				assert.ok(page.text.includes('&lt;script&gt;alert(1)') && !page.text.includes('<script>alert'));

				const log = await visitor.listen(`/api/jobs/${id}/batches/1/attempts/1/log/stream`, {'last-event-id': '25'});
				await log.next('end');
				assert.equal((await log.next('text')).data.offset, 25);

				const facts = (await get('/events?limit=3')).json;
				assert.deepEqual(
					[facts.events.map(({event}: {event: {seq: number}}) => event.seq), facts.next],
					[[1, 2, 3], 3],
				);
				const mine = (await get('/events?batch=2&limit=1000')).json.events;
				assert.ok(mine.every(({event}: {event: {batch: number}}) => event.batch === 2));

				const {rows: past} = (await visitor.ask('/api/history/runs?failed=false')).json;
				assert.deepEqual([past.length, past[0].job, past[0].attempts, past[0].retries], [1, id, 4, 1]);
				assert.equal((await visitor.ask('/api/history/rules')).json.rows[0].rule, 'The result <is> there');
				assert.equal((await visitor.ask('/api/history/slowest?limit=2')).json.rows.length, 2);
				assert.deepEqual((await visitor.ask('/api/history/costs?since=99999999999999')).json.rows, []);
				assert.equal((await visitor.ask('/api/history/retries?job=none')).json.rows.length, 0);
				assert.match((await visitor.ask('/history?days=7')).text, /The result &lt;is&gt; there/);

				const before = readFacts(stateOf(desk, id)).length;
				const refused = async (wish: object, words: RegExp) => {
					const answer = await visitor.command(id, wish);
					assert.equal(answer.status, 409, answer.text);
					assert.match(answer.json.message, words);
				};
				await refused({type: 'pause'}, /^the run is over: completed$/);
				await refused({type: 'resume'}, /^the run is over: completed$/);
				await refused({type: 'stop', cancel: true}, /^the run is over: completed$/);
				await refused({type: 'retry'}, /^no batch has failed or is held$/);
				await refused({type: 'skip', batch: 9}, /^there is no batch 9: the job has 3$/);
				assert.equal(readFacts(stateOf(desk, id)).length, before, 'what is refused leaves no trace');
				const key = {'idempotency-key': 'one'};
				const [once, twice] = [
					await visitor.command(id, {type: 'retry', batch: 3}, key),
					await visitor.command(id, {type: 'retry', batch: 3}, key),
				];
				assert.deepEqual([once.status, twice.status, twice.json], [200, 200, once.json]);
				assert.match((await visitor.command(id, {type: 'skip', batch: 3}, key)).json.message, /another command/);
				assert.equal((await get('/batches/3')).json.status, 'pending');
				assert.equal((await get('')).json.state, 'paused');
				const goOn = new RegExp(`^no program runs this job now; go on with it: mozart resume ${id}$`);
				await refused({type: 'resume'}, goOn);
				await refused({type: 'set-concurrency', concurrency: 2}, goOn);
				const form = {method: 'POST', headers: {'content-type': 'application/x-www-form-urlencoded'}};
				const sent = {...form, body: 'type=skip&batch=3&back=%2Fjobs%2Fx%3Fpage%3D2'};
				const back = await visitor.ask(`/jobs/${id}/commands`, sent);
				assert.deepEqual([back.status, back.headers.location], [303, '/jobs/x?page=2']);
				const asData = {...sent, headers: {...form.headers, accept: 'application/json'}};
				assert.match((await visitor.ask(`/jobs/${id}/commands`, asData)).json.message, /batch 3 is skipped already/);
				const away = await visitor.ask(`/jobs/${id}/commands`, {
					...form,
					body: 'type=retry&batch=3&back=//evil.example',
				});
				assert.equal(away.headers.location, '/');
			});
		}));

	it('are followed while another program runs them, and when that is gone', () =>
		withAway({script: gated, batches: 3, concurrency: 2}, async (desk, {id, pid}) => {
			await visit(desk, async visitor => {
				const line = await visitor.listen(`/api/jobs/${id}/stream`);
				const board = await visitor.listen('/api/stream');
				const {data} = await line.next('snapshot');
				assert.equal(data.job.owner.pid, pid);
				for (const batch of [1, 2])
					await line.find(`the output of ${batch}`, heard => heard.data?.text === `working on ${batch}\n`);
				const refused = async (wish: object, words: RegExp) =>
					assert.match((await visitor.command(id, wish)).json.message, words);
				await refused({type: 'resume'}, /^not paused$/);
				await refused({type: 'hold', batch: 1, attempt: 7}, /^batch 1 is at attempt 1 by now, not 7$/);
				await refused({type: 'retry', batch: 1}, /^batch 1 is running; stop its attempt first$/);
				assert.equal((await visitor.command(id, {type: 'set-concurrency', concurrency: 1})).status, 200);
				assert.equal((await visitor.command(id, {type: 'pause'})).status, 200);
				await line.find('the pause', heard => heard.data?.event?.type === 'paused');
				await refused({type: 'pause'}, /^already paused$/);
				assert.equal((await visitor.command(id, {type: 'hold', batch: 1, attempt: 1})).status, 200);
				await line.find('its end', heard => heard.data?.event?.type === 'attempt-ended');
				letGo(desk, 2);
				await line.find('the other', heard => heard.data?.event?.type === 'batch-completed');
				assert.ok(runs(pid), 'who has paused it can come back');
				await board.find('its state', ({event, data}) => event === 'job' && data.summary.completed === 1);
				process.kill(pid, 'SIGKILL');
				const gone = await line.find('that it is gone', ({event, data}) => event === 'state' && !data.job.owner);
				assert.equal(gone.data.job.state, 'interrupted');
				const seq = line.facts.at(-1) ?? 0;
				letGo(desk, 1, 3);
				assert.equal((await visitor.command(id, {type: 'retry', batch: 1})).status, 200);
				exits(await desk.mozart('resume', id), 0);
				const all = readFacts(stateOf(desk, id));
				await line.find('its end', heard => heard.data?.event?.seq === all.length);
				assert.deepEqual(
					line.facts,
					all.slice(line.facts[0]! - 1).map(fact => fact.seq),
					'every fact, once',
				);
				assert.ok(all.length > seq);
				exits(await desk.mozart('run', 'work.yaml', '--fresh'), 0);
				await line.find(
					'the new run',
					({event, data}) => event === 'snapshot' && data.job.startedAt > gone.data.job.startedAt,
				);
			});
			await eventually('its end', () => !runs(pid));
		}));
});
