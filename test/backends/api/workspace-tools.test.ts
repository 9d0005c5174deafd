import assert from 'node:assert/strict';
import {execFileSync} from 'node:child_process';
import {chmodSync, linkSync, mkdirSync, readdirSync, statSync, symlinkSync, truncateSync} from 'node:fs';
import {describe, it} from 'node:test';
import {Place} from './workspace.js';

const lines = (count: number) => Array.from({length: count}, (_, index) => `line ${index + 1}\n`).join('');

describe('reading files', () => {
	it('gives a small file as it is', async () => {
		using place = new Place().write('notes/ä.md', 'Grüße\r\nand more');
		assert.equal(await place.done('read_file', {path: 'notes/ä.md'}), 'Grüße\r\nand more');
		assert.equal(await place.done('read_file', {path: './x/../notes//ä.md'}), 'Grüße\r\nand more');
		assert.equal(await place.done('read_file', {path: place.file('notes/ä.md')}), 'Grüße\r\nand more');
		assert.equal(await place.done('read_file', {path: 'notes/ä.md', start_line: null}), 'Grüße\r\nand more');
	});

	it('gives some lines, and says of how many', async () => {
		using place = new Place().write('a.txt', lines(10));
		const read = (start_line: unknown, end_line?: unknown) =>
			place.done('read_file', {path: 'a.txt', start_line, end_line});
		assert.equal(await read(3, 4), 'line 3\nline 4\n[Lines 3 to 4 of 10.]');
		assert.equal(await read('9'), 'line 9\nline 10\n[Lines 9 to 10 of 10.]');
		assert.equal(await read(1, 99), lines(10));
		assert.match(await place.refused('read_file', {path: 'a.txt', start_line: 11}), /a\.txt has 10 lines/);
		assert.match(await place.refused('read_file', {path: 'a.txt', start_line: 4, end_line: 3}), /before/);
	});

	it('says where to go on in a long file', async () => {
		using place = new Place().write('long.txt', lines(3_000)).write('wide.txt', `${'ä'.repeat(20_000)}\n`.repeat(3));
		const long = await place.done('read_file', {path: 'long.txt'});
		assert.match(long, /line 1000\n\[Lines 1 to 1000 of 3000\. Go on with start_line 1001\.\]$/);
		const wide = await place.done('read_file', {path: 'wide.txt', start_line: 2});
		assert.match(wide, /^ä{16384}\n\[Line 2 of 3 is too long: this is its beginning\. Go on with start_line 3\.\]$/);
		place.write('mixed.txt', `short\n${'x'.repeat(40_000)}\n`);
		const mixed = await place.done('read_file', {path: 'mixed.txt'});
		assert.equal(mixed, 'short\n[Lines 1 to 1 of 2. Go on with start_line 2.]');
	});

	it('tells what is no text kindly', async () => {
		using place = new Place()
			.write('logo.png', Buffer.from([137, 80, 78, 71, 0, 1]))
			.write('latin.txt', Buffer.from('caf\xe9', 'latin1'));
		assert.match(await place.refused('read_file', {path: 'logo.png'}), /logo\.png is no text \(6 bytes, binary\)/);
		assert.match(await place.done('read_file', {path: 'latin.txt'}), /^caf\ufffd\n\[It is not UTF-8/);
		assert.equal(await place.done('read_file', {path: place.write('empty', '').file('empty')}), '[empty is empty.]');
		// A file of a terabyte that holds nothing.
		place.write('sparse', '');
		truncateSync(place.file('sparse'), 2 ** 40);
		assert.match(await place.refused('read_file', {path: 'sparse'}), /no text \(1048576 MB, binary\)/);
	});

	it('offers the file that was meant', async () => {
		using place = new Place().write('docs/Draft.md', 'x');
		assert.match(
			await place.refused('read_file', {path: 'docs/draft.md'}),
			/does not exist\. Did you mean docs\/Draft\.md\?/,
		);
		assert.match(await place.refused('read_file', {path: 'docs/zzz'}), /does not exist\. list_files shows/);
		assert.match(await place.refused('read_file', {path: 'docs'}), /docs is a folder, not a file/);
		assert.match(await place.refused('read_file', {path: 'docs/Draft.md/x'}), /Draft\.md is a file, not a folder/);
		assert.match(await place.refused('read_file', {path: '.'}), /list_files/);
		assert.match(await place.refused('read_file', {path: '~/a'}), /~ means nothing/);
	});

	it('is never held up by a pipe, a device or a socket', async t => {
		if (process.platform === 'win32') return t.skip('there are none');
		using place = new Place();
		execFileSync('mkfifo', [place.file('pipe')]);
		assert.match(await place.refused('read_file', {path: 'pipe'}), /pipe is a named pipe, not a file/);
		assert.match(await place.refused('write_file', {path: 'pipe', content: 'x'}), /a named pipe, not a file/);
		assert.equal(await place.done('list_files', {}), 'pipe (a named pipe)');
		assert.match(await place.done('search_files', {query: 'x'}), /Nothing was found/);
		return undefined;
	});
});

describe('writing files', () => {
	it('makes folders, and keeps nothing but the file', async () => {
		using place = new Place();
		assert.match(
			await place.done('write_file', {path: 'a/b/c.md', content: 'ü'}),
			/a\/b\/c\.md is written \(2 bytes\)/,
		);
		assert.equal(place.read('a/b/c.md'), 'ü');
		assert.match(await place.done('write_file', {path: 'a/b/c.md', content: ''}), /in place of the one before/);
		assert.deepEqual(readdirSync(place.file('a/b')), ['c.md']);
	});

	it('replaces a file whole, with its mode, and leaves a hard link’s other name alone', async () => {
		using place = new Place().write('run.sh', 'old');
		chmodSync(place.file('run.sh'), 0o755);
		linkSync(place.file('run.sh'), `${place.outside}/other`);
		await place.done('write_file', {path: 'run.sh', content: 'new'});
		assert.equal(statSync(place.file('run.sh')).mode & 0o777, 0o755);
		assert.equal(place.read('../other'), 'old');
	});

	it('refuses what would be trouble', async () => {
		using place = new Place().write('fixed', 'x').write('.git/config', '');
		chmodSync(place.file('fixed'), 0o444);
		const refusal = (path: string, content = 'x') => place.refused('write_file', {path, content});
		assert.match(await refusal('fixed'), /protected against writing/);
		assert.match(await refusal('.git/hooks/x'), /In \.git files are only read/);
		assert.match(await refusal('.'), /workspace itself/);
		assert.match(await refusal('.git'), /only read/);
		assert.match(await refusal('new/'), /new\/ would be a folder/);
		assert.match(await refusal('a\nb'), /control characters/);
		assert.match(await refusal('fixed/b'), /fixed is a file, not a folder/);
		assert.match(await refusal('n'.repeat(300)), /name is too long/);
		assert.match(await refusal('big', 'x'.repeat(1024 * 1024 + 1)), /a file may have 1 MB/);
		assert.match(await refusal('a/'.repeat(99)), /more than 60 folders/);
		assert.deepEqual(readdirSync(place.root).sort(), ['.git', 'fixed']);
	});

	it('leaves no file where it is stopped', async () => {
		using place = new Place();
		const stop = new AbortController();
		const answer = place.call('write_file', {path: 'a', content: 'x'}, stop.signal);
		stop.abort();
		assert.deepEqual(await answer, {text: 'Stopped.', isError: true});
		// Calls that write wait for each other.
		await place.done('write_file', {path: 'b', content: 'x'});
		assert.deepEqual(readdirSync(place.root), ['b']);
		assert.deepEqual(await place.call('list_files', {}, stop.signal), {text: 'Stopped.', isError: true});
	});
});

describe('changing files', () => {
	it('replaces the one place that is meant', async () => {
		using place = new Place().write('a.md', '\ufeffone\ntwo $1\nthree\n');
		const input = {path: 'a.md', old_text: 'two $1\n', new_text: "$& $' two\n"};
		assert.equal(await place.done('edit_file', input), 'a.md is changed in line 2.');
		assert.equal(place.read('a.md'), "\ufeffone\n$& $' two\nthree\n");
	});

	it('asks which of several places is meant', async () => {
		using place = new Place().write('a.md', 'x\ny\nx\nx\n');
		assert.match(
			await place.refused('edit_file', {path: 'a.md', old_text: 'x\n', new_text: ''}),
			/3 times \(lines 1, 3, 4\)/,
		);
		await place.done('edit_file', {path: 'a.md', old_text: 'x\n', new_text: '', replace_all: true});
		assert.equal(place.read('a.md'), 'y\n');
	});

	it('says what is different where nothing fits', async () => {
		using place = new Place()
			.write('dos.txt', 'a\r\nb\r\n')
			.write('tabs.txt', '\tif x\n')
			.write('b.bin', Buffer.from([255]));
		const refusal = (path: string, old_text: string) => place.refused('edit_file', {path, old_text, new_text: 'y'});
		assert.match(await refusal('dos.txt', 'a\nb'), /end with \\r\\n/);
		assert.match(await refusal('tabs.txt', '    if x'), /blanks and line ends/);
		assert.match(await refusal('tabs.txt', 'zzz'), /letter by letter: read it first/);
		assert.match(await refusal('b.bin', 'x'), /no UTF-8/);
	});

	it('does not make a file that nothing could hold', async () => {
		using place = new Place().write('a.txt', 'a'.repeat(100_000));
		const input = {path: 'a.txt', old_text: 'a', new_text: 'b'.repeat(100_000), replace_all: true};
		assert.match(await place.refused('edit_file', input), /too large/);
	});

	it('makes one change after the other, so that none is lost', async () => {
		using place = new Place().write('a.txt', '0123456789');
		const edits = [...'0123456789'].map(digit => ({path: 'a.txt', old_text: digit, new_text: `<${digit}>`}));
		await Promise.all(edits.map(edit => place.done('edit_file', edit)));
		assert.equal(place.read('a.txt'), '<0><1><2><3><4><5><6><7><8><9>');
	});
});

describe('listing files', () => {
	it('gives them in order, and says what it leaves out', async () => {
		using place = new Place().write('b/2.md', '').write('b/10.md', '').write('.env', '').write('a.md', '');
		place.write('node_modules/x/index.js', '').write('.mozart/job/journal.jsonl', '').write('odd\nname', '');
		mkdirSync(place.file('nothing'));
		symlinkSync('a.md', place.file('link'));
		const expected = ['.env', 'a.md', 'b/10.md', 'b/2.md', 'link (a link)', 'node_modules/ (not looked into)'];
		assert.deepEqual((await place.done('list_files', {})).split('\n'), [
			...expected,
			'nothing/ (empty)',
			'"odd\\nname"',
		]);
		assert.equal(await place.done('list_files', {folder: 'node_modules'}), 'node_modules/x/index.js');
		assert.equal(await place.done('list_files', {glob: '*.md'}), 'a.md\nb/10.md\nb/2.md');
		assert.equal(await place.done('list_files', {folder: 'b', glob: 'b/?.md'}), 'b/2.md');
		assert.equal(await place.done('list_files', {glob: '*.zip'}), '[No file of the workspace fits *.zip.]');
		assert.equal(await place.done('list_files', {folder: 'nothing'}), '[nothing is empty.]');
	});

	it('names a file whose name is no UTF-8 without offering it', async t => {
		using place = new Place();
		try {
			mkdirSync(Buffer.concat([Buffer.from(`${place.root}/d`)]));
			execFileSync('sh', ['-c', `touch "$1/$(printf 'caf\\351')"`, 'sh', place.file('d')]);
		} catch {
			return t.skip('this disk takes no such name');
		}
		assert.equal(await place.done('list_files', {}), 'd/caf\ufffd (its name is no UTF-8)');
		return undefined;
	});

	it('ends a list that is too long with a word', async () => {
		using place = new Place();
		for (let n = 100; n < 300; n += 1) place.write(`${'x'.repeat(197)}${n}`, '');
		const listed = (await place.done('list_files', {})).split('\n');
		assert.equal(listed.length, 120);
		assert.match(listed.at(-1) ?? '', /^\[These are the first 119, and there are more/);
	});
});

describe('searching files', () => {
	it('gives the lines that hold a text', async () => {
		using place = new Place().write('a.md', 'one\nTwo (2)\nthree two two\n').write('b/c.txt', 'two (2)');
		place.write('bin', Buffer.from('two\0')).write('.mozart/x', 'two (2)');
		const found = await place.done('search_files', {query: 'two (2)'});
		assert.equal(found, 'b/c.txt:1: two (2)\n[Left out: 1 that are no text or larger than 4 MB.]');
		const any = await place.done('search_files', {query: 'TWO', ignore_case: true, glob: '*.md'});
		assert.equal(any, 'a.md:2: Two (2)\na.md:3: three two two');
		assert.equal(
			await place.done('search_files', {query: 'one\nTwo', folder: '.'}),
			'a.md:1: one\n[Left out: 1 that are no text or larger than 4 MB.]',
		);
		assert.match(await place.done('search_files', {query: 'zzz', glob: '*.md'}), /^\[Nothing was found for "zzz"\.\]$/);
	});

	it('takes a regular expression, line by line', async () => {
		using place = new Place().write('a.py', 'def one():\n  pass\ndef two():\n\n');
		const search = (query: string) => place.done('search_files', {query, is_regex: true});
		assert.equal(await search('^def \\w+'), 'a.py:1: def one():\na.py:3: def two():');
		assert.equal(await search('^$'), 'a.py:4: ');
		assert.equal(await search('x*'), 'a.py:1: def one():\na.py:2:   pass\na.py:3: def two():\na.py:4: ');
		const refusal = await place.refused('search_files', {query: '(', is_regex: true});
		assert.match(refusal, /not valid: /);
	});

	it('gives up an expression that would take forever, and says why', async () => {
		using place = new Place().write('a.txt', `${'a'.repeat(40)}b`);
		const refusal = await place.refused('search_files', {query: '(a+)+$', is_regex: true});
		assert.match(refusal, /takes too long\. "\(a\+\)\+" can match the same text in a great many ways/);
	});

	it('stays within bounds', async () => {
		using place = new Place()
			.write('many.txt', 'hit\n'.repeat(300))
			.write('wide.txt', `${'x'.repeat(500)}needle${'y'.repeat(500)}`);
		const many = (await place.done('search_files', {query: 'hit'})).split('\n');
		assert.equal(many.length, 101);
		assert.match(many.at(-1) ?? '', /^\[Not all was looked at/);
		const wide = await place.done('search_files', {query: 'needle'});
		assert.match(wide, /^wide\.txt:1: …x{80}needley{154}…$/);
	});

	it('is without expressions where there is nothing to bound them', async () => {
		using place = new Place();
		const {createWorkspaceTools} = await import('../../../source/backends/api/workspace-tools.js');
		const tools = createWorkspaceTools(place.root);
		const {inputSchema} = tools.definitions.find(({name}) => name === 'search_files')!;
		assert.deepEqual(Object.keys(inputSchema.properties as object), ['query', 'ignore_case', 'folder', 'glob']);
	});
});

describe('the tools', () => {
	it('are told with schemas that say what fits', () => {
		using place = new Place();
		const {definitions} = place.tools;
		assert.deepEqual(
			definitions.map(({name}) => name),
			['read_file', 'write_file', 'edit_file', 'list_files', 'search_files'],
		);
		assert.deepEqual(definitions[0]?.inputSchema, {
			type: 'object',
			properties: {
				path: {type: 'string', minLength: 1, description: 'The file, relative to the workspace.'},
				start_line: {type: 'integer', minimum: 1, description: 'First line to read, counted from 1. Default: 1.'},
				end_line: {type: 'integer', minimum: 1, description: 'Last line to read, included. Default: the end.'},
			},
			required: ['path'],
			additionalProperties: false,
		});
	});

	it('answer a wrong call with what to write instead', async () => {
		using place = new Place();
		assert.match(await place.refused('run_shell', {}), /no tool "run_shell", only read_file, write_file/);
		assert.match(await place.refused('read_file', {file: 'a'}), /does not fit.*"file".*path/s);
		assert.match(await place.refused('read_file', 'a.md'), /expected object/);
		assert.match(await place.refused('read_file', undefined), /expected object/);
	});

	it('say that the workspace is gone', async () => {
		using place = new Place();
		const {createWorkspaceTools} = await import('../../../source/backends/api/workspace-tools.js');
		const tools = createWorkspaceTools(place.file('gone'));
		const {text, isError} = await tools.call('list_files', {}, new AbortController().signal);
		assert.ok(isError);
		assert.match(text, /The workspace cannot be opened/);
	});
});
