import assert from 'node:assert/strict';
import {readdirSync, readFileSync, statSync} from 'node:fs';
import path from 'node:path';
import {it} from 'node:test';
import {MessagesApi} from '../support/messages-api.js';
import {jobText} from './jobs.js';
import {exits, withDesk} from './program.js';

const key = 'sk-ant-program-4711';

it('an attempt by an API that was killed with the program is judged before it is asked for again, and its key is kept nowhere', () =>
	withDesk(async desk => {
		const api = await new MessagesApi('all').open();
		try {
			const call = {name: 'write_file', input: {path: 'out/1', content: `${key}\n`}};
			api.replies.push({text: 'I write it down.', calls: [call]}, {hang: true});
			const backend = {type: 'anthropic_api', base_url: api.url, tools: 'workspace'};
			desk.write('work.yaml', jobText({more: {backend}}));
			const env = {...desk.env, ANTHROPIC_API_KEY: key};
			const program = desk.start(['run', '--no-tui', 'work.yaml'], {env});
			await api.hanging.promise;
			program.kill('SIGKILL');
			await program.ended;

			const {stdout} = exits(await desk.start(['run', '--no-tui', 'work.yaml'], {env}).ended, 0);
			assert.match(stdout, /1\/1 completed/);
			assert.equal(api.requests.length, 2, 'finished work is not paid for twice');
			const {stdout: log} = exits(await desk.mozart('logs', 'work', '1'), 0);
			assert.match(log, /I write it down\.\n\n● write_file out\/1\n {2}↳ /);

			const state = desk.at('workspace/.mozart');
			const files = readdirSync(state, {recursive: true, encoding: 'utf8'})
				.map(name => path.join(state, name))
				.filter(file => statSync(file).isFile());
			assert.ok(files.length > 4);
			for (const file of files) assert.ok(!readFileSync(file, 'utf8').includes(key), file);
		} finally {
			await api.close();
		}
	}));
