import assert from 'node:assert/strict';
import test from 'node:test';
import { parsePrompt } from '../../../src/core/prompt/parse.ts';
import { labelOf, shortVersion, versionOf } from '../../../src/core/prompt/versions.ts';

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

test('the label of a text is the version that its front matter names, as the whole reader has it', () => {
  for (const [line, label] of [
    ['version: 1.10', '1.10'],
    ['version: v2-beta # soon', 'v2-beta'],
    ['version: "3 final"', '3 final'],
    ["version: '4'", '4'],
    ['version:', undefined],
    ['other: 1', undefined],
    ['config:\n  version: 5', undefined],
  ] as const) {
    const text = `---\nmodel: a/b\n${line}\n---\nversion: 9\n`;
    assert.deepEqual([labelOf(text), labelOf(text.replaceAll('\n', '\r\n'))], [label, label], line);
    if (!line.includes('config')) assert.equal(parsePrompt(text).frontMatter.version, label);
  }
});

test('a text without front matter has no label', () => {
  assert.deepEqual(
    [labelOf('version: 1\n'), labelOf('Hi\n---\nversion: 1\n---\n'), labelOf('')],
    [undefined, undefined, undefined],
  );
});
