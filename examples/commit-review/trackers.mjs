import {existsSync, readFileSync} from 'node:fs';
import path from 'node:path';
import {atomicWrite} from './atomic-write.mjs';
import {totalsOf} from './commits.mjs';
import {table} from './markdown.mjs';
import {messageOf} from './messages.mjs';
import {riskOf} from './risk.mjs';
import {byTouches, churnOf} from './size.mjs';

const shown = 20;
const heads = ['batch', 'commits', 'files', 'added', 'deleted', 'high risk', 'messages to mend', 'reviewed'];

/**
 * Rows of other batches that still hold. Gone are those of this batch, of batches beyond the last, and those whose
 * commits overlap with this batch's, which an earlier run with another batch size has left.
 */
const stillTrue = (rows, batch) =>
	rows.filter(row => row.batch !== batch.number && row.batch <= batch.total && !overlap(row, batch));
const overlap = (row, batch) => row.first <= batch.last && row.last >= batch.first;

/** The rows of TRACKER.md; none when there is no such file or when it is about another repository. */
export function readTracker(file, repository) {
	if (!existsSync(file)) return [];
	const text = readFileSync(file, 'utf8');
	if (!text.includes(`\nRepository: ${repository}\n`)) return [];
	return [
		...text.matchAll(/^\| (\d+) \| (\d+) to (\d+) \| (\d+) \| (\d+) \| (\d+) \| (\d+) \| (\d+) \| (\S+) \|$/gm),
	].map(([, ...cells]) => {
		const [batch, first, last, files, added, deleted, high, mend] = cells.map(Number);
		return {batch, first, last, files, added, deleted, high, mend, reviewed: cells[8]};
	});
}

/** Puts the row of this batch into TRACKER.md, in place of an earlier one, and sums up anew. */
export function updateTracker({repository, workspace, batch, commits, now}) {
	const file = path.join(workspace, 'TRACKER.md');
	const {files, added, deleted} = totalsOf(commits);
	const high = commits.filter(commit => riskOf(commit).level === 'high').length;
	const mend = commits.filter(commit => messageOf(commit).findings.length > 0).length;
	const row = {
		...{batch: batch.number, first: batch.first, last: batch.last},
		...{files, added, deleted, high, mend, reviewed: now.toISOString()},
	};
	const rows = [...stillTrue(readTracker(file, repository), batch), row].sort((a, b) => a.batch - b.batch);
	const sum = name => rows.reduce((total, each) => total + each[name], 0);
	const lines = rows.map(each => [
		...[each.batch, `${each.first} to ${each.last}`, each.files, each.added, each.deleted],
		...[each.high, each.mend, each.reviewed],
	]);
	const all = ['all', `${sum('last') - sum('first') + rows.length}`];
	const totals = [...all, sum('files'), sum('added'), sum('deleted'), sum('high'), sum('mend'), ''];
	atomicWrite(
		file,
		['# Commit review', `Repository: ${repository}`, table(heads, [...lines, totals]), ''].join('\n\n').trimEnd() +
			'\n',
	);
}

/** The counts kept in hotspots.json, one entry a batch; none when they are damaged or of another repository. */
function readHotspots(file, repository) {
	if (!existsSync(file)) return [];
	try {
		const kept = JSON.parse(readFileSync(file, 'utf8'));
		return kept.repository === repository && Array.isArray(kept.batches) ? kept.batches : [];
	} catch {
		return [];
	}
}

/** Puts this batch's counts into hotspots.json, in place of earlier ones, and finds the files touched most so far. */
export function updateHotspots({repository, workspace, batch, commits, now}) {
	const file = path.join(workspace, 'hotspots.json');
	const counts = churnOf(commits);
	const own = {batch: batch.number, first: batch.first, last: batch.last, files: counts};
	const batches = [...stillTrue(readHotspots(file, repository), batch), own].sort((a, b) => a.batch - b.batch);

	const sums = new Map();
	for (const each of batches.flatMap(({files}) => files)) {
		const before = sums.get(each.path) ?? {commits: 0, lines: 0};
		sums.set(each.path, {commits: before.commits + each.commits, lines: before.lines + each.lines});
	}
	const hotspots = [...sums].map(([path, count]) => ({path, ...count})).sort(byTouches);
	const content = {repository, updated: now.toISOString(), hotspots: hotspots.slice(0, shown), batches};
	atomicWrite(file, `${JSON.stringify(content, undefined, '\t')}\n`);
}
