/**
 * How long it takes to fork a sequence, in a process of its own as the runtime is. Started with fork; each message asks
 * for one fork and is answered with its milliseconds.
 */
import { getLlama } from 'node-llama-cpp';
import { Seat } from '../../src/runtime/seat.ts';

const [, , modelPath = '', tokens = '0', threads = '1'] = process.argv;

const llama = await getLlama({ build: 'never', skipDownload: true, gpu: false, maxThreads: Number(threads) });
const model = await llama.loadModel({ modelPath });
const context = await model.createContext({ contextSize: 1024, sequences: 2, threads: Number(threads) });
const seat = new Seat(context.getSequence(), 0);
const other = context.getSequence();
const text = model.tokenize('word '.repeat(Number(tokens))).slice(0, Number(tokens));
await seat.sequence.evaluateWithoutGeneratingNewTokens(text);

process.on('message', () => void forked().then((milliseconds) => process.send?.(milliseconds)));
process.on('disconnect', () => process.exit());
process.send?.('ready');

async function forked(): Promise<number> {
  const started = performance.now();
  await seat.forkTo(other, text.length);
  const milliseconds = performance.now() - started;
  // A fork that fails leaves the other empty.
  if (other.nextTokenIndex !== text.length) throw new Error(`${other.nextTokenIndex} tokens came over`);
  return milliseconds;
}
