import assert from 'node:assert/strict';
import {describe, test} from 'node:test';
import {headerResetTime} from '../../source/backends/reset-headers.js';

const now = Date.parse('2026-11-23T06:27:13Z');
const read = (headers: Record<string, string>) => {
	const time = headerResetTime(headers, {now});
	return time === undefined ? undefined : (time - now) / 1000;
};

describe('headers of a refusal', () => {
	const told: readonly (readonly [headers: Record<string, string>, seconds: number | undefined])[] = [
		[{'retry-after': '2'}, 2],
		[{'Retry-After': ' 7200 '}, 7200],
		[{'retry-after': 'Mon, 23 Nov 2026 07:27:13 GMT'}, 3600],
		[{'retry-after-ms': '1500', 'retry-after': '2'}, 1.5],
		[{'anthropic-ratelimit-requests-reset': '2026-11-23T06:28:13Z'}, 60],
		[{'anthropic-ratelimit-unified-reset': '1795422433'}, 7200],
		[{'x-ratelimit-reset-requests': '6m0s'}, 360],
		[{'x-ratelimit-reset-tokens': '250ms'}, 0.25],
		[{'x-ratelimit-reset': '30'}, 30],
		[{'x-ratelimit-reset': '1795422433000'}, 7200],
		[{'ratelimit-reset': '30'}, 30],
		[{'retry-after': 'soon'}, undefined],
		[{'retry-after': '-5'}, undefined],
		[{'retry-after': '99999999'}, undefined],
		[{'retry-after': 'Mon, 23 Nov 2020 07:27:13 GMT'}, undefined],
		[{'anthropic-ratelimit-requests-reset': '2026-99-23T06:28:13Z'}, undefined],
		[{'x-other-reset': '30', date: 'Mon, 23 Nov 2026 07:27:13 GMT'}, undefined],
		[{}, undefined],
	];
	for (const [headers, seconds] of told) {
		test(JSON.stringify(headers), () => assert.equal(read(headers), seconds));
	}

	test('retry-after is the word of the API itself: it goes before the time at which a limit is whole again', () => {
		assert.equal(read({'retry-after': '2', 'anthropic-ratelimit-requests-reset': '2026-11-23T06:28:13Z'}), 2);
		assert.equal(read({'retry-after': 'soon', 'anthropic-ratelimit-requests-reset': '2026-11-23T06:28:13Z'}), 60);
	});

	test('of several limits the latest counts that is used up', () => {
		const unified = {
			'anthropic-ratelimit-unified-status': 'rejected',
			'anthropic-ratelimit-unified-reset': String(now / 1000 + 100),
			'anthropic-ratelimit-unified-5h-status': 'rejected',
			'anthropic-ratelimit-unified-5h-reset': String(now / 1000 + 100),
			'anthropic-ratelimit-unified-7d-status': 'allowed_warning',
			'anthropic-ratelimit-unified-7d-reset': String(now / 1000 + 5000),
		};
		assert.equal(read(unified), 100);
		const counted = {
			'x-ratelimit-remaining-requests': '0',
			'x-ratelimit-reset-requests': '20s',
			'x-ratelimit-remaining-tokens': '0',
			'x-ratelimit-reset-tokens': '50s',
			'x-ratelimit-remaining-images': '3',
			'x-ratelimit-reset-images': '500s',
		};
		assert.equal(read(counted), 50);
	});
});
