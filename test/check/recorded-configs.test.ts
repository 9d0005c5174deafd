import assert from 'node:assert/strict';
import {readFile, writeFile} from 'node:fs/promises';
import {join} from 'node:path';
import {test} from 'node:test';
import {stringify} from 'yaml';
import {checkJob} from '../../source/check/check.js';
import {loadJob} from '../../source/config/load.js';
import {batchCount} from '../../source/core/batches.js';
import {brief, inFolder} from '../config/job-file.js';

type Recorded = {
	config: {backend?: object; [field: string]: unknown};
	ok: boolean;
	total_batches?: number;
	errors?: {path: string; type: string}[];
};

const recorded: Recorded[] = JSON.parse(
	await readFile(new URL('../fixtures/config/recorded-configs.json', import.meta.url), 'utf8'),
);

/** Where Mozart means to answer otherwise than was recorded: index of the case, what it says, and why. */
const differences = new Map<number, {says: RegExp | undefined; why: string}>([
	[3, {says: /batch.size is "3", in quotes/, why: 'numbers in quotes are refused'}],
	[5, {says: /batch.size is true: a whole number/, why: 'true is no number'}],
	[7, {says: /nope is not a field/, why: 'unknown keys are refused'}],
	[11, {says: /retry.jitter is "yes".*=> jitter: true/, why: 'yes is text in YAML 1.2'}],
	[13, {says: /the regular expression is not valid/, why: 'regexes are checked before the run'}],
	[21, {says: undefined, why: 'a pause may be a fraction of a second'}],
	[22, {says: /prompt needs template or template_file/, why: 'a prompt is needed'}],
	[23, {says: /prompt has both template and template_file/, why: 'exactly one template'}],
	[25, {says: /workspace is an empty text/, why: 'an empty path names nothing'}],
]);

test('configs are accepted and refused as recorded, but for the differences listed here', async () => {
	assert.equal(recorded.length, 27);
	for (const [index, {config, ok, total_batches, errors = []}] of recorded.entries()) {
		await inFolder(async folder => {
			const file = join(folder, 'job.yaml');
			// The recorded program had a default backend, which this version does not have yet.
			const backend = {type: 'command', command: ['node'], ...config.backend};
			await writeFile(file, stringify({...config, backend}));
			const loaded = await loadJob(file);
			const found = (await checkJob(loaded)).filter(({severity}) => severity === 'error');
			const said = found.map(brief).join('\n');
			const about = `case ${index}: ${JSON.stringify(config)}\n${said}`;
			const difference = differences.get(index);
			if (difference) {
				assert.notEqual(difference.why, '');
				if (difference.says) assert.match(said, difference.says, about);
				assert.equal(found.length, difference.says === undefined ? 0 : index === 3 ? 2 : 1, about);
				return;
			}
			assert.equal(found.length === 0, ok, about);
			const lines = found.map(({line}) => line);
			for (const {path} of errors) {
				const {line} = loaded.document.placeOf(path.split('.').map(step => (/^\d+$/.test(step) ? Number(step) : step)));
				assert.ok(lines.includes(line), `${about}\nnothing is said on line ${line} about ${path}`);
			}
			if (total_batches !== undefined) {
				const batch = loaded.job?.batch;
				assert.ok(batch?.total_items, about);
				const cut = {size: batch.size, totalItems: batch.total_items, startItem: batch.start_item};
				assert.equal(batchCount(cut), total_batches);
			}
		});
	}
});

test('no listed difference is without its case', () => {
	for (const index of differences.keys()) assert.ok(recorded[index], String(index));
});
