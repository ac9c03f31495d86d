/**
 * The worker thread that renders the chat templates of local models, which are programs that came with a file: one that
 * runs for ever is ended with its thread. It starts in `chatTemplates.ts`.
 */
import { statSync } from 'node:fs';
import { parentPort } from 'node:worker_threads';
import { Template } from '@huggingface/jinja';
import { asLlmError, LlmError } from '../core/errors.ts';
import { textBytes, textCount } from '../core/tokens/textList.ts';
import type {
  RenderedTemplate,
  TemplateAnswer,
  TemplateMessage,
  TemplateRequest,
} from './chatTemplateProtocol.ts';
import { readGgufHeader } from './tokenizerGguf.ts';

const port = parentPort;
if (!port) throw new Error('This is the program of a worker thread.');
port.on('message', ({ id, file, messages }: TemplateRequest) => {
  let answer: TemplateAnswer;
  try {
    answer = { id, rendered: rendered(modelIn(file), messages) };
  } catch (error) {
    answer = { id, error: asLlmError(error).toData() };
  }
  port.postMessage(answer);
});

/** What of a model file matters here. */
interface TemplateModel {
  readonly template: Template;
  /** The texts of the control tokens, the longest first. */
  readonly controls: readonly string[];
  readonly startsWithBos: boolean;
  readonly isExact: boolean;
}

/** The file that was read last: estimates ask for the same one at every keystroke. */
let last: { readonly key: string; readonly model: TemplateModel } | undefined;

function modelIn(file: string): TemplateModel {
  const stat = statSync(file, { throwIfNoEntry: false });
  const key = `${file}\n${stat?.size}\n${stat?.mtimeMs}`;
  if (last?.key !== key) last = { key, model: readModel(file) };
  return last.model;
}

function readModel(file: string): TemplateModel {
  const { values, vocabulary } = readGgufHeader(file);
  const source = values.get('tokenizer.chat_template');
  if (typeof source !== 'string') throw new LlmError('bad-request', `"${file}" has no chat template.`);
  const pre = vocabulary.pre ?? '';
  const addBos = values.get('tokenizer.ggml.add_bos_token');
  const isPlainBpe = vocabulary.model === 'gpt2';
  // Some tokens of phi-3 swallow the white space behind them (same source as below).
  const isPhi3 = /phi-?3/i.test(String(values.get('general.name') ?? ''));
  return {
    template: new Template(source),
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

/**
 * As `runtime/chatHistory.ts` has the engine do it: each content is a word of our own while the template runs, so that
 * no content becomes part of the template, and everything from the answer's place on is cut off.
 */
function rendered(model: TemplateModel, messages: readonly TemplateMessage[]): RenderedTemplate {
  const turns = joined([...messages, { role: 'assistant', text: '' }]);
  const word = (index: number): string => `\uE000${index}\uE001`;
  const [bos, eos, eot] = [word(turns.length), word(turns.length + 1), word(turns.length + 2)];
  const whole = model.template.render({
    messages: turns.map(({ role }, index) => ({ role, content: word(index) })),
    bos_token: bos,
    eos_token: eos,
    eot_token: eot,
    enable_thinking: true,
  });
  const answerAt = whole.indexOf(word(turns.length - 1));
  if (answerAt < 0 || turns.some((_, index) => !whole.includes(word(index))))
    throw new LlmError('bad-request', 'The chat template leaves out a message.');

  const texts: string[] = [];
  let controlTokens = 0;
  const pieces = whole.slice(0, answerAt).split(/(\uE000\d+\uE001)/);
  for (const piece of pieces) {
    if (!piece.startsWith('\uE000')) {
      const { between, count } = withoutControls(piece, model.controls);
      texts.push(...between);
      controlTokens += count;
    } else {
      const turn = turns[Number(piece.slice(1, -1))];
      if (turn) texts.push(turn.text);
      else controlTokens++;
    }
  }
  const last = turns.at(-1);
  if (last && last.text !== '') texts.push(last.text);
  const beginsWithBos = pieces.find((piece) => piece !== '') === bos;
  if (model.startsWithBos && !beginsWithBos) controlTokens++;
  return {
    texts,
    controlTokens,
    // The engine takes an empty thought out of a template's end.
    isExact: model.isExact && !whole.slice(0, answerAt).includes('<think>'),
  };
}

/** Turns of one role that follow each other are one. */
function joined(messages: readonly TemplateMessage[]): TemplateMessage[] {
  const turns: TemplateMessage[] = [];
  for (const message of messages) {
    const before = turns.at(-1);
    if (before?.role === message.role) {
      turns[turns.length - 1] = { role: message.role, text: `${before.text}\n\n${message.text}` };
    } else {
      turns.push(message);
    }
  }
  return turns;
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
