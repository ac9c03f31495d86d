import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after } from 'node:test';
import {
  textMessage,
  type ChatEvent,
  type ChatRequest,
  type GenerationSettings,
} from '../../src/core/chat.ts';
import { LocalRuntime, type LocalRuntimeOptions } from '../../src/node/localRuntime.ts';
import { scriptedModel } from '../models/scripted.ts';
import { collect } from '../providers/contract.ts';

/** Where this test file keeps its models; gone with every runtime of it when its tests are over. */
export const folder = mkdtempSync(join(tmpdir(), 'local-runtime-'));

const runtimes: LocalRuntime[] = [];

after(async () => {
  await Promise.all(runtimes.map((runtime) => runtime.dispose()));
  rmSync(folder, { recursive: true });
});

export const entry = join(import.meta.dirname, '../../src/runtime/main.ts');

/** Answers with `defaultAnswer`; also known as the bundled model `scripted`. */
export const scripted = write('scripted.gguf', scriptedModel());

/** Answers without end, some 3,000 tokens a second. */
export const endless = write('endless.gguf', scriptedModel({ endless: true, contextLength: 100_000 }));

/** A runtime with a process of its own. */
export function newRuntime(options: Partial<LocalRuntimeOptions> = {}): LocalRuntime {
  const runtime = new LocalRuntime({
    entry,
    threads: 1,
    models: [{ id: 'scripted', name: 'Scripted stand-in', path: scripted }],
    // A machine with a GPU would be tested for its drivers; these tests are about the rest.
    env: { ...process.env, NODE_LLAMA_CPP_GPU: 'false' },
    log: () => undefined,
    ...options,
  });
  runtimes.push(runtime);
  return runtime;
}

/** Writes a file into the folder and returns its path, which is the model id when it is a model. */
export function write(name: string, bytes: Uint8Array | string): string {
  const path = join(folder, name);
  writeFileSync(path, bytes);
  return path;
}

export function ask(model: string, settings: GenerationSettings = {}): ChatRequest {
  return { model, messages: [textMessage('user', 'Who are you?')], settings };
}

/** All events of an answer. */
export function answer(from: LocalRuntime, request: ChatRequest): Promise<ChatEvent[]> {
  return collect(from.stream(request, new AbortController().signal));
}

/** Reads on to where the answer has begun. */
export async function readUntilText(events: AsyncGenerator<ChatEvent>): Promise<void> {
  for (let next = await events.next(); !next.done && next.value.type !== 'text';) next = await events.next();
}
