/**
 * The adapters against a bare loop over the same SDK on the same stream: time and processor time for 10,000 tokens, the
 * first token against a raw fetch, and memory over 200,000 tokens.
 */
import Sdk from '@anthropic-ai/sdk';
import { GoogleGenAI } from '@google/genai/web';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { Ollama as OllamaSdk } from 'ollama/browser';
import OpenAiSdk from 'openai';
import { textMessage } from '../../src/core/chat.ts';
import type { Provider } from '../../src/core/provider.ts';
import { Anthropic } from '../../src/providers/anthropic/anthropic.ts';
import type { Connection } from '../../src/providers/connection.ts';
import { Gemini } from '../../src/providers/gemini/gemini.ts';
import { Ollama } from '../../src/providers/ollama/ollama.ts';
import { OpenAi } from '../../src/providers/openai/openai.ts';
import { testConnection } from '../support/connection.ts';
import { median } from './median.ts';
import type { StreamKind } from './streams.ts';

interface Contestant {
  readonly make: (connection: Connection) => Provider;
  readonly model: string;
  /** Reads the whole answer with the SDK alone and counts its pieces. */
  readonly bare: (url: string) => Promise<number>;
}

const hello = 'Hello';
const contestants: Readonly<Record<StreamKind, Contestant>> = {
  chat: {
    make: (connection) => new OpenAi(connection),
    model: 'gpt-4o',
    bare: async (baseURL) => {
      const client = new OpenAiSdk({ baseURL, apiKey: 'k' });
      const messages = [{ role: 'user' as const, content: hello }];
      return count(await client.chat.completions.create({ model: 'gpt-4o', messages, stream: true }));
    },
  },
  responses: {
    make: (connection) => new OpenAi(connection),
    model: 'gpt-5',
    bare: async (baseURL) => {
      const client = new OpenAiSdk({ baseURL, apiKey: 'k' });
      return count(await client.responses.create({ model: 'gpt-5', input: hello, stream: true }));
    },
  },
  anthropic: {
    make: (connection) => new Anthropic(connection),
    model: 'claude-bench',
    bare: async (baseURL) => {
      const client = new Sdk({ baseURL, apiKey: 'k' });
      const messages = [{ role: 'user' as const, content: hello }];
      return count(
        await client.messages.create({ model: 'claude-bench', max_tokens: 9, messages, stream: true }),
      );
    },
  },
  ollama: {
    make: (connection) => new Ollama(connection),
    model: 'bench',
    bare: async (host) => {
      const messages = [{ role: 'user', content: hello }];
      return count(await new OllamaSdk({ host }).chat({ model: 'bench', messages, stream: true }));
    },
  },
  gemini: {
    make: (connection) => new Gemini(connection),
    model: 'gemini-2.5-flash',
    bare: async (baseUrl) => {
      const client = new GoogleGenAI({ apiKey: 'k', httpOptions: { baseUrl } });
      return count(await client.models.generateContentStream({ model: 'gemini-2.5-flash', contents: hello }));
    },
  },
};

const rounds = 7;
const server = spawn(process.execPath, [new URL('./streamServer.ts', import.meta.url).pathname], {
  stdio: ['pipe', 'pipe', 'inherit'],
});
const [origin] = (await once(createInterface(server.stdout), 'line')) as [string];

for (const [kind, contestant] of Object.entries(contestants)) await compare(kind as StreamKind, contestant);
await memory();
server.stdin.end();

async function compare(kind: StreamKind, contestant: Contestant): Promise<void> {
  const tokens = 10_000;
  const url = `${origin}/${kind}/${tokens}`;
  const runs = {
    ours: () => adapter(contestant, url),
    bare: () => contestant.bare(url),
  };
  const wall: Record<keyof typeof runs, number[]> = { ours: [], bare: [] };
  const cpu: Record<keyof typeof runs, number[]> = { ours: [], bare: [] };
  for (let round = -2; round < rounds; round++) {
    for (const [name, run] of Object.entries(runs) as [keyof typeof runs, () => Promise<number>][]) {
      const [startedAt, before] = [performance.now(), process.cpuUsage()];
      const pieces = await run();
      if (pieces < tokens) throw new Error(`${kind}, ${name}: only ${pieces} pieces came`);
      const { user, system } = process.cpuUsage(before);
      if (round < 0) continue;
      wall[name].push(performance.now() - startedAt);
      cpu[name].push((user + system) / 1000);
    }
  }
  const perSecond = Math.round((tokens / median(wall.ours)) * 1000).toLocaleString('en');
  console.log(
    `  ${kind.padEnd(10)} ${perSecond.padStart(9)} events/s · time ${ratio(wall)} of the bare loop (aim 1.15) · ` +
      `CPU per 10,000 tokens ${median(cpu.ours).toFixed(0)} ms, ${ratio(cpu)} · ` +
      `first token +${(await firstToken(kind, contestant)).toFixed(1)} ms over a raw fetch (aim 3)`,
  );
}

/** Milliseconds that the adapter adds until the first token. */
async function firstToken(kind: StreamKind, contestant: Contestant): Promise<number> {
  const url = `${origin}/${kind}/64`;
  const [ours, raw]: [number[], number[]] = [[], []];
  for (let round = -3; round < 21; round++) {
    const oursAt = performance.now();
    const events = contestant.make(testConnection(url)).stream(request(contestant.model), signal());
    for await (const event of events) if (event.type === 'text') break;
    const rawAt = performance.now();
    const response = await fetch(`${url}/raw`, { method: 'POST', body: '{}' });
    await response.body?.getReader().read();
    if (round >= 0) {
      ours.push(rawAt - oursAt);
      raw.push(performance.now() - rawAt);
    }
  }
  return median(ours) - median(raw);
}

async function memory(): Promise<void> {
  const contestant = contestants.chat;
  const heap = (): number => {
    globalThis.gc?.();
    return process.memoryUsage().heapUsed / 1e6;
  };
  await adapter(contestant, `${origin}/chat/20000`);
  const before = heap();
  let peak = before;
  let tokens = 0;
  const provider = contestant.make(testConnection(`${origin}/chat/200000`));
  for await (const event of provider.stream(request(contestant.model), signal())) {
    if (event.type === 'text' && ++tokens % 20_000 === 0) peak = Math.max(peak, heap());
  }
  const measured = globalThis.gc ? '' : ' (without --expose-gc: garbage counted too)';
  console.log(
    `  memory     over 200,000 tokens the heap grew by ${(peak - before).toFixed(1)} MB${measured}`,
  );
}

async function adapter({ make, model }: Contestant, url: string): Promise<number> {
  let pieces = 0;
  for await (const event of make(testConnection(url)).stream(request(model), signal()))
    if (event.type === 'text') pieces++;
  return pieces;
}

function request(model: string) {
  return { model, messages: [textMessage('user', hello)], settings: {} };
}

function signal(): AbortSignal {
  return new AbortController().signal;
}

async function count(pieces: AsyncIterable<unknown>): Promise<number> {
  let counted = 0;
  for await (const _ of pieces) counted++;
  return counted;
}

function ratio({
  ours,
  bare,
}: {
  readonly ours: readonly number[];
  readonly bare: readonly number[];
}): string {
  return (median(ours) / median(bare)).toFixed(2);
}
