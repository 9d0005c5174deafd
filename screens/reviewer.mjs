// Stands where an AI CLI would, for the page of screens: what it says and does is the same each time. `reviewer.mjs
// <batch> <workspace>` runs in the folder of the job file, and batches that are to be seen at work wait for ever.
import {appendFileSync, existsSync, mkdirSync, writeFileSync} from 'node:fs';
import {join} from 'node:path';

const [batch = '', workspace = ''] = process.argv.slice(2);
const say = line => void process.stdout.write(`${line}\n`);
const isFirst = !existsSync(`begun-${batch}`);
writeFileSync(`begun-${batch}`, '');
mkdirSync(join(workspace, 'reports'), {recursive: true});

const report = join(workspace, `reports/batch-${batch}.md`);
const findings = `# Batch ${batch}\n\n## Findings\n\n- the retry loop forgets its last error\n- two tests sleep\n`;
const track = () => appendFileSync(join(workspace, 'TRACKER.md'), `| ${batch} | reviewed | 2 findings |\n`);
const waitForEver = () => void setInterval(() => {}, 60_000);

say(`Reading the four commits of batch ${batch} …`);
switch (Number(batch)) {
	case 1:
		writeFileSync(report, findings);
		track();
		say('Two findings. The report is written, the tracker is up to date.');
		break;
	case 2:
		writeFileSync(report, isFirst ? `# Batch ${batch}\n\nAll good.\n` : findings);
		if (isFirst) track();
		say(isFirst ? 'Nothing to find here, it seems.' : 'The findings were missing: they are in the report now.');
		break;
	case 3:
		say('Error: the repository could not be reached.');
		process.exitCode = 1;
		break;
	case 4:
		for (const [file, words] of [
			['source/engine/retry.ts', 'the last error is lost when the loop ends'],
			['source/engine/clock.ts', 'fine: the clock is passed in'],
			['source/store/journal.ts', 'fine: every append is synced'],
			['test/engine/retry.test.ts', 'sleeps for 200 ms, waits for no event'],
		]) {
			say(`● ${file}`);
			say(`    ${words}`);
		}
		say('One finding so far; 2 of 4 commits are read.');
		waitForEver();
		break;
	case 5:
		say('● 日本語/README.md: the table of contents has a link that leads nowhere');
		waitForEver();
		break;
	default:
		waitForEver();
}
