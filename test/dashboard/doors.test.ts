import assert from 'node:assert/strict';
import {once} from 'node:events';
import {describe, it} from 'node:test';
import {makeJob} from '../support/job.js';
import {World} from '../support/world.js';
import {Hall} from './hall.js';
import {type Visitor, withVisitor} from './visitor.js';

/** A hall with one run of three batches, two of them under way. */
async function hallOfOne(): Promise<{hall: Hall; world: World}> {
	const world = new World(makeJob({batches: 3, rules: 0, concurrency: 2}));
	const hall = new Hall(() => world.time);
	hall.show('job-1', world.open(), world);
	await world.settle();
	return {hall, world};
}

const atDoor = async (story: (visitor: Visitor, world: World) => Promise<void>, options = {}) => {
	const {hall, world} = await hallOfOne();
	await withVisitor(hall.jobs, visitor => story(visitor, world), options);
};

const cookieOf = ({headers}: {headers: NodeJS.Dict<string | string[]>}) =>
	String(headers['set-cookie']).split(';')[0] ?? '';
const form = {'content-type': 'application/x-www-form-urlencoded'};

describe('the door of the dashboard', {concurrency: 4}, () => {
	it('lets in by the token, which becomes a cookie and vanishes from the address', () =>
		atDoor(async visitor => {
			const {dashboard} = visitor;
			const page = new URL(dashboard.url);
			assert.equal(page.hostname, '127.0.0.1');
			const first = await visitor.ask(`/jobs/job-1?filter=failed&token=${dashboard.token}`, {token: null});
			assert.equal(first.status, 303);
			assert.equal(first.headers.location, '/jobs/job-1?filter=failed');
			const set = String(first.headers['set-cookie']);
			assert.match(set, new RegExp(`^mozart-${dashboard.port}=[\\w-]{43}; Path=/; HttpOnly; SameSite=Strict$`));
			assert.ok(!set.includes(dashboard.token), 'the cookie is another secret than the token');
			const cookie = cookieOf(first);
			const second = await visitor.ask('/jobs/job-1', {token: null, headers: {cookie}});
			assert.equal(second.status, 200);
			assert.match(second.text, /^<!doctype html>/);
			assert.equal((await visitor.ask('/api/jobs', {token: null, headers: {cookie}})).json.jobs.length, 1);
		}));

	it('shows nothing to a stranger, and leads nobody to another server', () =>
		atDoor(async visitor => {
			const wrong = `${'A'.repeat(42)}x`;
			for (const path of ['/', '/jobs/job-1', '/api/jobs', '/api/jobs/job-1/stream', '/api/openapi.json', '/nothing']) {
				const none = await visitor.ask(path, {token: null});
				assert.equal(none.status, 401, path);
				assert.doesNotMatch(none.text, /job-1/, path);
				assert.equal((await visitor.ask(path, {token: wrong})).status, 401, path);
				assert.equal((await visitor.ask(`${path}?token=${wrong}`, {token: null})).status, 401, path);
				const cookie = `mozart-${visitor.dashboard.port}=${visitor.dashboard.token}`;
				assert.equal((await visitor.ask(path, {token: null, headers: {cookie}})).status, 401, path);
			}
			const denied = await visitor.ask('/api/jobs', {token: null});
			assert.equal(denied.json.kind, 'unauthorized');
			assert.equal(denied.headers['www-authenticate'], 'Bearer');
			for (const path of ['//evil.example/', '/\\evil.example/', '/%5cevil.example/', '/%2fevil.example']) {
				const {headers} = await visitor.ask(`${path}?token=${visitor.dashboard.token}`, {token: null});
				if (headers.location !== undefined) assert.match(headers.location, /^\/(?![/\\])/, path);
			}
			assert.equal((await visitor.ask('/assets/style.css', {token: null})).status, 200);
		}));

	it('answers to no name but those of this machine, and to no page of another server', () =>
		atDoor(async visitor => {
			const {port} = visitor.dashboard;
			for (const host of ['evil.example', `evil.example:${port}`, '127.0.0.1.evil.example', '192.168.0.7', 'a b'])
				assert.ok([400, 403].includes((await visitor.ask('/api/jobs', {headers: {host}})).status), host);
			for (const host of [`localhost:${port}`, `127.0.0.1:${port}`, '127.0.0.1:8080', '[::1]:9'])
				assert.equal((await visitor.ask('/api/jobs', {headers: {host}})).status, 200, host);

			const entered = await visitor.ask(`/?token=${visitor.dashboard.token}`, {token: null});
			const cookie = cookieOf(entered);
			const own = {cookie, origin: visitor.dashboard.origin};
			const post = (headers: Record<string, string>, path = '/api/jobs/job-1/commands', type = 'application/json') =>
				visitor.ask(path, {
					...{method: 'POST', token: null, headers: {'content-type': type, ...headers}},
					body: type === 'application/json' ? '{"type":"pause"}' : 'type=pause',
				});
			const strangers: Record<string, string>[] = [
				{cookie, origin: 'http://evil.example'},
				{cookie, origin: 'null'},
				{cookie, origin: `http://127.0.0.1:${port + 1}`},
				{cookie, 'sec-fetch-site': 'cross-site'},
				{cookie, 'sec-fetch-site': 'same-site'},
				{...own, 'sec-fetch-site': 'cross-site'},
				{cookie},
			];
			for (const headers of strangers) {
				assert.equal((await post(headers)).status, 403, JSON.stringify(headers));
				assert.equal((await post(headers, '/jobs/job-1/commands', form['content-type'])).status, 403);
			}
			assert.equal((await visitor.ask('/api/jobs')).json.jobs[0].state, 'running', 'nothing of it was done');
			const foreign = {cookie, 'sec-fetch-site': 'cross-site', 'sec-fetch-mode': 'cors', 'sec-fetch-dest': 'empty'};
			assert.equal((await visitor.ask('/api/stream', {token: null, headers: foreign})).status, 403);
			assert.equal((await visitor.ask('/api/jobs', {token: null, headers: foreign})).status, 403);
			// A link on a page elsewhere may be followed: what comes is shown to nobody but the person.
			const link = {...foreign, 'sec-fetch-mode': 'navigate', 'sec-fetch-dest': 'document'};
			assert.equal((await visitor.ask('/', {token: null, headers: link})).status, 200);
			assert.equal((await visitor.ask('/', {token: null, headers: {...link, 'sec-fetch-dest': 'iframe'}})).status, 403);
			// A simple form of another page cannot be JSON, and JSON is asked for.
			assert.equal((await post(own, undefined, 'text/plain')).status, 415);
			assert.equal((await post(own)).status, 200);
			const asked = await visitor.ask('/api/jobs', {headers: {origin: visitor.dashboard.origin}});
			assert.equal(asked.headers['access-control-allow-origin'], undefined, 'no page elsewhere may read anything');
		}));

	it('allows pages nothing from elsewhere, and nobody to hold or to keep them', () =>
		atDoor(async visitor => {
			for (const path of ['/', '/api/jobs', '/nothing', '/assets/live.js', '/jobs/none']) {
				const {headers} = await visitor.ask(path);
				const csp = headers['content-security-policy'] ?? '';
				for (const rule of ["default-src 'none'", "script-src 'self'", "base-uri 'none'", "frame-ancestors 'none'"])
					assert.ok(String(csp).includes(rule), `${path}: ${csp}`);
				assert.doesNotMatch(String(csp), /unsafe|\*|data:/);
				assert.equal(headers['x-content-type-options'], 'nosniff', path);
				assert.equal(headers['referrer-policy'], 'same-origin', path);
				if (!path.startsWith('/assets')) assert.equal(headers['cache-control'], 'no-store', path);
			}
			const asset = await visitor.ask('/assets/style.css');
			const {etag = ''} = asset.headers;
			assert.match(etag, /^"/);
			assert.equal((await visitor.ask('/assets/style.css', {headers: {'if-none-match': etag}})).status, 304);
		}));

	it('refuses in words what it does not understand, and what is not there', () =>
		atDoor(async visitor => {
			const refused = async (status: number, words: RegExp, path: string, options = {}) => {
				const answer = await visitor.ask(path, options);
				assert.equal(answer.status, status, `${path}: ${answer.text}`);
				assert.match(answer.json.message, words);
			};
			await refused(404, /no such job/, '/api/jobs/none');
			await refused(404, /there were 1|no batch 4: the job has 3/, '/api/jobs/job-1/batches/4');
			await refused(404, /batch: a whole number/, '/api/jobs/job-1/batches/x');
			await refused(404, /has no attempt 2: there were 1/, '/api/jobs/job-1/batches/1/attempts/2/prompt');
			await refused(400, /limit: a whole number from 1 to 1000/, '/api/jobs/job-1/batches?limit=0');
			await refused(400, /has no “limt”/, '/api/jobs/job-1/batches?limt=3');
			await refused(400, /more than once/, '/api/jobs/job-1/batches?limit=3&limit=4');
			await refused(400, /status: /, '/api/jobs/job-1/batches?status=nice');
			await refused(400, /is no id of an event/, '/api/jobs/job-1/stream?after=soon');
			await refused(404, /nothing here/, '/api/none');
			const commands = '/api/jobs/job-1/commands';
			const json = {'content-type': 'application/json'};
			const post = (body: string) => ({method: 'POST', headers: json, body});
			await refused(400, /not JSON/, commands, post('{'));
			await refused(400, /type: /, commands, post('{"type":"explode"}'));
			await refused(400, /has no “force”/, commands, post('{"type":"pause","force":true}'));
			await refused(400, /batch: /, commands, post('{"type":"skip","batch":"1"}'));
			await refused(400, /type: |expected/i, commands, post('[]'));
			await refused(415, /Send JSON/, commands, {method: 'POST', headers: form, body: 'type=pause'});
			await refused(405, /GET or HEAD|by GET/, '/api/jobs', {method: 'DELETE'});
			const wrong = await visitor.ask(commands, {method: 'PUT', headers: json, body: '{"type":"pause"}'});
			assert.deepEqual([wrong.status, wrong.headers.allow], [405, 'POST']);
			await refused(405, /by POST only/, commands, {headers: {'x-http-method-override': 'POST'}});
			assert.equal((await visitor.ask(`${commands}?_method=POST`, {method: 'PATCH'})).status, 405);
			assert.equal((await visitor.ask('/api/jobs', {method: 'OPTIONS'})).status, 405);
			assert.equal((await visitor.ask('/api/jobs', {method: 'HEAD'})).text, '');
			assert.equal((await visitor.ask('/api/stream', {method: 'HEAD'})).status, 200);
			assert.equal((await visitor.ask('/api/jobs')).json.jobs[0].state, 'running');
		}));

	it('makes no path of what it is told', () =>
		atDoor(async visitor => {
			for (const path of [
				'/api/jobs/..%2f..%2fetc%2fpasswd',
				'/api/jobs/../../../../etc/passwd',
				'/api/jobs/job-1/batches/..%2f1/attempts/1/log',
				'/api/jobs/job-1/batches/1/attempts/%2e%2e/log',
				'/api/jobs/job-1/batches/1/attempts/1/log?stream=../../journal.jsonl',
				'/api/jobs/job-1/batches/1/attempts/1/log?stream=stdout%00',
				'/assets/..%2f..%2fpackage.json',
				'/assets/%2e%2e/mozart.cjs',
				'/assets/__proto__',
				'/assets/constructor',
				'/jobs/%2e%2e%2fassets',
				'/jobs/__proto__',
			])
				assert.ok([400, 404].includes((await visitor.ask(path)).status), path);
		}));

	it('takes no line end into a header, and no huge address', () =>
		atDoor(async visitor => {
			const {token} = visitor.dashboard;
			const turned = await visitor.ask(`/%0d%0aset-cookie:%20evil=1?a=%0d%0ab&token=${token}`, {token: null});
			assert.deepEqual([turned.status, turned.headers['set-cookie']?.length], [303, 1]);
			assert.equal(turned.headers.location, '/%0d%0aset-cookie:%20evil=1?a=%0D%0Ab');
			assert.equal((await visitor.ask(`/api/jobs?x=${'a'.repeat(20_000)}`)).status, 431);
			const raw = await visitor.raw();
			raw.write('GET /api/jobs HTTP/1.1\r\nHost: 127.0.0.1\r\nHost: evil.example\r\n\r\n');
			const [first] = await once(raw, 'data');
			assert.match(String(first), /^HTTP\/1\.1 40[03] /);
			const smuggled = await visitor.raw();
			smuggled.write(
				`POST /api/jobs/job-1/commands HTTP/1.1\r\nHost: 127.0.0.1\r\nAuthorization: Bearer ${token}\r\nContent-Length: 4\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n`,
			);
			assert.match(String((await once(smuggled, 'data'))[0]), /^HTTP\/1\.1 400 /);
		}));

	it('reads no more than a command is long', () =>
		atDoor(async visitor => {
			const body = Buffer.alloc(10 * 1024 * 1024, ' ');
			const json = {'content-type': 'application/json'};
			const post = (path: string, headers: Record<string, string>) =>
				visitor.ask(path, {method: 'POST', headers, body}).catch((error: NodeJS.ErrnoException) => error.code);
			// Either the answer comes, or the connection is closed while it is still sent.
			for (const answer of [
				await post('/api/jobs/job-1/commands', json),
				await post('/api/jobs/job-1/commands', {...json, 'transfer-encoding': 'chunked'}),
				await post('/jobs/job-1/commands', form),
			])
				if (typeof answer === 'object') assert.equal(answer.status, 413, answer.text);
				else assert.match(String(answer), /EPIPE|ECONNRESET/);
			const small = await visitor.ask('/api/jobs/job-1/commands', {
				...{method: 'POST', headers: {...json, 'content-length': String(70_000)}, body: Buffer.alloc(70_000, ' ')},
			});
			assert.deepEqual([small.status, small.json.kind], [413, 'too-large']);
		}));

	it('does not wait for who never finishes a request', () =>
		atDoor(
			async visitor => {
				const [silent, slow] = [await visitor.raw(), await visitor.raw()];
				slow.write('GET /api/jobs HTTP/1.1\r\nHost: 127.0.0.1\r\nX-a: ');
				const drip = setInterval(() => slow.write('a'), 20);
				await Promise.all([silent, slow].map(one => new Promise(resolve => one.resume().once('close', resolve))));
				clearInterval(drip);
				assert.equal((await visitor.ask('/api/jobs')).status, 200);
			},
			{limits: {headersMs: 300, requestMs: 2000}},
		));

	it('carries five hundred windows that only listen, and says so to one too many', () =>
		atDoor(
			async (visitor, world) => {
				const lines = await Promise.all(
					Array.from({length: 500}, () => visitor.listen('/api/jobs/job-1/stream?output=none')),
				);
				await Promise.all(lines.map(line => line.next('snapshot')));
				const many = await visitor.ask('/api/stream');
				assert.deepEqual([many.status, many.json.kind, many.headers['retry-after']], [503, 'too-many', '5']);
				assert.equal((await visitor.ask('/api/jobs')).status, 200, 'all else is answered as before');
				await world.engine.send({type: 'pause', mode: 'drain'});
				await Promise.all(lines.map(line => line.find('the pause', ({data}) => data.event?.type === 'paused')));
				for (const line of lines) line.leave();
				const isLetIn = () =>
					visitor.listen('/api/stream').then(
						() => true,
						() => false,
					);
				const deadline = performance.now() + 20_000;
				while (!(await isLetIn())) assert.ok(performance.now() < deadline, 'who has left has left a place');
			},
			{limits: {streams: 500}},
		));

	it('asks for a password where one is set, a few times', () =>
		atDoor(
			async visitor => {
				const {origin} = visitor.dashboard;
				// Over plain http a browser tells no more of itself.
				const browser = {accept: 'text/html,*/*;q=0.8'};
				const asked = await visitor.ask('/jobs/job-1?page=2', {token: null, headers: browser});
				assert.deepEqual([asked.status, asked.headers.location], [303, '/login?next=%2Fjobs%2Fjob-1%3Fpage%3D2']);
				assert.equal((await visitor.ask('/api/jobs', {token: null})).status, 401);
				const page = await visitor.ask(String(asked.headers.location), {token: null});
				assert.match(page.text, /value="\/jobs\/job-1\?page=2"/);
				const login = (body: string, headers: Record<string, string> = {origin}) =>
					visitor.ask('/login', {method: 'POST', token: null, headers: {...form, ...headers}, body});
				assert.equal((await login('password=open+sesame', {origin: 'http://evil.example'})).status, 403);
				assert.equal((await login('password=open+sesame', {})).status, 403);
				const entered = await login('password=open+sesame&next=%2Fjobs%2Fjob-1');
				assert.deepEqual([entered.status, entered.headers.location], [303, '/jobs/job-1']);
				const cookie = cookieOf(entered);
				assert.equal((await visitor.ask('/api/jobs', {token: null, headers: {cookie}})).status, 200);
				for (const next of ['//evil.example', 'http://evil.example', '/\\evil.example'])
					assert.equal((await login(`password=open+sesame&next=${encodeURIComponent(next)}`)).headers.location, '/');
				const wrong = await Promise.all(Array.from({length: 8}, () => login('password=open')));
				assert.deepEqual(wrong.map(({status}) => status).sort(), [401, 401, 401, 401, 401, 429, 429, 429]);
				const behind = {cookie, host: 'mozart.example.org', origin: 'https://mozart.example.org'};
				const sent = {method: 'POST', token: null, headers: {...form, ...behind}, body: 'type=pause'};
				assert.equal(
					(await visitor.ask('/jobs/job-1/commands', sent)).status,
					303,
					'by the name of a server before it',
				);
				const late = await login('password=open+sesame');
				assert.equal(late.status, 429, 'also the right one waits');
				assert.match(late.text, /Too many wrong passwords\. Try again in \d+ s\./);
				assert.match(String(late.headers['retry-after']), /^\d+$/);
				assert.equal((await visitor.ask('/api/jobs')).status, 200, 'the token still lets in');
				// The server before it tells who asks, behind whatever that one says of itself.
				const from = (place: string, body: string) => login(body, {origin, 'x-forwarded-for': place});
				for (const liar of ['1', '2', '3', '4', '5'])
					assert.equal((await from(`${liar}, 198.51.100.7`, 'password=open')).status, 401);
				assert.equal((await from('6, 198.51.100.7', 'password=open+sesame')).status, 429);
				assert.equal((await from('198.51.100.8', 'password=open+sesame')).status, 303, 'others are not locked out');
			},
			{password: 'open sesame', name: 'mozart.example.org'},
		));
});
