/** `node test/webview/look.ts [state…]`: pictures of the panel in every state, theme and width, in test-results/. */
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { attachedPart } from '../../src/core/attachment.ts';
import { root } from '../../.ci/setup.mjs';
import { bundlePanel, launchBrowser, openPanel, type PanelPage, type ShownState } from './harness.ts';
import { noUsage } from '../../src/core/usage/usage.ts';
import type { ContextFigures } from '../../src/protocol.ts';
import {
  answer,
  context,
  failed,
  field,
  finished,
  fitted,
  fullContext,
  lane,
  model,
  paidContext,
  prompt,
  retry,
  running,
  talk,
  threeLanes,
  versionLanes,
  withTokens,
} from './samples.ts';
import type { ThemeName } from './themes.ts';

interface Look {
  readonly state: ShownState;
  readonly then?: (panel: PanelPage) => Promise<void>;
}

const used = {
  ...noUsage,
  summaries: noUsage,
  runs: 7,
  inputTokens: 12_345,
  outputTokens: 1678,
  cost: 0.0423,
};

const looks: Readonly<Record<string, Look>> = {
  form: {
    state: {
      prompt: { ...prompt, values: {} },
      problem: { message: 'explain.prompt needs a value for topic.', missing: ['topic'] },
    },
  },
  formKinds: {
    state: {
      prompt: {
        ...prompt,
        fields: [
          field('notes', { description: 'What to summarize, any number of lines' }),
          field('due', { type: 'date', description: 'When it must be ready' }),
          field('report', { type: 'file', description: 'A text or an image' }),
          field('photo', { type: 'file', required: false }),
          field('tags', { type: 'array', required: false, items: { type: 'text' } }),
          field('audience', { type: 'enum', choices: ['beginner', 'engineer'] }),
          field('examples', { type: 'boolean', required: false }),
        ],
        values: { notes: 'One line\nand another one' },
      },
    },
    then: (panel) =>
      panel.send({
        type: 'filled',
        id: 'f1',
        from: 'the last run',
        values: {
          due: '2026-02-30',
          photo: `data:image/png;base64,${'A'.repeat(46_000)}`,
          tags: ['one', 'two'],
        },
        texts: { report: '# Report\n\nAll went well.' },
      }),
  },
  problem: {
    state: {
      prompt: { ...prompt, fields: [] },
      problem: {
        message: 'The template does not parse: `{{#if` is never closed.',
        missing: [],
        position: { line: 12, column: 3 },
        action: 'open-prompt',
      },
    },
  },
  samples: {
    state: {
      prompt,
      lanes: [0, 0.7, 1.5].map((temperature, index) => {
        const runs = [0, 1, 2, 3, 4].map((place) => ({
          ...finished,
          id: `sample-${index}-${place}`,
          text: place < index * 2 ? `${answer}\n\nSo it goes, ${place}.` : answer,
        }));
        return lane(String(index + 1), {
          settings: { temperature },
          sampleCount: 5,
          run: runs[0] ?? null,
          samples: { runs, pending: 0 },
        });
      }),
    },
  },
  streaming: {
    state: {
      prompt,
      run: {
        ...running,
        startedAt: Date.now() - 2300,
        servedModel: 'demo-2026-11',
        text: answer.slice(0, 700),
      },
    },
  },
  finished: { state: { prompt, run: finished } },
  breakdown: {
    state: { prompt, run: { ...finished, reasoning: 'The user wants three sentences.' } },
    then: (panel) => panel.page.locator('.stats').click(),
  },
  editing: {
    state: {
      prompt: { ...prompt, version: 'f00dcafe' },
      run: { ...finished, outcome: { status: 'finished', reason: 'length' } },
    },
    then: async (panel) => {
      await panel.page.locator('.chips').click();
      await panel.page.getByRole('textbox', { name: /topic/ }).fill('tokenization\nand why it matters');
      await panel.page.getByText('Sent: 2').click();
    },
  },
  silentHost: {
    state: { prompt, run: { ...running, startedAt: Date.now() - 20_000, text: answer.slice(0, 700) } },
    then: async (panel) => {
      await panel.page.evaluate('host.isThere = false');
      await panel.page.locator('.silent-host').waitFor({ timeout: 20_000 });
    },
  },
  failed: { state: { prompt, run: failed } },
  waiting: { state: { prompt, run: { ...running, retry } } },
  tokens: {
    state: { prompt, run: withTokens },
    then: async (panel) => {
      await panel.page.getByRole('button', { name: 'Tokens' }).click();
      await panel.page.locator('[data-index="3"]').hover();
    },
  },
  lanes: { state: { prompt, lanes: threeLanes } },
  lanesVersions: { state: { prompt, lanes: versionLanes } },
  lanesStreaming: {
    state: {
      prompt,
      lanes: [
        lane('1', { run: { ...running, startedAt: Date.now() - 2300, text: answer.slice(0, 300) } }),
        lane('2', { settings: { temperature: 1.2 }, run: { ...failed, id: 'run-2' } }),
        lane('3', { run: { ...running, id: 'run-3', startedAt: Date.now() - 2300 } }),
      ],
    },
  },
  lanesForm: {
    state: {
      prompt: { ...prompt, values: {} },
      lanes: [lane('1'), lane('2', { modelId: 'openai/gpt-5', model: null })],
      problem: { message: 'Give a value to “topic”, then run.', missing: ['topic'] },
    },
  },
  chat: {
    state: { prompt, lanes: [talk] },
    then: (panel) => panel.page.locator('.turn-user').hover(),
  },
  chatEditing: {
    state: { prompt, lanes: [{ ...talk, run: { ...finished, outcome: { status: 'stopped' } } }] },
    then: async (panel) => {
      await panel.page.getByRole('textbox', { name: 'Follow-up' }).fill('One line\nand another one');
      await panel.page.getByRole('button', { name: 'Edit this message' }).click();
    },
  },
  context: {
    state: { prompt, lanes: [talk], used },
    then: (panel) => withContexts(panel, { '1': context }),
  },
  contextOpen: {
    state: { prompt, lanes: [talk], used },
    then: async (panel) => {
      await withContexts(panel, { '1': paidContext });
      await panel.page.locator('.context-line').click();
    },
  },
  contextFull: {
    state: { prompt, lanes: [talk] },
    then: (panel) => withContexts(panel, { '1': fullContext }),
  },
  contextLanes: {
    state: { prompt, lanes: threeLanes },
    then: async (panel) => {
      await withContexts(panel, {
        '1': context,
        '2': { ...context, used: 640, reserved: { tokens: 384, isAssumed: true } },
        '3': paidContext,
      });
      await panel.page.locator('.context-line').click();
    },
  },
  chatLeft: { state: { prompt, run: finished, left: { id: 'c1', title: 'What is a token?' } } },
  chatNew: {
    state: {
      prompt: {
        uri: 'llm-conversation:/c1',
        name: 'New conversation',
        isChat: true,
        modelId: 'local/demo',
        settings: {},
        fields: [],
        values: {},
      },
      chat: {
        id: 'c1',
        title: 'New conversation',
        system: 'You are brief and exact.',
        fitting: { strategy: 'all' },
      },
    },
  },
  chatFitted: {
    state: {
      prompt,
      chat: {
        id: 'c1',
        title: 'What is a token?',
        system: null,
        fitting: { strategy: 'summary', modelId: null },
      },
      lanes: [fitted],
    },
  },
  chatLanes: { state: { prompt, lanes: [talk, { ...talk, id: '2' }], used: { ...used, unpricedRuns: 2 } } },
  images: {
    state: {
      prompt,
      lanes: [{ ...talk, model: { ...model, capabilities: { ...model.capabilities, images: true } } }],
    },
    then: async (panel) => {
      const buffer = await panel.page.screenshot({ clip: { x: 0, y: 0, width: 200, height: 120 } });
      const file = { name: 'shot.png', mimeType: 'image/png', buffer };
      await panel.page.locator('.composer input[type=file]').setInputFiles([file]);
      await panel.page.locator('.image-chip').waitFor();
    },
  },
  attachments: {
    state: {
      prompt,
      attachments: [
        {
          id: 'a',
          path: 'src/core/parse.ts',
          lines: [3, 9],
          tokens: { count: 1204, isExact: false },
          note: '',
        },
        {
          id: 'b',
          path: 'src/core/parse.ts',
          symbol: 'parsePrompt',
          tokens: { count: 311, isExact: true },
          note: '',
        },
        {
          id: 'c',
          path: 'notes.md',
          tokens: null,
          note: '',
          problem: 'notes.md is not there any more. Take it out, or attach it from where it is now.',
        },
      ],
      lanes: [
        {
          ...talk,
          turns: talk.turns.map((turn) =>
            turn.role === 'user'
              ? {
                  ...turn,
                  parts: [attachedPart({ path: 'src/parse.ts', lines: [3, 9] }, 'const a = 1;', 'ts')],
                }
              : turn,
          ),
        },
      ],
    },
  },
  sheet: {
    state: { prompt, run: finished },
    then: (panel) => panel.page.getByRole('button', { name: 'Keyboard shortcuts' }).click(),
  },
  drawer: {
    state: { prompt, lanes: [lane('1', { run: finished, settings: { temperature: 1.1, topP: 0.9 } })] },
    then: (panel) => panel.page.getByRole('button', { name: 'Settings' }).click(),
  },
  drawerSchema: {
    state: {
      prompt,
      lanes: [
        lane('1', {
          run: finished,
          model: { ...model, capabilities: { ...model.capabilities, jsonSchema: true } },
          settings: {
            responseFormat: {
              type: 'json-schema',
              name: 'answer',
              schema: { type: 'object', required: 'name' },
            },
          },
        }),
      ],
    },
    then: async (panel) => {
      await panel.page.getByRole('button', { name: 'Settings' }).click();
      const schema = panel.page.getByRole('textbox', { name: 'JSON Schema of the answer' });
      const text = await schema.inputValue();
      const problems = [{ line: 3, column: 3, message: 'required must be array.' }];
      await panel.send({ type: 'lane', laneId: '1', lane: { schemaCheck: { text, problems } } });
      await panel.page.getByRole('button', { name: 'Open in Editor' }).scrollIntoViewIfNeeded();
    },
  },
  answerChecked: {
    state: {
      prompt,
      lanes: [
        lane('1', {
          run: { ...finished, text: '{"kind": "c"}' },
          check: {
            runId: finished.id,
            against: 'json-schema',
            mismatches: [
              { path: '', message: 'lacks "name"' },
              { path: 'items[1].kind', message: 'must be one of "a", "b"' },
            ],
            more: 3,
          },
        }),
        lane('2', {
          run: { ...finished, id: 'run-2', text: '{"name": "a"}' },
          check: { runId: 'run-2', against: 'json-schema', mismatches: [], more: 0 },
        }),
      ],
    },
  },
  drawerLanes: {
    state: {
      prompt,
      lanes: [
        threeLanes[0] ?? lane('1'),
        lane('2', {
          run: finished,
          settings: { temperature: 1.1 },
          model: { ...model, capabilities: { ...model.capabilities, topK: false, minP: false, stop: false } },
        }),
      ],
    },
    then: (panel) => panel.page.getByRole('button', { name: 'Settings' }).last().click(),
  },
};

/** Answers for the draft that the page has told. */
async function withContexts(
  panel: PanelPage,
  contexts: Readonly<Record<string, ContextFigures>>,
): Promise<void> {
  const draft = (await panel.drafts()).at(-1)?.draft ?? 0;
  const views = Object.entries(contexts).map(([id, figures]) => [id, { draft, figures }] as const);
  await panel.send({ type: 'contexts', contexts: Object.fromEntries(views) });
}

const wanted = process.argv.slice(2);
const folder = join(root, 'test-results', 'look');
await mkdir(folder, { recursive: true });
const browser = await launchBrowser();
const bundle = await bundlePanel();
for (const theme of ['dark', 'light', 'contrast', 'contrastLight'] satisfies ThemeName[]) {
  for (const width of [420, 800, 1180]) {
    for (const [name, { state, then }] of Object.entries(looks)) {
      if (wanted.length > 0 && !wanted.includes(name)) continue;
      if (width > 800 && !state.lanes) continue;
      const panel = await openPanel(browser, bundle, { theme, width, height: 720 });
      await panel.show(state);
      await then?.(panel);
      await panel.page.screenshot({ path: join(folder, `${name}-${theme}-${width}.png`) });
      if (panel.problems.length > 0) console.log(name, theme, width, panel.problems);
      await panel.close();
    }
  }
}
await browser.close();
