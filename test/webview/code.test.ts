import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { codeHtml } from '../../webview/code.ts';

// Named like this, its types do not bring those of a page into all other files.
const program: string = '../../webview/highlight/main.ts';
await import(program);

const textOf = (html: string) =>
  html
    .replace(/<[^>]*>/g, '')
    .replaceAll('&lt;', '<')
    .replaceAll('&gt;', '>')
    .replaceAll('&quot;', '"')
    .replaceAll('&#x27;', "'")
    .replaceAll('&amp;', '&');

describe('highlighted code', () => {
  test('has its tokens named and its text as it was', () => {
    const html = codeHtml('const a = "<b>"; // so', 'ts');
    assert.match(
      html,
      /<span class="hljs-keyword">const<\/span> a = <span class="hljs-string">&quot;&lt;b&gt;/,
    );
    assert.equal(textOf(html), 'const a = "<b>"; // so');
  });

  test('of a language that is not known, of none, or of a hostile name stays plain', () => {
    for (const language of ['', 'klingon', '"><script>', '__proto__', 'constructor']) {
      assert.equal(codeHtml('<i>', language), '&lt;i&gt;');
    }
  });

  test('that grows in pieces ends as what it is when it comes whole', () => {
    const source = readFileSync(join(import.meta.dirname, '../../src/host/session.ts'), 'utf8');
    for (let end = 1; end < source.length; end += 97) codeHtml(source.slice(0, end), 'typescript');
    const streamed = codeHtml(source, 'typescript');
    assert.equal(textOf(streamed), source);
    assert.equal(streamed, codeHtml(source, 'ts'));
  });

  test('of 100,000 characters that comes in 1,000 pieces costs a second or two, not a minute', () => {
    const source = Array.from({ length: 2500 }, (_, at) => `const value${at} = "text ${at}"; // so\n\n`).join(
      '',
    );
    const start = performance.now();
    for (let end = 100; end <= 100_000; end += 100) codeHtml(source.slice(0, end), 'javascript');
    const ms = performance.now() - start;
    console.log(`100,000 characters in 1,000 pieces: ${Math.round(ms)} ms`);
    assert.ok(ms < 20_000, `${ms}`);
  });
});
