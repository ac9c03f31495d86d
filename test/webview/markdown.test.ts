import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { type MarkdownChange, MarkdownStream } from '../../webview/markdown.ts';
import { answer } from './samples.ts';

function html(text: string): string {
  return streamed(text, []);
}

/** The HTML after `text` has come in pieces whose ends are given. */
function streamed(text: string, ends: Iterable<number>): string {
  const shown = new Shown();
  for (const end of ends) shown.update(text.slice(0, end));
  shown.update(text);
  return shown.blocks.join('');
}

/** The blocks as a page has them that applies each change. */
class Shown {
  blocks: string[] = [];
  readonly #stream = new MarkdownStream();

  update(text: string): MarkdownChange {
    const change = this.#stream.update(text);
    this.blocks = Array.from(
      { length: change.count },
      (_, at) => change.changed.get(at) ?? this.blocks[at] ?? '',
    );
    return change;
  }
}

const everyEnd = (text: string) => Array.from(text, (_, index) => index + 1);

const documents = {
  'an answer with everything': answer,
  'a fence that never ends': 'Code:\n\n```js\nlet a;\n\n\nlet b;',
  'a fence in a list': '- a\n\n  ```\n  x\n\n  y\n  ```\n\n- b\n\nc\n',
  'a list that turns loose at its end': '- a\n- b\n- c\n\n- d\n\ntext\n\n',
  'a list after a list': '- a\n\n+ b\n\n1. c\n\n2) d\n\ntext\n',
  'a nested list': '1. a\n   - b\n     - c\n\n2. d\n\n\n3. e\n',
  'a table right after text': 'text\n\n| a | b |\n|---|--:|\n| 1 | 2 |\n\nend\n',
  'headings underlined late': 'One\n\nTwo\n===\n\nThree\n---\n\n---\n',
  'indented code over blank lines': 'a\n\n    b\n\n\n    c\n\nd\n',
  'quotes that lazily go on': '> a\nb\n\n> c\n>\n> d\n\ne\n',
  'a link defined after its use':
    'See [it][x] and [y].\n\nMore [it][x].\n\n[x]: https://a.example/\n[y]: https://b.example/ "t"\n\nEnd [y].\n',
  'Windows line ends': 'a\r\n\r\n- b\r\n- c\r\n\r\n```\r\nd\r\n```\r\n\r\ne\r\n',
  'tags around Markdown': '<answer>\n**a**\n\n- b\n</answer>\n\n<code>c & <b>d</b>\n\n*e* & f\n',
};

describe('Markdown that streams', () => {
  for (const [name, text] of Object.entries(documents)) {
    test(`${name}, letter by letter, gives the HTML of the whole`, () => {
      assert.equal(streamed(text, everyEnd(text)), html(text));
    });
  }

  test('random documents in random pieces give the HTML of the whole', () => {
    const random = randomFrom(7);
    for (let round = 0; round < 400; round++) {
      const text = Array.from({ length: 2 + random(24) }, () => fragments[random(fragments.length)]).join('');
      const ends: number[] = [];
      for (let end = 0; end < text.length; end += 1 + random(6)) ends.push(end);
      assert.equal(streamed(text, ends), html(text), JSON.stringify(text));
    }
  });

  test('only blocks that are not as they were are told', () => {
    const stream = new MarkdownStream();
    assert.equal(stream.update('# A\n\nb\n\nc\n\nd').changed.size, 4);
    const after = stream.update('# A\n\nb\n\nc\n\nd goes on\n\ne\n');
    assert.deepEqual(
      [...after.changed],
      [
        [3, '<p>d goes on</p>\n'],
        [4, '<p>e</p>\n'],
      ],
    );
  });

  test('another text starts over', () => {
    const shown = new Shown();
    shown.update('# A\n\nb\n\nc\n');
    shown.update('z');
    assert.deepEqual(shown.blocks, ['<p>z</p>\n']);
  });
});

describe('Markdown of a model', () => {
  test('shows tags as they were written', () => {
    assert.equal(
      html('<answer>**yes**</answer> <img src=x onerror=alert(1)>'),
      '<p>&lt;answer&gt;<strong>yes</strong>&lt;/answer&gt; &lt;img src=x onerror=alert(1)&gt;</p>\n',
    );
  });

  test('escapes text after an opened <code> tag', () => {
    assert.equal(html('<code>a & b\n\nc & d'), '<p>&lt;code&gt;a &amp; b</p>\n<p>c &amp; d</p>\n');
  });

  test('breaks lines where the model did, also by <br>', () => {
    assert.equal(html('a\nb<br/>c'), '<p>a<br>b<br>c</p>\n');
  });

  test('links to the web and to mail only, and hides no address', () => {
    assert.equal(html('[a](javascript:alert(1))'), '<p>a (javascript:alert(1))</p>\n');
    assert.equal(
      html('[a](https://a.example/?q="x")').includes('href="https://a.example/?q=&quot;x&quot;"'),
      true,
    );
    assert.equal(html('[a](mailto:a@b.example)').includes('href="mailto:a@b.example"'), true);
  });

  test('names images and does not load them', () => {
    assert.equal(
      html('![a cat](https://a.example/cat.png)'),
      '<p><span class="image">Image: a cat (<a href="https://a.example/cat.png">https://a.example/cat.png</a>)</span></p>\n',
    );
  });

  test('reads hostile text in a time that does not explode', () => {
    // marked alone needs 47 s for the first, and overflows its stack on the second.
    assert.equal(html('**a* '.repeat(20_000)).includes('**a* **a*'), true);
    assert.equal(html(`${'* '.repeat(3000)}a`).startsWith('<p>* * *'), true);
  });
});

const fragments = [
  ...[
    '# Head\n',
    '## Two',
    '\n',
    '\n\n',
    'para *em* **b** `c`',
    '- item\n',
    '- two\n\n',
    '  - sub\n',
    '1. one\n',
    '* star\n',
  ],
  ...[
    '+ plus\n',
    '```js\n',
    '```\n',
    '~~~\n',
    '    code\n',
    '\ttab',
    '> quote\n',
    '| a | b |\n',
    '|---|---|\n',
    '---\n',
  ],
  ...[
    '===\n',
    '[x]: http://a.example\n',
    '[x] and [y][x]\n',
    '<div>\n',
    '</div>',
    '<!-- c',
    '-->',
    '<br>',
    '\r\n',
    'line\r\n',
  ],
  ...[
    '- [ ] t\n',
    '-',
    '1',
    '.',
    ' ',
    '*',
    '#',
    '\\',
    '`',
    'a|b\n',
    '-|-\n',
    '   text\n',
    'word ',
    '&amp; & <',
  ],
];

/** Whole numbers below a limit, the same ones for the same seed. */
function randomFrom(seed: number): (limit: number) => number {
  let state = seed;
  return (limit) => {
    state = (Math.imul(state, 1_103_515_245) + 12_345) & 0x7fffffff;
    return (state >> 8) % limit;
  };
}
