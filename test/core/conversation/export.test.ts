import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { exportHtml } from '../../../src/core/conversation/exportHtml.ts';
import { exportMarkdown } from '../../../src/core/conversation/exportMarkdown.ts';
import type { TranscriptSource } from '../../../src/core/conversation/transcript.ts';
import { pathTo } from '../../../src/core/conversation/tree.ts';
import { answersOf, message, run, wholeTree } from './fixtures.ts';

const { conversation, messages, runs } = wholeTree;
const source: TranscriptSource = {
  title: conversation.title,
  createdAt: conversation.createdAt,
  path: pathTo(messages, 'u2'),
  answers: answersOf(...runs),
};

/** One answer of this text. */
const answering = (text: string): TranscriptSource => ({
  ...source,
  path: [message('a1', null, { runId: 'r' }), message('u1', 'a1')],
  answers: answersOf(run('r', { text })),
});

describe('a conversation as Markdown', () => {
  test('has a heading for each turn, with tools as code and figures below', () => {
    assert.equal(
      exportMarkdown(source),
      `# Tokens

2026-11-24 12:30 UTC

## User

u1

## Assistant · local/demo

> hm

answer of r1

Calls the tool \`now\`:

\`\`\`json
{}
\`\`\`

Sources:

1. [A page](<https://example.org/>): “said”
2. A document

_3 in · 2 out · $0 · 9 ms_

## Tool

The tool answered:

\`\`\`
<5>
\`\`\`

## User

<details>
<summary>src/a.ts, sum, lines 3–4</summary>

From \`src/a.ts\`, \`sum\`, lines 3–4:

\`\`\`ts
a +
b
\`\`\`

</details>

And this?

![Image](<data:image/png;base64,AAAA>)
`,
    );
  });

  test('has the sources of an answer, with links to the web alone', () => {
    const citations = [
      { url: 'https://example.org/a(b) c', title: 'A [page]\nof two lines', quote: 'what *it* says' },
      { url: 'javascript:alert(1)' },
    ];
    const named = { ...answering('Yes.'), answers: answersOf(run('r', { text: 'Yes.', citations })) };
    assert.ok(
      exportMarkdown(named).includes(
        'Yes.\n\nSources:\n\n1. [A \\[page\\] of two lines](<https://example.org/a(b)%20c>): “what \\*it\\* says”\n2. A document\n',
      ),
    );
    assert.match(
      exportHtml(named),
      /<li><a href="https:\/\/example\.org\/a\(b\) c" rel="noreferrer">A \[page\]\nof two lines<\/a> <q>what \*it\* says<\/q><\/li><li>A document<\/li>/,
    );
  });

  test('closes a fence that an answer left open, and no other', () => {
    const open = exportMarkdown(answering('Look:\n````ts\n```\nconst a = 1;'));
    assert.match(open, /const a = 1;\n````\n\n## User/);
    assert.match(exportMarkdown(answering('~~~\n```\n~~~')), /\n~~~\n```\n~~~\n\n## User/);
  });

  test('puts what tools say between fences that are longer than any in it', () => {
    const path = [
      message('t', null, {
        role: 'tool',
        content: [{ type: 'tool-result', callId: 'k', result: '````\n# no heading' }],
      }),
    ];
    assert.match(exportMarkdown({ ...source, path }), /`````\n````\n# no heading\n`````/);
  });

  test('says how an answer broke off', () => {
    const failed = { ...source, path: pathTo(messages, 'a2') };
    assert.match(exportMarkdown(failed), /answer of r2\n\n_Gone\._/);
    assert.match(exportMarkdown({ ...failed, answers: new Map() }), /_The answer was interrupted\._/);
  });
});

describe('a conversation as HTML', () => {
  test('holds no tag and no attribute that its text asked for', () => {
    const evil = `</title><script>alert(1)</script><img src=x onerror="alert('1')">&`;
    const path = [
      message('u1', null, { content: [{ type: 'text', text: evil }] }),
      message('a1', 'u1', { runId: 'r' }),
      message('t', 'a1', { role: 'tool', content: [{ type: 'tool-result', callId: 'k', result: evil }] }),
    ];
    const answer = run('r', {
      text: `\`\`\`${evil}\n${evil}\n\`\`\``,
      reasoning: evil,
      modelId: evil,
      toolCalls: [{ type: 'tool-call', id: 'k', name: evil, arguments: evil }],
      citations: [{ url: evil, title: evil, quote: evil }, { url: `https://example.org/${evil}` }],
      outcome: { status: 'failed', error: { kind: 'network', message: evil, retryable: true } },
    });
    const html = exportHtml({ ...source, title: evil, path, answers: answersOf(answer) });
    const tags = new Set([...html.matchAll(/<\/?([a-z]+)/g)].map(([, tag]) => tag));
    assert.equal(tags.has('script') || tags.has('img'), false);
    assert.equal(html.split('&lt;script&gt;').length - 1, 14);
    assert.doesNotMatch(html, /alert\('1'\)|onerror="/);
  });

  test('needs nothing from the network and follows the reader’s light or dark', () => {
    const content = [
      { type: 'image', url: 'https://example.org/x.png' },
      { type: 'image', url: 'data:image/png;base64,AAAA' },
      { type: 'image', url: 'data:image/svg+xml,<svg onload=alert(1)>' },
    ] as const;
    const html = exportHtml({ ...source, path: [message('u1', null, { content })] });
    assert.deepEqual(
      [...html.matchAll(/(?:src|href)="([^"]*)"/g)].map(([, address]) => address),
      ['data:image/png;base64,AAAA'],
    );
    assert.match(html, /default-src 'none'/);
    assert.match(html, /prefers-color-scheme: dark/);
    assert.match(html, /Image: https:\/\/example\.org/);
  });

  test('folds what was attached away', () => {
    assert.match(
      exportHtml({
        ...source,
        path: [message('u1', null, { content: wholeTree.messages[4]?.content ?? [] })],
      }),
      /<details><summary>src\/a\.ts, sum, lines 3–4<\/summary>.*<pre><code>a \+\nb<\/code><\/pre><\/details>\n<p class="text">And this\?/s,
    );
  });

  test('shows fenced blocks as code', () => {
    assert.match(
      exportHtml(answering('Look:\n```ts\na < b\n```\nDone.')),
      /<p class="text">Look:<\/p>\n<pre><code>a &lt; b<\/code><\/pre>\n<p class="text">Done\.<\/p>/,
    );
  });
});
