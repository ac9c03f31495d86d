/** The inspector's page with states that the real tokenizers made. */
import { join } from 'node:path';
import { root } from '../../.ci/setup.mjs';
import { type InspectedModels, inspectedTokenizers } from '../../src/host/inspectedTokenizers.ts';
import { Inspection } from '../../src/host/inspection.ts';
import {
  type InspectorMessage,
  type InspectorRequest,
  type InspectorState,
  inspectorVersion,
} from '../../src/inspectorProtocol.ts';
import { Prices } from '../../src/node/prices.ts';
import { Tokenizer } from '../../src/node/tokenizer.ts';
import { bundledPage } from './bundledPage.ts';
import type { Bundle, PanelPage } from './harness.ts';

export const sample = `Tokenization splits text into pieces.
A byte-pair encoder learns which neighbours to join: unbelievable, indivisible.

\tconst größe = 42; // 中文 👩‍💻
<|endoftext|> is plain text here.
`;

export async function bundleInspector(): Promise<Bundle> {
  const textOf = await bundledPage({ main: join(root, 'webview/inspector/main.tsx') });
  return { script: textOf('main.js'), style: textOf('main.css') };
}

/** An inspection with the real tokenizers; what it tells is kept in `told`. */
export class SampleInspection implements Disposable {
  readonly told: InspectorMessage[] = [];
  readonly tokenizer = new Tokenizer();
  readonly inspection = new Inspection(this.tokenizer, (message) => this.told.push(message));

  async inspect(
    text: string,
    { ofFile = 'openai/gpt-5', added = [] }: Partial<InspectedModels> = {},
  ): Promise<InspectorState> {
    const prices = new Prices({ own: () => ({}) });
    const surroundings = {
      priceOf: (modelId: string) => prices.priceOf(modelId, new Date('2026-11-25')),
      tokenizer: this.tokenizer,
      localFileOf: () => join(root, 'media', 'demo.gguf'),
    };
    const never = new AbortController().signal;
    const { tokenizers } = await inspectedTokenizers({ ofFile, added }, surroundings, never);
    await this.inspection.inspect(text, { name: 'notes.md', what: 'the selection' }, tokenizers);
    return this.inspection.state;
  }

  [Symbol.dispose](): void {
    this.inspection.dispose();
    this.tokenizer.dispose();
  }
}

/** The inspector's page, which the panel's harness has opened. */
export class InspectorPage {
  readonly panel: PanelPage;

  constructor(panel: PanelPage) {
    this.panel = panel;
  }

  async show(state: InspectorState): Promise<void> {
    await this.send({ type: 'snapshot', version: inspectorVersion, state });
  }

  async send(...messages: readonly InspectorMessage[]): Promise<void> {
    await this.panel.page.evaluate(`host.send(${JSON.stringify(messages)})`);
  }

  async posted(): Promise<readonly InspectorRequest[]> {
    return this.panel.page.evaluate<InspectorRequest[]>('host.posted');
  }

  /** Answers what the page has asked about merges. */
  async answerSteps(sampled: SampleInspection): Promise<void> {
    const asked = (await this.posted()).findLast((request) => request.type === 'steps');
    if (asked) await sampled.inspection.steps(asked);
    await this.send(...sampled.told.slice(-1));
  }
}
