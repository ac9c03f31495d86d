/**
 * The peer that the product is measured against: node-llama-cpp's sequence loop and nothing else, in a process of its
 * own as the runtime is. Started with fork; each message asks for one answer and is answered with its figures.
 */
import { getLlama, JinjaTemplateChatWrapper } from 'node-llama-cpp';

export interface BareAnswer {
  readonly timeToFirstTokenMs: number;
  /** Tokens after the first, per second. */
  readonly tokensPerSecond: number;
}

const [, , modelPath = '', prompt = '', outputTokens = '0', threads = '1'] = process.argv;

const llama = await getLlama({ build: 'never', skipDownload: true, gpu: false, maxThreads: Number(threads) });
const model = await llama.loadModel({ modelPath });
const context = await model.createContext({ contextSize: 4096, threads: Number(threads) });
const sequence = context.getSequence();
const template = new JinjaTemplateChatWrapper({
  template: model.fileInfo.metadata.tokenizer.chat_template ?? '',
});

process.on('message', () => void answer().then((figures) => process.send?.(figures)));
process.on('disconnect', () => process.exit());
process.send?.('ready');

async function answer(): Promise<BareAnswer> {
  const started = performance.now();
  const { contextText } = template.generateContextState({
    chatHistory: [
      { type: 'user', text: prompt },
      { type: 'model', response: [''] },
    ],
  });
  const tokens = contextText.tokenize(model.tokenizer);
  await sequence.adaptStateToTokens(tokens.slice(0, -1), false);
  const rest = tokens.slice(sequence.nextTokenIndex);
  let first = 0;
  let count = 0;
  for await (const _token of sequence.evaluate(rest, { temperature: 0, yieldEogToken: true })) {
    if (count++ === 0) first = performance.now();
    if (count === Number(outputTokens)) break;
  }
  const ended = performance.now();
  return { timeToFirstTokenMs: first - started, tokensPerSecond: ((count - 1) * 1000) / (ended - first) };
}
