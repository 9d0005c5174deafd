/**
 * The tables of the history, one migration a version: the file's `user_version` says how many it has had. A migration that
 * was released is never changed; a new one is added at the end. Times are ms since the epoch, truths 0 or 1. Keys begin with
 * the run, so that what is asked of some runs reads theirs alone, and no further index is needed.
 */
export const migrations: readonly string[] = [
	`
	CREATE TABLE jobs (
		job TEXT PRIMARY KEY,
		file TEXT NOT NULL,
		workspace TEXT NOT NULL
	) STRICT, WITHOUT ROWID;

	-- One life of a job, told up to fact seq.
	CREATE TABLE runs (
		run INTEGER PRIMARY KEY,
		job TEXT NOT NULL REFERENCES jobs,
		name TEXT NOT NULL,
		started_at INTEGER NOT NULL,
		seq INTEGER NOT NULL,
		last_at INTEGER NOT NULL,
		state TEXT NOT NULL,
		reason TEXT,
		backend TEXT NOT NULL,
		total INTEGER NOT NULL,
		completed INTEGER NOT NULL,
		failed INTEGER NOT NULL,
		skipped INTEGER NOT NULL,
		held INTEGER NOT NULL,
		attempts INTEGER NOT NULL,
		retries INTEGER NOT NULL,
		completions INTEGER NOT NULL,
		waits INTEGER NOT NULL,
		attempts_ms REAL NOT NULL,
		tokens_in INTEGER NOT NULL,
		tokens_out INTEGER NOT NULL,
		cost_usd REAL,
		untold INTEGER NOT NULL,
		UNIQUE (job, started_at)
	) STRICT;

	-- Batches that something has happened to; the others are pending.
	CREATE TABLE batches (
		run INTEGER NOT NULL REFERENCES runs ON DELETE CASCADE,
		batch INTEGER NOT NULL,
		first INTEGER NOT NULL,
		last INTEGER NOT NULL,
		status TEXT NOT NULL,
		attempts INTEGER NOT NULL,
		retries INTEGER NOT NULL,
		completions INTEGER NOT NULL,
		waits INTEGER NOT NULL,
		took_ms REAL NOT NULL,
		tokens_in INTEGER NOT NULL,
		tokens_out INTEGER NOT NULL,
		cost_usd REAL,
		kind TEXT,
		message TEXT,
		PRIMARY KEY (run, batch)
	) STRICT, WITHOUT ROWID;

	CREATE TABLE attempts (
		run INTEGER NOT NULL,
		batch INTEGER NOT NULL,
		attempt INTEGER NOT NULL,
		mode TEXT NOT NULL,
		backend TEXT NOT NULL,
		model TEXT,
		started_at INTEGER NOT NULL,
		ended_at INTEGER,
		took_ms REAL,
		exit_code INTEGER,
		lost INTEGER NOT NULL DEFAULT 0,
		aborted INTEGER NOT NULL DEFAULT 0,
		kind TEXT,
		message TEXT,
		passed INTEGER,
		rules INTEGER,
		PRIMARY KEY (run, batch, attempt),
		FOREIGN KEY (run, batch) REFERENCES batches ON DELETE CASCADE
	) STRICT, WITHOUT ROWID;

	-- What the rules last said of an attempt. label: the rule as the job file has it; message: only where it failed.
	CREATE TABLE verdicts (
		run INTEGER NOT NULL,
		batch INTEGER NOT NULL,
		attempt INTEGER NOT NULL,
		rule INTEGER NOT NULL,
		at INTEGER NOT NULL,
		type TEXT NOT NULL,
		label TEXT NOT NULL,
		passed INTEGER NOT NULL,
		message TEXT,
		PRIMARY KEY (run, batch, attempt, rule),
		FOREIGN KEY (run, batch, attempt) REFERENCES attempts ON DELETE CASCADE
	) STRICT, WITHOUT ROWID;

	-- What an attempt has used, where its CLI tells it.
	CREATE TABLE usage (
		run INTEGER NOT NULL,
		batch INTEGER NOT NULL,
		attempt INTEGER NOT NULL,
		input_tokens INTEGER NOT NULL,
		output_tokens INTEGER NOT NULL,
		cache_read_tokens INTEGER NOT NULL,
		cache_write_tokens INTEGER NOT NULL,
		cost_usd REAL,
		PRIMARY KEY (run, batch, attempt),
		FOREIGN KEY (run, batch, attempt) REFERENCES attempts ON DELETE CASCADE
	) STRICT, WITHOUT ROWID;

	-- Every fact in short.
	CREATE TABLE events (
		run INTEGER NOT NULL REFERENCES runs ON DELETE CASCADE,
		seq INTEGER NOT NULL,
		at INTEGER NOT NULL,
		type TEXT NOT NULL,
		batch INTEGER,
		attempt INTEGER,
		kind TEXT,
		message TEXT,
		until INTEGER,
		PRIMARY KEY (run, seq)
	) STRICT, WITHOUT ROWID;
	`,
];
