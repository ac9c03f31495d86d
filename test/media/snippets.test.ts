import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { parsePrompt } from '../../src/core/prompt/parse.ts';
import { settingsOf } from '../../src/core/prompt/settings.ts';
import { presets } from '../../webview/settings.ts';

interface Snippet {
  readonly prefix: string | readonly string[];
  readonly body: readonly string[];
}

test('the snippets for settings say what the presets of the panel set', () => {
  const file = new URL('../../media/prompt.snippets.json', import.meta.url);
  const snippets = Object.values(JSON.parse(readFileSync(file, 'utf8')) as Record<string, Snippet>);
  const names = { code: 'Code', factual: 'Precise', chat: 'Balanced', creative: 'Creative' };
  for (const [name, preset] of Object.entries(names)) {
    const snippet = snippets.find(({ prefix }) => prefix === `config ${name}`);
    const { config } = parsePrompt(`---\n${snippet?.body.join('\n') ?? ''}\n---\nHello`).frontMatter;
    assert.deepEqual(settingsOf(config), {
      settings: presets.find((each) => each.name === preset)?.settings,
      warnings: [],
    });
  }
});
