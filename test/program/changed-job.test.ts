import assert from 'node:assert/strict';
import {readdirSync} from 'node:fs';
import {describe, it} from 'node:test';
import {done, linesOf, readFacts, replay, stateOf, writeJob} from './jobs.js';
import {type Desk, exits, withDesk} from './program.js';

/** Notes which batch ran with which items. */
const command = [
	'sh',
	'-c',
	`echo "$1: $3-$4" >> starts; ${done}`,
	'sh',
	'{batch_num}',
	'{workspace}',
	'{start_item}',
	'{end_item}',
];
const starts = (desk: Desk) => linesOf(desk.at('starts'));
const sized = (size: number, total: number) => ({batch: {size, total_items: total}});

function theState(desk: Desk): string {
	const [id = ''] = readdirSync(desk.at('workspace/.mozart')).filter(name => !name.startsWith('.'));
	return stateOf(desk, id);
}

describe('a job whose file has changed', {concurrency: 4}, () => {
	it('keeps its done batches and cuts the rest anew when the size changes', () =>
		withDesk(async desk => {
			writeJob(desk, {command, more: sized(2, 10)});
			exits(await desk.mozart('run', 'work.yaml', '--batches', '1-2'), 0);
			writeJob(desk, {command, more: sized(3, 10)});
			const {stdout, stderr} = exits(await desk.mozart('run', 'work.yaml'), 0);
			assert.equal(stderr, 'Changed since the last run: batch.size: 2 -> 3\n');
			assert.match(stdout, /the job has changed: 4 batches in all/);
			assert.deepEqual(starts(desk), ['1: 1-2', '2: 3-4', '3: 5-7', '4: 8-10']);
			assert.equal(exits(await desk.mozart('run', 'work.yaml'), 0).stderr, '', 'it is told once');
		}));

	it('makes new batches of new items, and never changes the range of a done one', () =>
		withDesk(async desk => {
			const more = {batch: {size: 2, items: {file: 'items'}}};
			desk.write('items', 'a\nb\nc\n');
			writeJob(desk, {command, more});
			exits(await desk.mozart('run', 'work.yaml'), 0);
			desk.write('items', 'new\na\nb\nc\nnewer\nnewest\n');
			const {stderr} = exits(await desk.mozart('run', 'work.yaml'), 0);
			assert.equal(stderr, 'Changed since the last run: 3 new items (3 -> 6)\n');
			assert.deepEqual(starts(desk), ['1: 1-2', '2: 3-3', '3: 4-5', '4: 6-6']);
			assert.deepEqual(replay(readFacts(theState(desk))).items, ['a', 'b', 'c', 'new', 'newer', 'newest']);
			desk.write('items', 'one more\n');
			exits(await desk.mozart('resume', 'work.yaml'), 0);
			assert.equal(starts(desk).length, 4, 'resume looks for no new items');
		}));

	it('skips what lies behind the last item when the total shrinks, and takes it up when it grows again', () =>
		withDesk(async desk => {
			const picky = [
				...command.slice(0, 2),
				`[ "$1" != 5 ] || [ -e mended ] || exit 1; ${command[2]}`,
				...command.slice(3),
			];
			writeJob(desk, {command: picky, more: sized(1, 6)});
			exits(await desk.mozart('run', 'work.yaml', '--batches', '1,5'), 1);
			writeJob(desk, {command: picky, more: sized(1, 2)});
			const less = exits(await desk.mozart('run', 'work.yaml'), 0);
			assert.equal(
				less.stderr,
				'Changed since the last run: batch.total_items: 6 -> 2\nBehind the last item now, and skipped: batch 3, 4, 5.\n',
			);
			assert.deepEqual(starts(desk), ['1: 1-1', '2: 2-2']);
			assert.match(less.stdout, /work: completed · 2\/5 completed · 3 skipped/);
			desk.write('mended', '');
			writeJob(desk, {command: picky, more: sized(1, 6)});
			exits(await desk.mozart('run', 'work.yaml'), 0);
			assert.deepEqual(starts(desk).slice(2), ['3: 3-3', '4: 4-4', '5: 5-5', '6: 6-6']);
		}));

	it('says that a template or a rule is another one, and goes on by it', () =>
		withDesk(async desk => {
			desk.write('prompt.md', 'Do {{ batch_num }}.');
			const command = [
				'sh',
				'-c',
				'cat >> prompts; echo >> prompts; mkdir -p "$2/out"; : > "$2/out/$1"; : > "$2/$1"',
				'sh',
				'{batch_num}',
				'{workspace}',
			];
			const more = {prompt: {template_file: 'prompt.md'}};
			writeJob(desk, {command, batches: 2, more});
			exits(await desk.mozart('run', 'work.yaml', '--batches', '1'), 0);
			desk.write('prompt.md', 'Do {{ batch_num }} well.');
			writeJob(desk, {command, batches: 2, more, rules: [{type: 'file_exists', path: '{batch_num}'}]});
			const {stderr} = exits(await desk.mozart('resume', 'work.yaml'), 0);
			assert.match(stderr, /^Changed since the last run: validations: .*out.* -> .*$/m);
			assert.match(stderr, /^Changed since the last run: the prompt template’s text has changed$/m);
			assert.deepEqual(linesOf(desk.at('prompts')), ['Do 1.', 'Do 2 well.']);
		}));

	it('is refused while it has mistakes, and its state stays as it is', () =>
		withDesk(async desk => {
			writeJob(desk, {command, batches: 2});
			exits(await desk.mozart('run', 'work.yaml', '--batches', '1'), 0);
			const before = readFacts(theState(desk));
			writeJob(desk, {command, more: {nmae: 'x'}});
			exits(await desk.mozart('resume', 'work.yaml'), 2);
			assert.deepEqual(readFacts(theState(desk)), before);
			writeJob(desk, {command, batches: 2});
			exits(await desk.mozart('resume', 'work.yaml'), 0);
			assert.equal(starts(desk).length, 2);
		}));
});
