import assert from 'node:assert/strict';
import { after, mock, test } from 'node:test';
import type { DocumentChange } from '../../src/host/openDocument.ts';
import { OpenDocument } from '../../src/host/openDocument.ts';
import { Tokenizer } from '../../src/node/tokenizer.ts';

const tokenizer = new Tokenizer();
after(() => tokenizer.dispose());
const always = new AbortController().signal;

/** A document that is changed as the editor does: all changes of one edit are in the text before it. */
class Edited {
  text: string;

  constructor(text: string) {
    this.text = text;
  }

  getText(): string {
    return this.text;
  }

  get length(): number {
    return this.text.length;
  }

  /** Returns the changes from the end to the beginning, as VS Code tells them. */
  edit(...changes: readonly (readonly [start: number, end: number, text: string])[]): DocumentChange[] {
    const told = changes
      .toSorted(([one], [other]) => other - one)
      .map(([start, end, text]) => ({ rangeOffset: start, rangeLength: end - start, text }));
    for (const { rangeOffset, rangeLength, text } of told) {
      this.text = this.text.slice(0, rangeOffset) + text + this.text.slice(rangeOffset + rangeLength);
    }
    return told;
  }
}

async function countOf(text: string): Promise<number> {
  const [tokens = 0] = await tokenizer.count({ texts: [text], tokenizer: 'o200k_base' }, always);
  return tokens;
}

test('after any changes the count is that of the whole text, which is read once', async () => {
  const document = new Edited('The quick brown fox.\n'.repeat(2000));
  const read = mock.method(document, 'getText').mock;
  using open = new OpenDocument(document, 'o200k_base', tokenizer);
  assert.equal(await open.tokens(), await countOf(document.text));
  let seed = 7;
  const random = (below: number): number => (seed = (seed * 16_807) % 2_147_483_647) % below;
  for (let round = 0; round < 50; round++) {
    const start = random(document.length - 40);
    const end = start + random(20);
    open.change(document.edit([start, end, '中文 😀 x'.slice(0, random(8))], [end + 5, end + 6, '\n']));
    if (round % 3 === 0) assert.equal(await open.tokens(), await countOf(document.text));
  }
  assert.equal(await open.tokens(), await countOf(document.text));
  assert.equal(read.callCount(), 1);
});

test('changes that come while it is being counted are in the next count', async () => {
  const document = new Edited('hello world');
  using open = new OpenDocument(document, 'o200k_base', tokenizer);
  const first = open.tokens();
  open.change(document.edit([11, 11, ' again']));
  const second = open.tokens();
  await first;
  assert.equal(await second, await countOf('hello world again'));
});

test('a change without offsets, such as of all line ends, is noticed by the length', async () => {
  const document = new Edited('a\nb\nc');
  using open = new OpenDocument(document, 'o200k_base', tokenizer);
  await open.tokens();
  document.text = 'a\r\nb\r\nc';
  open.change([]);
  assert.equal(await open.tokens(), await countOf('a\r\nb\r\nc'));
});

test('a document that is closed is counted no more', async () => {
  const open = new OpenDocument(new Edited('a'), 'o200k_base', tokenizer);
  await open.tokens();
  open[Symbol.dispose]();
  await assert.rejects(open.tokens(), { kind: 'cancelled' });
});
