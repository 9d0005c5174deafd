import assert from 'node:assert/strict';
import {test} from 'node:test';
import {rootWarning} from '../../../source/backends/claude/root-warning.js';
import {backendSchema} from '../../../source/config/backend-schema.js';

test('root is warned when permissions are skipped outside a sandbox, and nobody else is', () => {
	const claude = backendSchema.parse({});
	assert.match(rootWarning(claude, 0, {}) ?? '', /^you are root: .*IS_SANDBOX=1.*skip_permissions: false/);
	assert.equal(rootWarning(claude, 0, {IS_SANDBOX: '1'}), undefined);
	assert.match(rootWarning(claude, 0, {IS_SANDBOX: 'true'}) ?? '', /root/);
	assert.equal(rootWarning(claude, 1000, {}), undefined);
	assert.equal(rootWarning(claude, undefined, {}), undefined);
	assert.equal(rootWarning(backendSchema.parse({skip_permissions: false}), 0, {}), undefined);
	assert.equal(rootWarning(backendSchema.parse({type: 'command', command: ['x']}), 0, {}), undefined);
});
