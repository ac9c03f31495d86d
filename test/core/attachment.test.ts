import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { attachedPart, attachmentLabel, languageOfName } from '../../src/core/attachment.ts';

describe('an attached text', () => {
  test('is sent between fences, below where it is from, and ends with an empty line', () => {
    const attachment = { path: 'src/parse.ts', lines: [3, 5], symbol: 'parse' } as const;
    assert.deepEqual(attachedPart(attachment, 'one\ntwo', 'ts'), {
      type: 'text',
      text: 'From `src/parse.ts`, `parse`, lines 3–5:\n\n```ts\none\ntwo\n```\n\n',
      attachment,
    });
  });

  test('stays in its fence, whatever it holds', () => {
    const { text } = attachedPart({ path: 'a.md' }, '```\nnot the end\n```\n````\n', 'md');
    assert.equal(text, 'From `a.md`:\n\n`````md\n```\nnot the end\n```\n````\n`````\n\n');
  });

  test('has a name in one line that turns no text around', () => {
    const attachment = { path: 'a`b\n## c\u202e.ts', lines: [7, 7] } as const;
    assert.equal(attachmentLabel(attachment), "a'b ## c .ts, line 7");
    assert.match(attachedPart(attachment, 'x', '').text, /^From `a'b ## c \.ts`, line 7:\n/);
  });

  test('has the ending of its file behind the fence', () => {
    assert.deepEqual(['a/b.tar.GZ', '.gitignore', 'Makefile', 'x.c++', 'odd.``` evil'].map(languageOfName), [
      'gz',
      '',
      '',
      'c++',
      '',
    ]);
  });
});
