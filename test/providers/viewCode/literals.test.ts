import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import test from 'node:test';
import { runInNewContext } from 'node:vm';
import { pythonLiteral, shellWord, typescriptLiteral } from '../../../src/providers/viewCode/literals.ts';
import { seeded } from '../../core/tokens/corpus.ts';

const shards = [
  ...[
    "'",
    '"',
    '`',
    '$',
    '${x}',
    '$(id)',
    '\\',
    '\\n',
    '\n',
    '\r\n',
    '\t',
    '!',
    '#',
    '//',
    '/*',
    '*/',
    '%',
    '~',
  ],
  ...[
    '\u2028',
    '\u2029',
    '\u0007',
    '\u007f',
    '\uFEFF',
    '🙂',
    '日本',
    'é',
    'a',
    ' ',
    '-',
    '@',
    '&&',
    '|',
    '<<JSON',
    'JSON',
  ],
  ...["'''", '"""', '{', '}', '{{', 'f"', '__proto__', 'constructor', '</script>', '\\u0041', '\\x41', '\\'],
];

/** 400 texts of what needs care, and data with such keys and values. */
const random = seeded(11);
const texts = Array.from({ length: 400 }, () =>
  Array.from({ length: random(9) }, () => shards[random(shards.length)] ?? '').join(''),
);
const data = texts.map((text, index) =>
  Object.fromEntries([
    [text, [text, index, -index / 7, index * 1e300, true, false, null]],
    ['__proto__', { [text]: {} }],
    ['nested', [[], {}, [text.repeat(9)]]],
  ]),
);

test('a word of the shell is the text', () => {
  const script = `printf '%s\\0' ${texts.map(shellWord).join(' ')}`;
  const { stdout } = spawnSync('sh', ['-s'], { input: script, encoding: 'utf8', maxBuffer: 1e8 });
  assert.deepEqual(stdout.split('\0').slice(0, -1), texts);
});

test('a TypeScript literal is the data', () => {
  for (const value of data) {
    const read: unknown = runInNewContext(`(${typescriptLiteral(value, 4)})`);
    assert.deepEqual(JSON.stringify(read), JSON.stringify(value));
  }
});

test('a Python literal is the data', { skip: spawnSync('python3', ['--version']).status !== 0 }, () => {
  const program = `import json, sys\nprint(json.dumps(${pythonLiteral(data)}))\n`;
  const { stdout, stderr } = spawnSync('python3', ['-'], {
    input: program,
    encoding: 'utf8',
    maxBuffer: 1e8,
  });
  assert.notEqual(stdout, '', stderr);
  assert.deepEqual(JSON.parse(stdout), JSON.parse(JSON.stringify(data)));
});
