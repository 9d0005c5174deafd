import assert from 'node:assert/strict';
import {writeFileSync} from 'node:fs';
import {join} from 'node:path';
import {test} from 'node:test';
import {migrate, openDatabase, readDatabaseHeader, versionOf} from '../../../source/store/sqlite/database.js';
import {loadSqlite} from '../../../source/store/sqlite/load.js';
import {scratch} from '../scratch.js';

const options = {busyMs: 0, durable: false};
const first = {application: 7, migrations: ['CREATE TABLE a (x INTEGER) STRICT; INSERT INTO a VALUES (1)']};
const second = {
	...first,
	migrations: [...first.migrations, 'ALTER TABLE a ADD COLUMN y INTEGER; UPDATE a SET y = x + 1'],
};

test('a file is brought from any version to the newest, step by step and only once', async t => {
	const file = join(scratch(t), 'some.db');
	assert.equal(await readDatabaseHeader(file), 'absent');
	const sqlite = await loadSqlite();
	const db = openDatabase(sqlite, file, options);
	assert.ok(migrate(db, first));
	assert.ok(migrate(db, first));
	const other = openDatabase(sqlite, file, options);
	assert.ok(migrate(db, second));
	assert.ok(migrate(other, second), 'another program that began with the old version');
	assert.deepEqual({...other.prepare('SELECT * FROM a').get()}, {x: 1, y: 2});
	assert.equal(migrate(db, first), false, 'an older program leaves it alone');
	assert.equal(versionOf(db), 2);
	other.close();
	db.close();
	assert.deepEqual(await readDatabaseHeader(file), {version: 2, application: 7});
	writeFileSync(file, 'no database');
	assert.equal(await readDatabaseHeader(file), 'foreign');
});

test('a migration that fails changes nothing', async t => {
	const file = join(scratch(t), 'some.db');
	const db = openDatabase(await loadSqlite(), file, options);
	migrate(db, first);
	const failing = {...first, migrations: [...first.migrations, 'CREATE TABLE b (x) STRICT', 'DROP TABLE nothing']};
	assert.throws(() => migrate(db, failing));
	assert.deepEqual([versionOf(db), db.prepare('SELECT count(*) AS n FROM sqlite_schema').get()?.n], [1, 1]);
	db.close();
});

test('only the warning that SQLite is new is swallowed while it is loaded', async () => {
	const heard: unknown[] = [];
	const {emitWarning} = process;
	process.emitWarning = ((warning: unknown) => void heard.push(warning)) as typeof emitWarning;
	const mine = process.emitWarning;
	try {
		const loading = loadSqlite();
		process.emitWarning('SQLite is an experimental feature and might change at any time', 'ExperimentalWarning');
		process.emitWarning('something else');
		await loading;
		assert.equal(process.emitWarning, mine);
	} finally {
		process.emitWarning = emitWarning;
	}
	assert.deepEqual(heard, ['something else']);
});
