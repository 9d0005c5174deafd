// A script in place of an AI CLI: it reads a prompt on its standard input and does what it asks for, with git and a few
// plain heuristics. No key, no network. Doing a batch again gives the same files again.

import {realpathSync} from 'node:fs';
import path from 'node:path';
import {text} from 'node:stream/consumers';
import {atomicWrite} from './atomic-write.mjs';
import {readCommits, totalsOf} from './commits.mjs';
import {requireCommits} from './git.mjs';
import {cell} from './markdown.mjs';
import {messagesReport} from './messages.mjs';
import {readPrompt} from './prompt.mjs';
import {runOrExplain} from './review-error.mjs';
import {riskOf, riskReport} from './risk.mjs';
import {sizeReport} from './size.mjs';
import {updateHotspots, updateTracker} from './trackers.mjs';

const say = line => process.stdout.write(`${line}\n`);

await runOrExplain(async () => {
	const {repository: named, workspace, batch, hashes} = readPrompt(await text(process.stdin));
	requireCommits(named);
	const repository = realpathSync(named);
	const commits = readCommits(repository, hashes);
	say(`Batch ${batch.number}: ${commits.length} commits of ${repository}`);
	for (const commit of commits) {
		const {added, deleted} = totalsOf([commit]);
		say(`  ${commit.hash}  +${added} -${deleted}  ${riskOf(commit).level} risk  ${cell(commit.subject)}`);
	}

	const write = (name, content) => {
		const file = `reports/batch-${batch.number}-${name}.md`;
		atomicWrite(path.join(workspace, file), content);
		say(`Wrote ${file}`);
	};
	write('risk', riskReport(batch, commits));
	write('size', sizeReport(batch, commits));
	write('messages', messagesReport(batch, commits));

	const review = {repository, workspace, batch, commits, now: new Date()};
	updateTracker(review);
	updateHotspots(review);
	say('Brought TRACKER.md and hotspots.json up to date');
});
