/**
 * Holds a GGUF against the training code: the engine must cut the probe's text into the same tokens and give each of
 * them the same log-probability.
 *
 *     node media/demo-model/check_engine.ts /tmp/demo-model media/demo.gguf
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { getLlama, type Token } from 'node-llama-cpp';

/** As `probe` in `train.py` writes it. */
interface Probe {
  readonly text: string;
  readonly ids: readonly number[];
  /** For each token but the first, its natural log-probability after all earlier ones. */
  readonly logprobs: readonly number[];
}

const [folder, path] = process.argv.slice(2);
if (folder === undefined || path === undefined)
  throw new Error('Usage: node check_engine.ts <folder> <file.gguf>');
const probes = JSON.parse(readFileSync(join(folder, 'probe.json'), 'utf8')) as readonly Probe[];
const llama = await getLlama({
  build: 'never',
  skipDownload: true,
  gpu: false,
  maxThreads: 1,
  progressLogs: false,
});
const model = await llama.loadModel({ modelPath: path });
const context = await model.createContext({ contextSize: 1024, threads: 1 });
const sequence = context.getSequence();

let worst = 0;
let sum = 0;
let count = 0;
for (const { text, ids, logprobs } of probes) {
  const tokens = model.tokenize(text, true);
  if (tokens.join() !== ids.join())
    throw new Error(`Cut differently: ${JSON.stringify(text)}\n${tokens}\n${ids}`);
  await sequence.clearHistory();
  for (const [index, expected] of logprobs.entries()) {
    const step = sequence.evaluateWithMetadata(
      [ids[index] as Token],
      { probabilities: true },
      { temperature: 1, topK: 0, topP: 1, minP: 0, yieldEogToken: true },
    );
    const { value } = await step.next();
    await step.return();
    const logprob = Math.log(value?.probabilities.get(ids[index + 1] as Token) ?? 0);
    const difference = Math.abs(logprob - expected);
    worst = Math.max(worst, difference);
    sum += difference;
    count++;
  }
}
console.log(
  `${count} log-probabilities differ by ${(sum / count).toFixed(4)} on average, ${worst.toFixed(4)} at most`,
);
await llama.dispose();
// Rounding to 8 bits moves unlikely tokens; a wrong layout of the heads moves everything by several units.
process.exitCode = sum / count < 0.05 ? 0 : 1;
