import assert from 'node:assert/strict';
import test from 'node:test';
import { shortVersion, versionOf } from '../../../src/core/prompt/versions.ts';

// `printf 'Hello\nyou\n' | sha256sum`
const hash = 'b668f6636274848bc5db717a55e1cbfe6c89be0e9f1b94fe3e221134400ef8bd';

test('a version is the SHA-256 of the text', async () => {
  assert.equal(await versionOf('Hello\nyou\n'), hash);
});

test('a byte order mark and CRLF make no other version', async () => {
  assert.equal(await versionOf('\uFEFFHello\r\nyou\r\n'), hash);
});

test('a space makes another version', async () => {
  assert.notEqual(await versionOf('Hello \nyou\n'), hash);
});

test('the short version is its first 8 digits', () => {
  assert.equal(shortVersion(hash), hash.slice(0, 8));
});
