/**
 * The worker thread that renders the chat templates of local models, which are programs that came with a file: one that
 * runs for ever is ended with its thread. It starts in `chatTemplates.ts`.
 */
import { statSync } from 'node:fs';
import { parentPort } from 'node:worker_threads';
import { Template } from '@huggingface/jinja';
import { textOf } from '../core/chat.ts';
import { asLlmError } from '../core/errors.ts';
import {
  type ChatPiece,
  renderChat,
  renderOptionsOf,
  type TemplateModel,
  type TemplateRequest,
} from '../core/template/renderChat.ts';
import { textBytes, textCount } from '../core/tokens/textList.ts';
import type { RenderedTemplate, TemplateAnswer, TemplateQuestion } from './chatTemplateProtocol.ts';
import { readGgufHeader } from './tokenizerGguf.ts';

const port = parentPort;
if (!port) throw new Error('This is the program of a worker thread.');
port.on('message', ({ id, file, request, isRaw }: TemplateQuestion) => {
  let answer: TemplateAnswer;
  try {
    const model = modelIn(file);
    const pieces = isRaw || !model.hasTemplate ? rawPieces(request) : chatPieces(model, request);
    answer = { id, rendered: rendered(model, pieces) };
  } catch (error) {
    answer = { id, error: asLlmError(error).toData() };
  }
  port.postMessage(answer);
});

/** What of a model file matters here. */
interface RenderedModel extends TemplateModel {
  readonly hasTemplate: boolean;
  readonly startsWithBos: boolean;
  readonly isExact: boolean;
}

/** The file that was read last: estimates ask for the same one at every keystroke. */
let last: { readonly key: string; readonly model: RenderedModel } | undefined;

function modelIn(file: string): RenderedModel {
  const stat = statSync(file, { throwIfNoEntry: false });
  const key = `${file}\n${stat?.size}\n${stat?.mtimeMs}`;
  if (last?.key !== key) last = { key, model: readModel(file) };
  return last.model;
}

function readModel(file: string): RenderedModel {
  const { values, vocabulary } = readGgufHeader(file);
  const source = values.get('tokenizer.chat_template');
  const pre = vocabulary.pre ?? '';
  const addBos = values.get('tokenizer.ggml.add_bos_token');
  const isPlainBpe = vocabulary.model === 'gpt2';
  // Some tokens of phi-3 swallow the white space behind them (same source as below).
  const isPhi3 = /phi-?3/i.test(String(values.get('general.name') ?? ''));
  const template = typeof source === 'string' ? new Template(source) : undefined;
  const tokenText = (key: string): string => {
    const id = values.get(`tokenizer.ggml.${key}_token_id`);
    return id === undefined ? '' : new TextDecoder().decode(textBytes(vocabulary.tokens, Number(id)));
  };
  return {
    hasTemplate: template !== undefined,
    render: (variables) => template?.render(variables) ?? '',
    bos: tokenText('bos'),
    eos: tokenText('eos'),
    controls: controlTexts(vocabulary),
    startsWithBos:
      values.has('tokenizer.ggml.bos_token_id') &&
      (typeof addBos === 'boolean' ? addBos : !isPlainBpe || startingWithBos.has(pre)),
    isExact: isPlainBpe && !isPhi3,
  };
}

/**
 * The kinds of text that the engine begins with the token for a beginning, where the file does not say.
 * Source: `llama_vocab::impl::load` in src/llama-vocab.cpp of the llama.cpp inside node-llama-cpp, read 2026-11-24.
 */
const startingWithBos: ReadonlySet<string> = new Set([
  ...['llama3', 'llama-v3', 'llama-bpe', 'falcon3', 'falcon-h1', 'pixtral', 'midm-2.0', 'lfm2'],
  ...['jina-v5-nano', 'tekken', 'chameleon'],
]);

/** The longest first. */
function controlTexts({
  tokens,
  token_type: types,
}: ReturnType<typeof readGgufHeader>['vocabulary']): string[] {
  const texts: string[] = [];
  for (let index = 0; index < textCount(tokens); index++) {
    const type = types?.[index];
    if (type === controlType || type === unknownType)
      texts.push(new TextDecoder().decode(textBytes(tokens, index)));
  }
  return texts.filter((text) => text !== '').sort((one, other) => other.length - one.length);
}

const unknownType = 2;
const controlType = 3;

function chatPieces(model: RenderedModel, request: TemplateRequest): readonly ChatPiece[] {
  return renderChat(model, request.messages, renderOptionsOf(request)).pieces;
}

function rawPieces({ messages }: TemplateRequest): readonly ChatPiece[] {
  return messages.map((message) => ({ from: 'message', text: textOf(message) }));
}

/** As `runtime/promptTokens.ts` has the engine do it, taken apart so that it can be counted without the engine. */
function rendered(model: RenderedModel, pieces: readonly ChatPiece[]): RenderedTemplate {
  const texts: string[] = [];
  let controlTokens = 0;
  for (const { from, text } of pieces) {
    if (from === 'message') {
      texts.push(text);
      continue;
    }
    const { between, count } = withoutControls(text, model.controls);
    texts.push(...between);
    controlTokens += count;
  }
  const beginsWithBos =
    model.bos !== '' && pieces[0]?.from === 'template' && pieces[0].text.startsWith(model.bos);
  if (model.startsWithBos && !beginsWithBos) controlTokens++;
  return { texts, controlTokens, isExact: model.isExact };
}

function withoutControls(text: string, controls: readonly string[]): { between: string[]; count: number } {
  let between = [text];
  let count = 0;
  for (const control of controls) {
    if (!text.includes(control)) continue;
    between = between.flatMap((piece) => {
      const parts = piece.split(control);
      count += parts.length - 1;
      return parts;
    });
  }
  return { between: between.filter((piece) => piece !== ''), count };
}
