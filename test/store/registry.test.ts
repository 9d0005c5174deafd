import assert from 'node:assert/strict';
import {existsSync, mkdirSync, readdirSync, realpathSync, statSync, symlinkSync, writeFileSync} from 'node:fs';
import {join} from 'node:path';
import {type TestContext, test} from 'node:test';
import {jobId} from '../../source/store/job-id.js';
import {type Entry, findJob, listJobs, register, registryFolder} from '../../source/store/registry.js';
import {readOnlyFolder, scratch} from './scratch.js';

const setUp = async (t: TestContext, ids: string[] = []) => {
	const home = scratch(t);
	const folder = join(home, 'state', 'mozart', 'jobs');
	const note = async (id: string, change: Partial<Entry> = {}) => {
		const entry: Entry = {
			id,
			name: `name of ${id}`,
			file: join(home, `${id}.yaml`),
			workspace: join(home, id),
			state: 'running',
			sets: ['a.b=1'],
			updatedAt: 5,
			...change,
		};
		mkdirSync(join(entry.workspace, '.mozart', id), {recursive: true});
		assert.equal(await register(folder, entry), undefined);
		return entry;
	};
	for (const id of ids) await note(id);
	return {home, folder, note};
};

const found = async (folder: string, ref: string, cwd?: string) => {
	const result = await findJob(folder, ref, cwd);
	return 'job' in result ? result.job.id : result.error;
};

test('a job is noted in a private file of its own, and noted again in its place', async t => {
	const {folder, note} = await setUp(t, ['hello-1']);
	const entry = await note('hello-1', {state: 'done', updatedAt: 9});
	assert.deepEqual(readdirSync(folder), ['hello-1.json']);
	assert.equal(statSync(join(folder, 'hello-1.json')).mode & 0o777, 0o600);
	assert.deepEqual(await listJobs(folder), {jobs: [{...entry, missing: false}], skipped: []});
});

test('the list shows the last noted first, marks jobs whose state is gone, and tells entries it skips', async t => {
	const {folder, note} = await setUp(t, ['a-1']);
	await note('b-2', {updatedAt: 8});
	writeFileSync(join(folder, 'c-3.json'), '{"format":1');
	writeFileSync(join(folder, 'd-4.json'), '{"format":2,"id":"d-4"}');
	await register(folder, {...(await note('e-5')), updatedAt: 7, workspace: '/nowhere/at/all'});
	const {jobs, skipped} = await listJobs(folder);
	assert.deepEqual(
		jobs.map(job => [job.id, job.missing]),
		[
			['b-2', false],
			['e-5', true],
			['a-1', false],
		],
	);
	assert.deepEqual(skipped.map(one => one.file.slice(-8)).sort(), ['c-3.json', 'd-4.json']);
	assert.match(skipped.map(one => one.problem).join('; '), /not JSON/);
	assert.equal(existsSync(join(folder, 'e-5.json')), true);
	assert.deepEqual(await listJobs(join(folder, 'none')), {jobs: [], skipped: []});
});

test('a job is found by its id, a prefix that only it has, or its file', async t => {
	const {home, folder, note} = await setUp(t, ['hello-12', 'hello-13', 'hello-1']);
	const file = join(home, 'job.yaml');
	writeFileSync(file, '');
	symlinkSync(file, join(home, 'link.yaml'));
	await note('other-7', {file: realpathSync(file)});
	assert.equal(await found(folder, 'hello-1'), 'hello-1', 'an exact id is no prefix');
	assert.equal(await found(folder, 'hello-12'), 'hello-12');
	assert.equal(await found(folder, 'oth'), 'other-7');
	assert.equal(await found(folder, file), 'other-7');
	assert.equal(await found(folder, './job.yaml', home), 'other-7');
	assert.equal(await found(folder, 'link.yaml', home), 'other-7');
	assert.equal(await found(folder, join(home, 'hello-12.yaml')), 'hello-12', 'also when the file is gone');
	assert.equal(await found(folder, 'hello'), 'ambiguous');
	assert.equal(await found(folder, ''), 'unknown');
	assert.equal(await found(folder, 'nope'), 'unknown');
});

test('one file with several workspaces is ambiguous and lists them; an unknown name gets a hint', async t => {
	const {home, folder, note} = await setUp(t);
	const file = join(home, 'job.yaml');
	writeFileSync(file, '');
	await note('job-a', {file});
	await note('job-b', {file, updatedAt: 6});
	const both = await findJob(folder, file);
	assert.ok('error' in both);
	assert.deepEqual(
		both.candidates.map(job => job.id),
		['job-b', 'job-a'],
	);
	assert.ok(both.message.includes(`job-b  (${join(home, 'job-b')})`), both.message);
	const unknown = await findJob(folder, 'ob-a');
	assert.ok('error' in unknown);
	assert.match(unknown.message, /No job is known as “ob-a”. Did you mean:\n {2}job-a /);
});

test('a registry that cannot be written gives a warning and throws nothing', async t => {
	const {folder, note} = await setUp(t);
	const entry = await note('a-1');
	const blocked = await register(join(folder, 'a-1.json'), entry);
	assert.match(blocked?.message ?? '', /cannot be noted in .*\(E[A-Z]+\).*name it by its file/);
	const readOnly = readOnlyFolder(t);
	if (readOnly) assert.equal((await register(join(readOnly, 'jobs'), entry))?.kind, 'registry-unwritable');
});

test('the registry lies in XDG_STATE_HOME when that is absolute, else below the home folder', () => {
	assert.equal(registryFolder({XDG_STATE_HOME: '/s'}, '/home/me'), '/s/mozart/jobs');
	assert.equal(registryFolder({XDG_STATE_HOME: 's'}, '/home/me'), '/home/me/.local/state/mozart/jobs');
	assert.equal(registryFolder({}, '/home/me'), '/home/me/.local/state/mozart/jobs');
});

test('a job id is readable, stable, and differs by file and workspace', () => {
	const id = jobId('/a/Commit Review (v2).yaml', '/w', 'n');
	assert.match(id, /^commit-review-v2-[0-9a-f]{8}$/);
	assert.equal(jobId('/a/Commit Review (v2).yaml', '/w', 'other'), id);
	assert.notEqual(jobId('/a/Commit Review (v2).yaml', '/x', 'n'), id);
	assert.match(jobId('/a/作業.yaml', '/w', 'Über alles'), /^uber-alles-[0-9a-f]{8}$/);
	assert.match(jobId('/a/作業.yaml', '/w', '作業'), /^job-[0-9a-f]{8}$/);
	assert.match(jobId(`/a/${'ab-'.repeat(40)}.yml`, '/w', ''), /^[a-z-]{1,40}(?<!-)-[0-9a-f]{8}$/);
});

test('a whole name means the jobs of that name, and of several those that are still there', async t => {
	const {folder, note} = await setUp(t, ['s-0000000a', 'slow-0000000b']);
	assert.equal(await found(folder, 's'), 's-0000000a');
	await note('s-0000000c');
	assert.equal(await found(folder, 's'), 'ambiguous');
});

test('a whole name is also the one that the job file says, and more than the beginning of another’s id', async t => {
	const {folder, note} = await setUp(t, ['nightly-review-0000000a']);
	await note('job-0000000b', {name: 'Nightly review'});
	await note('work-0000000c', {name: 'nightly'});
	assert.equal(await found(folder, 'Nightly review'), 'job-0000000b');
	assert.equal(await found(folder, 'nightly'), 'work-0000000c');
	assert.equal(await found(folder, 'nightly-'), 'nightly-review-0000000a');
	assert.equal(await found(folder, 'Nightly'), 'unknown', 'a part of a name is none');
	await note('work-0000000d', {name: 'nightly'});
	assert.equal(await found(folder, 'nightly'), 'ambiguous');
});
