import assert from 'node:assert/strict';
import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { formatFrontMatter } from '../../../src/core/prompt/formatFrontMatter.ts';

const root = join(import.meta.dirname, '../../..');

function formatted(frontMatter: string): string {
  const text = formatFrontMatter(`---\n${frontMatter}\n---\n{{a}}  \n`);
  assert.ok(text.endsWith('\n---\n{{a}}  \n'));
  return text.slice(4, -'\n---\n{{a}}  \n'.length);
}

describe('formatting the front matter', () => {
  test('lays out levels, spaces and empty lines, and keeps comments, quotes and the order of keys', () => {
    assert.equal(
      formatted(`# At the top
version:    1.10   # kept as written


config: {temperature: 0.5,topP: 1}
input:
    schema:
        b?:    string, what it is for
        # About a
        a(array): string
    default:
      a:
      - one
      -   "two"
name: x`),
      `# At the top
version: 1.10 # kept as written

config: { temperature: 0.5, topP: 1 }
input:
  schema:
    b?: string, what it is for
    # About a
    a(array): string
  default:
    a:
      - one
      - "two"
name: x`,
    );
  });

  test('keeps the lines of long texts, folded or not', () => {
    const text = `description: >-
  one line
  and another
notes.a: |
  literal  \n   text
notes.b: ${'long '.repeat(60)}end`;
    assert.equal(formatted(text), text);
    const spread = 'name:   x\na.b:   >-\n     folded\n     text\n\n     end\na.c: [a,  b ]';
    assert.equal(formatted(spread), 'name: x\na.b: >-\n  folded\n  text\n\n  end\na.c: [a, b]');
  });

  test('keeps anchors, CRLF and a byte order mark, and the template to the byte', () => {
    assert.equal(
      formatFrontMatter('\uFEFF---\r\nname:   x\r\na.b: &a {y: 1}\r\na.c: *a\r\n---\r\n\tBody \n\r\n'),
      '\uFEFF---\r\nname: x\r\na.b: &a { y: 1 }\r\na.c: *a\r\n---\r\n\tBody \n\r\n',
    );
  });

  const untouched = [
    'no front matter',
    '---\n---\nempty',
    '---\nname: [\n---\nnot YAML',
    '---\nname:   x\nnever closed',
    '---\nname:   [1]\n---\nof the wrong type',
  ];
  for (const text of untouched) {
    test(`leaves ${JSON.stringify(text)} as it is`, () => assert.equal(formatFrontMatter(text), text));
  }

  test('changes nothing the second time, in any of the samples', () => {
    const files = globSync(['prompts/**/*.prompt', 'test/fixtures/**/*.prompt'], { cwd: root });
    assert.ok(files.length > 10);
    for (const file of files) {
      const once = formatFrontMatter(readFileSync(join(root, file), 'utf8'));
      assert.equal(formatFrontMatter(once), once, file);
    }
  });

  test('changes nothing in our own samples, which are laid out already', () => {
    for (const file of globSync('prompts/**/*.prompt', { cwd: root })) {
      const text = readFileSync(join(root, file), 'utf8');
      assert.equal(formatFrontMatter(text), text, file);
    }
  });
});
