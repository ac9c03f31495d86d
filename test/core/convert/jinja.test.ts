import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { describe, test } from 'node:test';
import { Warnings } from '../../../src/core/convert/conversion.ts';
import { exportPrompt } from '../../../src/core/convert/exportPrompt.ts';
import { jinjaToHandlebars } from '../../../src/core/convert/jinjaToHandlebars.ts';
import { placeAt } from '../../../src/core/convert/readJson.ts';
import { createHandlebars } from '../../../src/core/prompt/template.ts';
import { parsePrompt } from '../../../src/core/prompt/parse.ts';
import { renderPrompt } from '../../../src/core/prompt/render.ts';

const values = {
  name: 'Ana',
  empty: '',
  zero: 0,
  yes: true,
  no: false,
  list: [
    { id: 1, tags: ['a', 'b'] },
    { id: 2, tags: [] },
  ],
  nobody: [],
  map: { one: 1, two: 2 },
  'with-dash': 'd',
  item: 'outer',
};

/** Templates that have an exact form, all of them on one line or with white space control. */
const exact = [
  'Hello {{ name }}, {{name}}!',
  '{% if name %}yes{% else %}no{% endif %}{% if empty %}yes{% else %}no{% endif %}{% if nobody %}1{% endif %}{% if zero %}2{% endif %}',
  '{% if not name %}a{% elif name == "Ana" %}b{% else %}c{% endif %}',
  "{% if name != 'Ana' %}a{% elif not empty %}b{% endif %}",
  '{% if yes == true and name %}both{% endif %}{% if yes and no %}no{% endif %}{% if (name) %}p{% endif %}',
  '{% for item in list %}[{{ item.id }}:{% for tag in item.tags %}{{ tag }}{% if not loop.last %},{% endif %}{% else %}-{% endfor %} {{ name }} {{ loop.index0 }}]{% endfor %}',
  '{{ item }}{% for item in list %}{{ item["id"] }},{{ loop.first | tojson }},{% endfor %}{{ item }}',
  '{% for key, value in map.items() %}{{ key }}={{ value }};{% endfor %}',
  '{% for x in nobody %}x{% else %}nothing{% endfor %}',
  'a {{- name -}} b {%- if yes -%} c {%- endif %} d',
  '{% raw %}{{ name }} {% if %} \\{{x}}{% endraw %} \\{{ name }} \\\\{{ name }}',
  '{{ "{{" }} and {{ \'}}\' }} { {{ name }} }',
  '{# a comment }} #}text',
  '{{ list[0].tags[1] }} {{ map.one }} {{ map["two"] | safe }}',
];

const hasJinja = spawnSync('python3', ['-c', 'import jinja2']).status === 0;

describe('a Jinja template', () => {
  test('with an exact form prints what Jinja prints, without a warning', { skip: !hasJinja }, async () => {
    const templates = exact.filter((template) => !template.startsWith('{{{'));
    const expected = inJinja(templates);
    for (const [index, template] of templates.entries()) {
      const { text, warnings } = convert(template);
      const told = warnings.list.filter(({ message }) => !message.includes('tojson'));
      assert.deepEqual(told, [], template);
      assert.equal(await inHandlebars(text), expected[index], `${template}\n${text}`);
    }
  });

  const lost = [
    '{{ name | upper }}',
    '{% set x = 1 %}',
    '{{ 1 + 2 }}',
    '{% for x in list %}{{ loop.index }}{% endfor %}',
    '{% for x in range(3) %}t{% endfor %}',
    '{% if a > 3 %}t{% endif %}',
    '{% if a or b %}t{% endif %}',
    '{% include "x" %}',
    '{{ list[-1] }}',
    '{{ f(x) }}',
  ];
  for (const template of lost) {
    test(`keeps ${template} as a comment, with a warning at its line`, async () => {
      const { text, warnings } = convert(`one\n${template}`);
      assert.equal(warnings.list[0]?.line, 2);
      assert.match(await inHandlebars(text), /^one\nt*$/);
      assert.match(text, /\{\{!-- \{[%{]/);
    });
  }
});

describe('a prompt in Jinja', () => {
  const templates = [
    '{{#if name}}a{{else if empty}}b{{else}}c{{/if}} {{#unless no}}u{{/unless}}',
    '{{#each list}}[{{id}}{{#each tags}}{{this}}{{@root.name}}{{../id}}{{#unless @last}},{{/unless}}{{/each}}]{{else}}none{{/each}}',
    '{{#each list as |row|}}{{row.id}}:{{@index}}:{{@first}}{{/each}}',
    '{{#with map}}{{one}}{{/with}} {{#ifEquals name "Ana"}}is{{else}}not{{/ifEquals}} {{map.two}}',
    'literal \\{{x}} {% if %} {# no #} {{name}}\n  indented',
    '{{#unlessEquals name empty}}x{{/unlessEquals}}\n{{#if yes}}\nline\n{{/if}}\nend',
    '{{!-- a note --}}text {{> part}}',
  ];

  test('prints what it prints here', { skip: !hasJinja }, async () => {
    for (const text of templates) {
      const partials = (): string => 'of {{name}}';
      const { text: yaml } = await exportPrompt({ text, partials }, 'prompty');
      const body = yaml.slice(yaml.indexOf('\n---\nuser:\n') + 11);
      const { messages } = await renderPrompt(parsePrompt(text), values, { partials });
      const here = messages
        .map(({ content }) => content.map((part) => (part.type === 'text' ? part.text : '')).join(''))
        .join('');
      // Jinja writes True for true.
      assert.equal(
        inJinja([body])[0]?.trimEnd().replaceAll('True', 'true').replaceAll('False', 'false'),
        here,
        `${text}\n${body}`,
      );
    }
  });
});

function convert(template: string): { text: string; warnings: Warnings } {
  const warnings = new Warnings();
  return {
    text: jinjaToHandlebars({ template, placeOf: (offset) => placeAt(template, offset) }, warnings),
    warnings,
  };
}

async function inHandlebars(text: string): Promise<string> {
  const handlebars = await createHandlebars();
  handlebars.registerHelper({
    json: (value: unknown) => JSON.stringify(value),
    ifEquals(this: unknown, a: unknown, b: unknown, call: Handlebars.HelperOptions) {
      return a === b ? call.fn(this) : call.inverse(this);
    },
    unlessEquals(this: unknown, a: unknown, b: unknown, call: Handlebars.HelperOptions) {
      return a !== b ? call.fn(this) : call.inverse(this);
    },
  });
  return handlebars.compile(text, { noEscape: true })(values);
}

function inJinja(templates: readonly string[]): readonly string[] {
  const program =
    'import json, sys, jinja2\nasked = json.load(sys.stdin)\nprint(json.dumps([jinja2.Environment().from_string(t).render(**asked["values"]) for t in asked["templates"]]))';
  const { stdout, stderr } = spawnSync('python3', ['-c', program], {
    input: JSON.stringify({ templates, values }),
    encoding: 'utf8',
  });
  assert.notEqual(stdout, '', stderr);
  return JSON.parse(stdout) as string[];
}
