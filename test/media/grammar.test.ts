/** The grammar and the snippets of prompts, with the engine that the editor uses. */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import oniguruma from 'vscode-oniguruma';
import textmate from 'vscode-textmate';
import { analyzePrompt } from '../../src/core/prompt/analysis.ts';
import { helperNames } from '../../src/core/prompt/tree.ts';

const media = join(import.meta.dirname, '../../media');
const wasm = createRequire(import.meta.url).resolve('vscode-oniguruma/release/onig.wasm');

const grammar = (async () => {
  await oniguruma.loadWASM(readFileSync(wasm));
  const registry = new textmate.Registry({
    onigLib: Promise.resolve({
      createOnigScanner: (patterns) => new oniguruma.OnigScanner(patterns),
      createOnigString: (text) => new oniguruma.OnigString(text),
    }),
    // The editor's own grammars of YAML and Markdown are not here: their scopes alone are looked at.
    loadGrammar: (scopeName) =>
      Promise.resolve(
        scopeName === 'text.llm-prompt'
          ? textmate.parseRawGrammar(read('prompt.tmLanguage.json'), 'prompt.tmLanguage.json')
          : textmate.parseRawGrammar(JSON.stringify({ scopeName, patterns: [] }), `${scopeName}.json`),
      ),
  });
  const loaded = await registry.loadGrammar('text.llm-prompt');
  assert.ok(loaded);
  return loaded;
})();

/** What the innermost scope of each piece of text is, without `.handlebars`; pieces without one are left out. */
async function scopes(text: string): Promise<readonly string[]> {
  let state = textmate.INITIAL;
  const found: string[] = [];
  for (const line of text.split('\n')) {
    const { tokens, ruleStack } = (await grammar).tokenizeLine(line, state);
    state = ruleStack;
    for (const { startIndex, endIndex, scopes: all } of tokens) {
      const piece = line.slice(startIndex, endIndex).trim();
      const innermost = all.at(-1) ?? '';
      if (piece !== '' && all.length > 1) found.push(`${piece} ${innermost.replace('.handlebars', '')}`);
    }
  }
  return found;
}

describe('the grammar', () => {
  test('tells the front matter, roles, helpers, variables and comments apart', async () => {
    const text = '---\nname: x\n---\n{{role "system"}}\n{{#if a}}{{user.name}}{{/if}} {{!-- {{b}} --}}';
    assert.deepEqual(await scopes(text), [
      '--- punctuation.definition.begin.frontmatter',
      'name: x meta.embedded.block.frontmatter',
      '--- punctuation.definition.end.frontmatter',
      '{{ punctuation.definition.tag.begin',
      'role keyword.control.role',
      '"system" string.quoted.double',
      '}} punctuation.definition.tag.end',
      '{{ punctuation.definition.tag.begin',
      '# keyword.operator',
      'if keyword.control',
      'a variable.parameter',
      '}} punctuation.definition.tag.end',
      '{{ punctuation.definition.tag.begin',
      'user.name variable.parameter',
      '}} punctuation.definition.tag.end',
      '{{ punctuation.definition.tag.begin',
      '/ keyword.operator',
      'if keyword.control',
      '}} punctuation.definition.tag.end',
      '{{!-- comment.block',
      '{{b}} comment.block',
      '--}} comment.block',
    ]);
  });

  for (const name of helperNames) {
    test(`${name} is a helper, and a name that begins with it is a variable`, async () => {
      const [, helper] = await scopes(`{{${name} a}}`);
      assert.match(helper ?? '', new RegExp(`^${name} keyword\\.control`));
      for (const longer of [`${name}where`, `${name}-2`, `${name}_text`]) {
        assert.equal((await scopes(`{{${longer}}}`))[1], `${longer} variable.parameter`);
      }
    });
  }

  test('a line of --- in the template is text', async () => {
    assert.deepEqual(await scopes('Hello\n---\n{{a}}'), [
      '{{ punctuation.definition.tag.begin',
      'a variable.parameter',
      '}} punctuation.definition.tag.end',
    ]);
  });
});

describe('the snippets', () => {
  const snippets = JSON.parse(read('prompt.snippets.json')) as Record<string, { body: string[] }>;
  for (const [name, { body }] of Object.entries(snippets)) {
    test(`${name} is a prompt without an error`, async () => {
      const written = withoutPlaceholders(body.join('\n'));
      const text = name === 'JSON answer' ? `---\n${written}\n---\n` : written;
      const { problems } = await analyzePrompt(text);
      assert.deepEqual(problems, []);
    });
  }
});

/** What stands there when every placeholder is left as it is. */
function withoutPlaceholders(body: string): string {
  const texts = new Map([...body.matchAll(/\$\{(\d+):([^}$]*)\}/g)].map(([, id, text]) => [id, text]));
  return body
    .replaceAll(/\$\{(\d+):\$(\d+)\}/g, (_, __, other: string) => texts.get(other) ?? '')
    .replaceAll(/\$\{(\d+)(?::([^}]*))?\}/g, (_, id: string) => texts.get(id) ?? '')
    .replaceAll(/\$\d/g, '');
}

function read(file: string): string {
  return readFileSync(join(media, file), 'utf8');
}
