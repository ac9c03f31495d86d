import assert from 'node:assert/strict';
import { test } from 'node:test';
import { LiveTable } from '../../src/cli/liveTable.ts';
import { run } from '../core/conversation/fixtures.ts';

const running = run('run', { startedAt: 1_000, text: '', outcome: { status: 'running' } });

/** A terminal that understands what the table writes, and nothing else. */
class Terminal {
  readonly lines: string[] = [];
  #row = 0;

  write(text: string): void {
    for (const [, up, clear, mode, end, plain = ''] of text.matchAll(
      /\u001b\[(\d+)A\r|(\u001b\[(?:2K|J))|(\u001b\[\?7[lh])|(\n)|([^\u001b\n]+)/g,
    )) {
      if (up !== undefined) this.#row -= Number(up);
      else if (clear === '\u001b[2K') this.lines[this.#row] = '';
      else if (clear !== undefined) this.lines.length = this.#row;
      else if (end !== undefined) this.#row++;
      else if (mode === undefined) this.lines[this.#row] = (this.lines[this.#row] ?? '') + plain;
    }
  }
}

test('each run has one line, which says how it stands now', (context) => {
  context.mock.timers.enable({ apis: ['setInterval'] });
  const terminal = new Terminal();
  const table = new LiveTable(terminal, ['local/a', 'openai/gpt-b'], () => 3_000);
  assert.deepEqual(terminal.lines, ['local/a       waiting', 'openai/gpt-b  waiting']);
  table.show(0, { ...running, text: `${'a'.repeat(96)}\nThe end` });
  table.show(1, { ...running, reasoning: 'Hm.' });
  context.mock.timers.tick(100);
  assert.deepEqual(terminal.lines, [
    `local/a       answering    2.0 s     ~26 tokens    ~13.0 tok/s  ${'a'.repeat(72)} The end`,
    'openai/gpt-b  thinking     2.0 s      ~1 tokens     ~0.5 tok/s  Hm.',
  ]);
  table.close();
});

test('a run that has ended shows what was reported, and one that failed shows why', (context) => {
  context.mock.timers.enable({ apis: ['setInterval'] });
  const terminal = new Terminal();
  const table = new LiveTable(terminal, ['a', 'b'], () => 9_000);
  table.show(0, {
    ...running,
    text: 'Done.',
    usage: { inputTokens: 5, outputTokens: 1_200 },
    timing: { timeToFirstTokenMs: 500, totalMs: 2_500 },
    outcome: { status: 'finished', reason: 'stop' },
  });
  const error = { kind: 'auth', message: 'No key.', retryable: false } as const;
  table.show(1, { ...running, timing: { totalMs: 30 }, outcome: { status: 'failed', error } });
  context.mock.timers.tick(100);
  assert.deepEqual(terminal.lines, [
    'a  stop         2.5 s   1,200 tokens      600 tok/s  Done.',
    'b  failed       0.0 s      ~0 tokens                 No key.',
  ]);
  table.close();
  assert.deepEqual(terminal.lines, []);
});

test('what a model writes moves no cursor', (context) => {
  context.mock.timers.enable({ apis: ['setInterval'] });
  const terminal = new Terminal();
  const table = new LiveTable(terminal, ['a'], () => 2_000);
  table.show(0, { ...running, text: '\u001b[2J gone\r\n' });
  context.mock.timers.tick(100);
  assert.match(terminal.lines[0] ?? '', /␛\[2J gone$/);
  table.close();
});

test('a terminal without a row for each run gets none', () => {
  const rows = (count: number) => ({ write: () => undefined, rows: count });
  assert.deepEqual([LiveTable.fits(rows(4), 3), LiveTable.fits(rows(3), 3)], [true, false]);
});
