import assert from 'node:assert/strict';
import { test } from 'node:test';
import { csvField, usageCsv } from '../../../src/core/usage/csv.ts';
import { everyDay, nameOfRow, noUsage } from '../../../src/core/usage/usage.ts';

test('usage becomes a line each below the names, without powers of ten', () => {
  const row = { ...noUsage, key: '2026-11-24', runs: 2, inputTokens: 10, cost: 0.00000012 };
  assert.equal(
    usageCsv('day', [row]),
    'day,runs,input_tokens,cached_tokens,output_tokens,reasoning_tokens,cost_usd,unpriced_runs\r\n' +
      '2026-11-24,2,10,0,0,0,0.00000012,0\r\n',
  );
});

test('a prompt has its name and its address', () => {
  const [, line] = usageCsv('prompt', [{ ...noUsage, key: 'file:///a%20b/%3Dc.prompt' }]).split('\r\n');
  assert.equal(line, "'=c.prompt,file:///a%20b/%3Dc.prompt,0,0,0,0,0,0,0");
});

for (const [text, field] of [
  ['plain', 'plain'],
  ['a,b', '"a,b"'],
  ['say "hi"', '"say ""hi"""'],
  ['two\nlines', '"two\nlines"'],
  ['=1+1', "'=1+1"],
  ['+1', "'+1"],
  ['@sum', "'@sum"],
  ['-cmd', "'-cmd"],
  ['-5', '-5'],
  ['=a,"b"', `"'=a,""b"""`],
] as const) {
  test(`${JSON.stringify(text)} is written so that a spreadsheet reads it as text`, () => {
    assert.equal(csvField(text), field);
  });
}

test('days without runs are filled in, over the end of a month and of summer time', () => {
  const days = everyDay([{ ...noUsage, key: '2026-11-01', runs: 3 }], '2026-10-24', '2026-11-02');
  assert.equal(days.length, 10);
  assert.deepEqual(
    days.filter(({ runs }) => runs > 0).map(({ key }) => key),
    ['2026-11-01'],
  );
});

test('a prompt is named by its file', () => {
  assert.deepEqual(
    [nameOfRow('prompt', 'file:///x/a%20b.prompt'), nameOfRow('prompt', ''), nameOfRow('model', 'a/b')],
    ['a b.prompt', '(no file)', 'a/b'],
  );
});
