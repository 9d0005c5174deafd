import assert from 'node:assert/strict';
import path from 'node:path';
import {after, before, describe, it} from 'node:test';
import {checkJob} from '../../source/check/check.js';
import {loadJob} from '../../source/config/load.js';
import {batchCount} from '../../source/core/batches.js';
import {FakeClaude, optionOf, type Play} from '../support/claude.js';
import {batchOf, Story} from '../support/story.js';
import {examples} from './example.js';

const file = path.join(examples, 'batch-review.yaml');
const experts = ['security', 'correctness', 'architecture'];

describe('batch-review.yaml', () => {
	let claude: FakeClaude;
	let story: Story;
	let workspace: string;
	before(() => {
		claude = new FakeClaude();
		story = new Story(claude.env);
		workspace = path.join(story.folder, 'results');
	});
	after(() => {
		claude.remove();
		story.remove();
	});

	const report = (verdict: string) =>
		`Verdict: ${verdict}\n\n## Findings\n\nNone.\n\n## Commit by commit\n\n| hash | meant | else |\n|---|---|---|\n| 1a2b3c4 | x | y |\n`;
	const reports = (batch: number, names = experts) =>
		Object.fromEntries(names.map(name => [`${workspace}/reports/batch-${batch}-${name}.md`, report('clear')]));
	const trackers = (batch: number) => ({
		[`${workspace}/FINDINGS.md`]: `## Batch ${batch}: commits ${batch * 10 - 9} to ${batch * 10}\n\n- none\n\n`,
		[`${workspace}/PROGRESS.md`]: `| ${batch} | ${batch * 10 - 9}-${batch * 10} | clear | clear | clear |\n`,
	});

	it('is valid, without Claude Code, and cuts 552 commits into 56 batches', async () => {
		const loaded = await loadJob(file);
		const found = (await checkJob(loaded)).filter(({severity}) => severity === 'error');
		assert.deepEqual(found, []);
		const {job} = loaded;
		assert.ok(job);
		assert.equal(job.backend.type, 'claude_cli');
		const {size, total_items: totalItems = 0, start_item: startItem} = job.batch;
		assert.equal(batchCount({size, totalItems, startItem}), 56);
	});

	it('does two batches, the second with a completion in the session of its first attempt', async () => {
		const plays: Play[] = [
			{write: reports(1), append: trackers(1)},
			{write: reports(2, ['security', 'architecture']), append: trackers(2)},
			{write: reports(2, ['correctness'])},
		];
		claude.plays(plays);
		const repository = path.join(story.folder, 'orders');
		const sets = [`workspace=${workspace}`, `prompt.variables.repository=${repository}`];
		const ended = await story.run(file, {sets, selection: [[1, 2]]});
		const [first, second] = [batchOf(ended, 1), batchOf(ended, 2)];
		assert.deepEqual([first.status, second.status, batchOf(ended, 3).status], ['completed', 'completed', 'pending']);
		assert.deepEqual([first.attempt, second.attempt, second.completions], [1, 2, 1]);

		const [one, two, three, ...more] = claude.calls();
		assert.ok(one && two && three);
		assert.deepEqual(more, []);
		assert.equal(one.cwd, examples);
		assert.ok(one.argv.includes('--dangerously-skip-permissions'));
		assert.match(one.prompt, /commits\n1 to 10, counted from the oldest\. This is batch 1 of 56\./);
		assert.match(two.prompt, /sed -n '11,20p'/);
		assert.match(
			two.prompt,
			/2\. batch-2-correctness\.md, as a maintainer who has to fix it at three in the morning\. Look at edge cases/,
		);
		assert.ok(two.prompt.includes('on-call duty') && two.prompt.includes('read the whole diff'));
		assert.ok(two.prompt.includes(repository) && two.prompt.includes(workspace));
		assert.equal(optionOf(three, '--resume'), optionOf(two, '--session-id'));
		assert.match(three.prompt, /The correctness report is there/);
		assert.doesNotMatch(three.prompt, /on-call duty/);
	});
});
