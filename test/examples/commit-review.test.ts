import assert from 'node:assert/strict';
import {execFileSync} from 'node:child_process';
import {cpSync, mkdtempSync, readdirSync, readFileSync, realpathSync, rmSync, writeFileSync} from 'node:fs';
import {tmpdir} from 'node:os';
import path from 'node:path';
import {after, afterEach, before, beforeEach, describe, it} from 'node:test';
import {baselineOf, examples, type Facts, judge, quoted, readJob, renderPrompt, runScript} from './example.js';
import {gitEnv, lines, SmallRepository} from './small-repository.js';

const job = readJob('commit-review');
const temporary = (name: string) => mkdtempSync(path.join(tmpdir(), `mozart-${name}-`));

type Batch = {repository: string; workspace: string; hashes: string[]; number?: number; total?: number; first?: number};

const factsOf = ({repository, workspace, hashes, number = 1, total = 1, first = 1}: Batch): Facts => ({
	repository,
	workspace,
	batch_num: number,
	total_batches: total,
	start_item: first,
	end_item: first + hashes.length - 1,
	items: hashes,
});
const review = (batch: Batch, env: NodeJS.ProcessEnv = {}) =>
	runScript('commit-review/review.mjs', {input: renderPrompt(job, factsOf(batch)), env});
const check = ({repository, workspace, hashes, number = 1}: Batch) =>
	runScript('commit-review/check.mjs', {cwd: workspace, args: [repository, String(number), hashes.join(', ')]});

/** The cells of each table row of a file, by the row's first cell. */
function rowsOf(workspace: string, file: string): Map<string, string[]> {
	const rows = readFileSync(path.join(workspace, file), 'utf8').matchAll(/^\| (.*) \|$/gm);
	return new Map([...rows].map(([, row = '']) => row.split(' | ')).map(cells => [cells[0] ?? '', cells.slice(1)]));
}

/** Counted here in another way than by the scripts: one `git show` a commit, its numbers added up. */
function countedByGit(repository: string, hash: string) {
	const output = execFileSync(
		'git',
		['-C', repository, 'show', '--format=', '--numstat', '-M', '--no-diff-merges', hash],
		{
			encoding: 'utf8',
			env: gitEnv,
		},
	);
	const rows = output
		.split('\n')
		.filter(Boolean)
		.map(line => line.split('\t'));
	const sum = (column: number) => rows.reduce((total, row) => total + (Number(row[column]) || 0), 0);
	return {files: rows.length, added: sum(0), deleted: sum(1), binary: rows.filter(row => row[0] === '-').length};
}

const longSubject = `Adds tokens | closes #12 and \`more\`, ${'and more, '.repeat(6)}all`;

function fill(repository: SmallRepository): void {
	repository.write('source/engine.ts', lines(20));
	repository.write('test/engine.test.ts', lines(10));
	repository.write('logo.png', new Uint8Array([0, 1, 2, 0]));
	repository.commit('Begin with an engine\n\nIt does nothing yet.\n\nSigned-off-by: Ada <ada@example.org>\n');
	repository.git('mv', 'source/engine.ts', 'source/größe | a_b.ts');
	repository.commit('Größere Dateien umbenannt.');
	repository.commit('');
	repository.write('source/auth/token.ts', lines(450));
	repository.write('package-lock.json', lines(5));
	repository.commit(longSubject);
	repository.git('rm', '-q', 'test/engine.test.ts');
	repository.commit('fix(test)!: drop a test (GH-7)\nwithout an empty line');
	repository.git('checkout', '-q', '-b', 'side', 'HEAD~1');
	repository.write('docs/a\tb.md', lines(3));
	repository.commit('Write docs');
	repository.git('checkout', '-q', 'main');
	repository.write('source/größe | a_b.ts', lines(18));
	repository.commit('Shorten the engine');
	repository.git('merge', '-q', '--no-ff', '-m', "Merge branch 'side'", 'side');
}

describe('the script of commit-review.yaml', () => {
	const repository = new SmallRepository();
	let hashes: string[];
	let workspace: string;
	let batch: Batch;

	before(() => {
		fill(repository);
		hashes = repository.hashes();
	});
	after(() => repository.remove());
	beforeEach(() => {
		workspace = temporary('review');
		batch = {repository: repository.folder, workspace, hashes};
	});
	afterEach(() => rmSync(workspace, {recursive: true, force: true}));

	const reviewed = (one: Batch = batch) => {
		const {status, stdout, stderr} = review(one);
		assert.equal(stderr, '');
		assert.equal(status, 0);
		return stdout;
	};
	const read = (file: string) => readFileSync(path.join(workspace, file), 'utf8');
	const bySubject = (subject: string) => {
		const hash = repository.git('log', '--fixed-strings', `--grep=${subject}`, '--abbrev=12', '--format=%h').trim();
		assert.match(hash, /^[0-9a-f]{12}$/);
		return hash;
	};

	it('writes the numbers of lines and files that git counts, commit by commit and in all', () => {
		reviewed();
		const size = rowsOf(workspace, 'reports/batch-1-size.md');
		const risk = rowsOf(workspace, 'reports/batch-1-risk.md');
		const totals = {files: 0, added: 0, deleted: 0, binary: 0};
		for (const hash of hashes) {
			const counted = countedByGit(repository.folder, hash);
			const {files, added, deleted, binary} = counted;
			assert.deepEqual(size.get(hash)?.slice(0, 4).map(Number), [files, added, deleted, binary], hash);
			assert.deepEqual(risk.get(hash)?.slice(2, 5).map(Number), [files, added, deleted], hash);
			for (const name of ['files', 'added', 'deleted', 'binary'] as const) totals[name] += counted[name];
		}
		assert.deepEqual(Object.values(totals), [9, 488, 12, 1], 'as the test made them');
		assert.deepEqual(size.get('total')?.slice(0, 5).map(Number), [9, 488, 12, 1, 1]);
	});

	it('names the reasons for a risk', () => {
		reviewed();
		const risk = rowsOf(workspace, 'reports/batch-1-risk.md');
		const of = (subject: string) => {
			const [points, level, , , , why] = risk.get(bySubject(subject)) ?? [];
			return `${points} ${level}: ${why}`;
		};
		assert.equal(of('Begin with an engine'), '1 low: 1 binary file');
		assert.equal(
			of('Adds tokens'),
			'6 high: sensitive: source/auth/token.ts; large: 450 lines; lock file: package-lock.json; 1 code file, no test',
		);
		assert.equal(of('drop a test'), '2 medium: deletes test test/engine.test.ts');
		assert.equal(of('Write docs'), '0 low: –');
		assert.equal(of('Shorten the engine'), '1 low: 1 code file, no test');
		assert.match(of('Merge branch'), /^0 low: merge/);
	});

	it('measures the messages', () => {
		reviewed();
		const messages = rowsOf(workspace, 'reports/batch-1-messages.md');
		const of = (hash: string | undefined) =>
			messages
				.get(hash ?? '')
				?.slice(0, 6)
				.join(' · ');
		assert.equal(of(bySubject('Begin with')), '20 · yes · no · 1 · 0 · –');
		assert.equal(of(bySubject('Größere')), '26 · ? · yes · 0 · 0 · subject ends with a period');
		assert.equal(of(hashes[2]), '0 · ? · no · 0 · 0 · has no subject');
		assert.equal(
			of(bySubject('Adds tokens')),
			`100 · no · no · 0 · 1 · subject is 100 characters long; subject is no command; no body for 455 lines`,
		);
		assert.equal(of(bySubject('drop a test')), '30 · yes · no · 1 · 1 · no empty line after the subject');
		assert.equal(of(bySubject('Write docs')), '10 · yes · no · 0 · 0 · –');
	});

	it('finds the files that several commits touch, under the name they have now', () => {
		reviewed();
		assert.deepEqual(rowsOf(workspace, 'reports/batch-1-size.md').get('source/größe \\| a\\_b.ts'), ['2', '2']);
		const {hotspots} = JSON.parse(read('hotspots.json'));
		assert.deepEqual(hotspots[0], {path: 'test/engine.test.ts', commits: 2, lines: 20});
		assert.deepEqual(hotspots[1], {path: 'source/größe | a_b.ts', commits: 2, lines: 2});
		const paths = hotspots.map((spot: {path: string}) => spot.path);
		assert.ok(paths.includes('docs/a\tb.md'), 'a file name is kept as it is');
	});

	it('satisfies every rule of the job file, the first time and when it is done once more', async () => {
		const folder = temporary('job');
		try {
			for (const name of ['commit-review', 'commit-review.yaml'])
				cpSync(path.join(examples, name), path.join(folder, name), {recursive: true});
			const inside = {...batch, workspace: path.join(folder, job.workspace)};
			for (let time = 1; time <= 2; time++) {
				const baseline = await baselineOf(job, factsOf(inside), path.join(folder, 'snapshots'));
				reviewed(inside);
				assert.deepEqual(await judge(job, factsOf(inside), baseline), {passed: 11, failed: []});
			}
		} finally {
			rmSync(folder, {recursive: true, force: true});
		}
	});

	it('leaves nothing but its results in the workspace', () => {
		reviewed();
		const files = readdirSync(workspace, {recursive: true}).map(String).sort();
		const reports = ['messages', 'risk', 'size'].map(name => path.join('reports', `batch-1-${name}.md`));
		assert.deepEqual(files, ['TRACKER.md', 'hotspots.json', 'reports', ...reports]);
	});

	it('keeps one row a batch in the tracker, whatever is done twice, and a sum of all', () => {
		const first = {...batch, hashes: hashes.slice(0, 5), total: 2};
		const second = {...batch, hashes: hashes.slice(5), number: 2, total: 2, first: 6};
		reviewed(first);
		const early = rowsOf(workspace, 'TRACKER.md').get('1');
		assert.deepEqual(early?.slice(0, -1), ['1 to 5', '7', '485', '10', '1', '4']);
		reviewed(second);
		const all = rowsOf(workspace, 'TRACKER.md').get('all');
		assert.deepEqual(all?.slice(0, 6), [String(hashes.length), '9', '488', '12', '1', '4']);
		const {hotspots} = JSON.parse(read('hotspots.json'));

		reviewed(first);
		const again = rowsOf(workspace, 'TRACKER.md');
		assert.deepEqual([...again.keys()].slice(2), ['1', '2', 'all']);
		assert.deepEqual(again.get('1')?.slice(0, -1), early?.slice(0, -1));
		assert.notEqual(again.get('1')?.at(-1), early?.at(-1), 'the time of the review is new');
		assert.deepEqual(again.get('all'), all);
		assert.deepEqual(JSON.parse(read('hotspots.json')).hotspots, hotspots);
	});

	it('drops rows of an earlier run that was cut in another way, or was about another repository', () => {
		reviewed({...batch, hashes: hashes.slice(0, 2), total: 4});
		reviewed({...batch, hashes: hashes.slice(2, 4), number: 2, total: 4, first: 3});
		reviewed({...batch, hashes: hashes.slice(0, 4), total: 2});
		assert.deepEqual([...rowsOf(workspace, 'TRACKER.md').keys()].slice(2), ['1', 'all']);
		reviewed({...batch, hashes: hashes.slice(4, 6), total: 2, first: 5});
		assert.equal(rowsOf(workspace, 'TRACKER.md').get('all')?.[0], '2');

		const other = new SmallRepository();
		try {
			other.commit('Begin');
			reviewed({...batch, repository: other.folder, hashes: other.hashes(), number: 2, total: 2, first: 2});
			assert.deepEqual([...rowsOf(workspace, 'TRACKER.md').keys()].slice(2), ['2', 'all']);
			assert.equal(JSON.parse(read('hotspots.json')).batches.length, 1);
		} finally {
			other.remove();
		}
	});

	it('writes the same reports when it is asked again by a prompt that quotes the task', () => {
		reviewed();
		const before = read('reports/batch-1-risk.md');
		rmSync(path.join(workspace, 'reports'), {recursive: true});
		const {status} = runScript('commit-review/review.mjs', {input: quoted(renderPrompt(job, factsOf(batch)))});
		assert.equal(status, 0);
		assert.equal(read('reports/batch-1-risk.md'), before);
	});

	it('has a prompt that fits whole into a completion prompt', () => {
		const ten = Array.from({length: 10}, (_, index) => `${index}`.repeat(12));
		const long = {repository: '/home/a/rather/long/path/to/some/repository', workspace: `/home/${'w'.repeat(80)}`};
		const facts = factsOf({...long, hashes: ten, number: 55, total: 56, first: 541});
		assert.ok(renderPrompt(job, facts).length < 2900);
	});

	it('looks at the repository it was given, whatever git variables it inherits', () => {
		const env = {GIT_DIR: '/nowhere', GIT_INDEX_FILE: '/nowhere/index'};
		assert.equal(review(batch, env).status, 0);
	});

	describe('in a shallow clone', () => {
		it('counts nothing for the commit whose parent is missing, and says so', () => {
			const clone = temporary('shallow');
			try {
				const source = `file://${repository.folder}`;
				execFileSync('git', ['clone', '-q', '--depth', '2', '--branch', 'side', source, clone], {env: gitEnv});
				const log = ['-C', clone, 'log', '--reverse', '--abbrev=12', '--format=%h'];
				const two = execFileSync('git', log, {encoding: 'utf8', env: gitEnv}).trim().split('\n');
				const shallow = {repository: clone, workspace, hashes: two};
				reviewed(shallow);
				const [edge = '', tip = ''] = two;
				const size = rowsOf(workspace, 'reports/batch-1-size.md');
				assert.deepEqual(size.get(edge)?.slice(0, 6), ['0', '0', '0', '0', '0', 'unknown: shallow clone']);
				assert.deepEqual(size.get(tip)?.slice(0, 3), ['1', '3', '0']);
				assert.equal(rowsOf(workspace, 'reports/batch-1-risk.md').get(edge)?.[1], 'unknown');
				assert.equal(check(shallow).status, 0);
			} finally {
				rmSync(clone, {recursive: true, force: true});
			}
		});
	});

	describe('its check against git', () => {
		it('passes after a review', () => {
			reviewed();
			const {status, stdout} = check(batch);
			assert.equal(stdout, `Batch 1: ${hashes.length} commits, reports and tracker agree with git.\n`);
			assert.equal(status, 0);
		});

		it('names a number that git does not confirm', () => {
			reviewed();
			writeFileSync(path.join(workspace, 'TRACKER.md'), read('TRACKER.md').replaceAll('| 488 |', '| 489 |'));
			const {status, stderr} = check(batch);
			assert.equal(status, 1);
			assert.equal(stderr, 'TRACKER.md says 489 added for batch 1; git says 488.\n');
		});

		it('names missing rows, reports and batches, all in one go', () => {
			reviewed();
			rmSync(path.join(workspace, 'reports/batch-1-size.md'));
			const risk = read('reports/batch-1-risk.md');
			writeFileSync(
				path.join(workspace, 'reports/batch-1-risk.md'),
				risk.replace(`| ${hashes[3]} |`, '| ffffffffffff |'),
			);
			writeFileSync(path.join(workspace, 'TRACKER.md'), '# Empty\n');
			assert.deepEqual(check(batch).stderr.trim().split('\n'), [
				`reports/batch-1-risk.md has no row of evidence for commit ${hashes[3]}.`,
				'reports/batch-1-risk.md has a row for ffffffffffff that it should not have.',
				'reports/batch-1-size.md is missing.',
				`TRACKER.md has no row for batch 1 of ${realpathSync(repository.folder)}.`,
			]);
		});
	});

	describe('when it cannot review', () => {
		const sentence = (one: Batch, env: NodeJS.ProcessEnv = {}) => {
			const {status, stdout, stderr} = review(one, env);
			assert.equal(status, 1);
			assert.equal(stdout, '');
			assert.deepEqual(readdirSync(workspace), [], 'nothing is written');
			return stderr;
		};

		it('says that a folder is no repository, or is not there', () => {
			// A folder inside nobody's repository: the temporary one, with git told not to look above it.
			const env = {GIT_CEILING_DIRECTORIES: path.dirname(realpathSync(workspace))};
			const mend = 'is not a git repository. Name one with --set prompt.variables.repository=FOLDER.\n';
			assert.equal(sentence({...batch, repository: workspace}, env), `${workspace} ${mend}`);
			const missing = path.join(workspace, 'missing');
			assert.equal(sentence({...batch, repository: missing}), `${missing} ${mend}`);
		});

		it('says that a repository has no commits', () => {
			const empty = new SmallRepository();
			try {
				assert.equal(
					sentence({...batch, repository: empty.folder}),
					`The repository ${empty.folder} has no commits yet, so there is nothing to review.\n`,
				);
			} finally {
				empty.remove();
			}
		});

		it('names a commit that the repository does not have', () => {
			for (const unknown of ['abcdef012345', 'abcdef0123456789abcdef0123456789abcdef01']) {
				assert.equal(
					sentence({...batch, hashes: [unknown]}),
					`The repository ${repository.folder} has no commit ${unknown}. Was it rewritten? Run again with --fresh.\n`,
				);
			}
		});

		it('says that git is not installed', () => {
			assert.match(sentence(batch, {PATH: workspace}), /^The program git was not found\./);
		});

		it('refuses a prompt that was cut short, or is another one', () => {
			const whole = renderPrompt(job, factsOf(batch));
			const cut = whole.slice(0, whole.indexOf(hashes[4] ?? ''));
			const run = (input: string) => runScript('commit-review/review.mjs', {input}).stderr;
			assert.equal(run(cut), `The prompt speaks of ${hashes.length} commits and lists 4. Was it cut short?\n`);
			assert.equal(run('Hello'), 'The prompt has no line "Repository: …" that says what to review.\n');
		});
	});
});
