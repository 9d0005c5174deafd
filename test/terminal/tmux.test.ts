import assert from 'node:assert/strict';
import path from 'node:path';
import test, {describe} from 'node:test';
import {linesOf, writeJob} from '../program/jobs.js';
import {launcher, withDesk} from '../program/program.js';
import {hasTmux, Tmux} from '../support/tmux.js';
import {gated, letGo} from './window.js';

describe('in tmux', {skip: hasTmux ? false : 'tmux is not installed here'}, () => {
	test('a run is watched, its window resized, left by d, attached to from a second window, and quit', () =>
		withDesk(async desk => {
			writeJob(desk, {script: gated, batches: 3, concurrency: 2});
			// The socket's path must be short.
			const tmux = new Tmux(path.join(desk.folder, 'tmux'), {
				...desk.env,
				LANG: 'C.UTF-8',
				TERM: 'xterm-256color',
				SHELL: '/bin/sh',
			});
			const mozart = (...words: string[]) => [process.execPath, launcher, ...words].map(word => `'${word}'`).join(' ');
			const inShell = (command: string, mark: string) => ['sh', '-c', `${command}; echo "${mark} $?"; exec cat`];
			try {
				await tmux.open('first', inShell(mozart('run', 'work.yaml'), 'left with'), {cwd: desk.jobs});
				await tmux.shows(
					'first',
					/^work running +░+ 0\/3[^\n]*\n[\s\S]*│ working on 1\n[\s\S]*├─ ▶ batch 2 [\s\S]*│ working on 2\n[\s\S]*q quit · p pause/,
				);

				await tmux.resize('first', 40, 12);
				const narrow = await tmux.shows('first', /^work running[^\n]*\n[^\n]*\n─ batches[^\n]*\n›▶ 1 [\s\S]*q quit/);
				assert.doesNotMatch(narrow.input, /│/);
				await tmux.resize('first', 120, 35);
				await tmux.shows('first', /^work running[\s\S]*│ working on 1\n[\s\S]*│ working on 2\n[\s\S]*\nq quit/);

				await tmux.press('first', 'd');
				const [, left = ''] = await tmux.shows(
					'first',
					/The run goes on, in process (\d+);[\s\S]*Come back: mozart attach [\s\S]*left with 0\n/,
				);
				await tmux.open('second', inShell(mozart('attach', 'work.yaml'), 'watched with'), {
					cwd: desk.jobs,
					columns: 80,
					rows: 24,
				});
				await tmux.shows('second', /^work running[\s\S]*│[\s\S]*q quit/);
				letGo(desk, 1);
				await tmux.shows('second', /^work running +█+░+ 1\/3[\s\S]*▶ 3 /);
				await tmux.press('second', 'p');
				await tmux.shows('second', /^work pausing/);
				letGo(desk, 2, 3);
				await tmux.press('second', 'p');
				await tmux.shows('second', /^work completed +█+ 3\/3/);
				await tmux.press('second', 'q');
				await tmux.shows('second', /work: completed · 3\/3 completed\n[\s\S]*watched with 0\n/);
				assert.equal(linesOf(desk.at('workspace/out/3')).length, 1);
				assert.ok(Number(left) > 0);
			} finally {
				await tmux.close();
				await desk.mozart('cancel', 'work.yaml');
			}
		}));
});
