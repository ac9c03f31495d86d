/** Where values come from on the command line, with what `render` makes of them. */
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, describe, test } from 'node:test';
import { type CliOutcome, runCli } from './cliFixture.ts';

const folder = mkdtempSync(join(tmpdir(), 'cli-values-'));
after(() => rmSync(folder, { recursive: true }));

writeFileSync(
  join(folder, 'a.prompt'),
  '---\ninput:\n  schema:\n    topic: string\n    count?: integer\n    report?: file\n---\n{{topic}} {{count}} {{report}}\n',
);
writeFileSync(join(folder, 'report.md'), 'All went well.\n');
writeFileSync(join(folder, 'broken.json'), '{"topic": "x",\n "count": }');
writeFileSync(join(folder, 'a.prompt.inputs.json'), '{"short": {"topic": "from the set", "count": 7}}');

describe('values on the command line', () => {
  test('a value is read from standard input', () => {
    assert.equal(rendered(['--var', 'topic=-'], 'piped\ntext'), 'piped\ntext');
  });

  test('all values are read from standard input, and --var wins over them', () => {
    const values = ['--vars', '-', '--var', 'count=2'];
    assert.equal(rendered(values, '{"topic": "tokens", "count": 1}'), 'tokens 2');
  });

  test('standard input is read once', () => {
    assertFails(['--vars', '-', '--var', 'topic=-'], 2, /Only one value can come from standard input/);
  });

  test('the value of a file is its path', () => {
    assert.equal(rendered(['--var', 'topic=x', '--var', 'report=report.md']), 'x  All went well.');
    assertFails(['--var', 'topic=x', '--var', 'report=none.md'], 1, /a\.prompt:6:5: .*"report".*none\.md/);
  });

  test('a named set is taken from the file beside the prompt', () => {
    assert.equal(rendered(['--inputs', 'short', '--var', 'count=8']), 'from the set 8');
    assertFails(['--inputs', 'long'], 2, /a\.prompt\.inputs\.json has no set "long"\. Its sets: short\./);
  });

  test('a name in a file that is no variable is warned about', () => {
    const { stderr, status } = render(['--vars', '-'], '{"topic": "x", "topci": "y"}');
    assert.match(
      stderr,
      /^Warning \(topci\): The prompt has no such variable\. Its variables: topic, count/m,
    );
    assert.equal(status, 0);
  });

  test('a file that is not JSON is told with its place', () => {
    assertFails(['--vars', 'broken.json'], 1, /^broken\.json:2:11: This is not JSON: A value is missing/m);
    assertFails(['--vars', '-'], 1, /^standard input:1:1: This is not JSON/m);
    assertFails(['--vars', 'none.json'], 1, /^none\.json: There is no such file\./m);
  });

  test('a value of the wrong type is told where it is declared', () => {
    assertFails(['--var', 'topic=x', '--var', 'count=many'], 1, /^a\.prompt:5:5: "count" must be a whole/m);
    assertFails(
      ['--vars', '-'],
      1,
      /^a\.prompt:5:5: "count" must be a whole/m,
      '{"topic": "", "count": 1.5}',
    );
  });
});

function render(args: readonly string[], input = ''): CliOutcome {
  return runCli(['render', 'a.prompt', ...args], { cwd: folder, input });
}

/** The text of the one message, without the line's end. */
function rendered(args: readonly string[], input?: string): string {
  const { stdout, stderr } = render(args, input);
  assert.equal(stderr, '');
  const messages = JSON.parse(stdout) as [{ content: [{ text: string }] }];
  return messages[0].content[0].text.trim();
}

function assertFails(args: readonly string[], expected: number, message: RegExp, input?: string): void {
  const { status, stderr } = render(args, input);
  assert.match(stderr, message);
  assert.equal(status, expected);
}
