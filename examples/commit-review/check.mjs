// Checks the reports of one batch against git, by another way than they were made: git's own summary of each commit.
// Runs in the workspace:  node check.mjs REPOSITORY BATCH HASHES

import {existsSync, readFileSync, realpathSync} from 'node:fs';
import path from 'node:path';
import {git, requireCommits, shallowBoundary} from './git.mjs';
import {ReviewError, runOrExplain} from './review-error.mjs';
import {readTracker} from './trackers.mjs';

await runOrExplain(() => {
	const [named = '', batch = '', items = ''] = process.argv.slice(2);
	const hashes = items.match(/[0-9a-f]{7,64}/g) ?? [];
	if (!/^\d+$/.test(batch) || hashes.length === 0) {
		throw new ReviewError('Usage: node check.mjs REPOSITORY BATCH HASHES');
	}
	// The job file, where a relative repository starts, lies one folder above this one.
	const folder = path.resolve(import.meta.dirname, '..', named);
	requireCommits(folder);
	const repository = realpathSync(folder);

	const wrong = [
		...['risk', 'size', 'messages'].flatMap(name => checkReport(`reports/batch-${batch}-${name}.md`, hashes)),
		...checkTracker(Number(batch), repository, hashes),
	];
	if (wrong.length > 0) throw new ReviewError(wrong.join('\n'));
	process.stdout.write(`Batch ${batch}: ${hashes.length} commits, reports and tracker agree with git.\n`);
});

/** Every commit of the batch has one row of evidence, and no other commit has. */
function checkReport(file, hashes) {
	if (!existsSync(file)) return [`${file} is missing.`];
	const rows = [...readFileSync(file, 'utf8').matchAll(/^\| ([0-9a-f]{7,64}) \|/gm)].map(([, hash]) => hash);
	const missing = hashes.filter(hash => !rows.includes(hash));
	const extra = rows.filter((hash, index) => !hashes.includes(hash) || rows.indexOf(hash) !== index);
	return [
		...missing.map(hash => `${file} has no row of evidence for commit ${hash}.`),
		...extra.map(hash => `${file} has a row for ${hash} that it should not have.`),
	];
}

function checkTracker(batch, repository, hashes) {
	const row = readTracker('TRACKER.md', repository).find(each => each.batch === batch);
	if (!row) return [`TRACKER.md has no row for batch ${batch} of ${repository}.`];
	const counted = {commits: hashes.length, ...countLines(repository, hashes)};
	const tracked = {...row, commits: row.last - row.first + 1};
	return Object.entries(counted).flatMap(([name, count]) =>
		tracked[name] === count ? [] : [`TRACKER.md says ${tracked[name]} ${name} for batch ${batch}; git says ${count}.`],
	);
}

function countLines(repository, hashes) {
	const edge = shallowBoundary(repository);
	const output = git(repository, [
		...['-c', 'log.showRoot=true', 'log', '--no-walk=unsorted', '--shortstat', '-M', '--no-relative', '--no-ext-diff'],
		...['--no-show-signature', '--format=commit %H', ...hashes, '--'],
	]);
	const stats = output.split(/^commit /m).filter(part => !edge.has(part.split('\n')[0]));
	const sum = pattern => stats.reduce((total, part) => total + Number(pattern.exec(part)?.[1] ?? 0), 0);
	return {files: sum(/(\d+) files? changed/), added: sum(/(\d+) insertion/), deleted: sum(/(\d+) deletion/)};
}
