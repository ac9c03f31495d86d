/**
 * Asks the demo model what it was not trained on, in the real engine with greedy decoding, and prints the score:
 *
 *     node test/models/demoScore.ts [model.gguf] [--all]
 *
 * `--all` prints every answer instead of the failed ones. Ends with 1 if less than 80 % of either part is right or an
 * answer does not end by itself.
 */
import { readFileSync } from 'node:fs';
import { getLlama, type LlamaContextSequence, type LlamaModel } from 'node-llama-cpp';

interface Question {
  /** One user turn or several, each of which is answered; the last answer counts. */
  readonly ask: string | readonly string[];
  readonly system?: string;
  /** For each list, one of its patterns must occur in the answer. */
  readonly facts?: readonly (readonly string[])[];
  /** How many sentences the answer has. */
  readonly sentences?: number;
}

interface Outcome {
  readonly question: Question;
  readonly answer: string;
  readonly isRight: boolean;
  /** The model chose an end token by itself, and said nothing twice on its way there. */
  readonly endsWell: boolean;
}

type Turn = readonly [role: 'system' | 'user' | 'assistant', text: string];

/** In the words of all answers that the model has for what it does not know. */
const refusal =
  /small demo model|tiny demo model|prompt injection\*\*, and it leads nowhere|understand only English|not sure what you mean/;
const longestAnswer = 200;

const path = process.argv.slice(2).find((argument) => !argument.startsWith('--')) ?? 'media/demo.gguf';
const showAll = process.argv.includes('--all');
const heldOut = JSON.parse(readFileSync(new URL('heldout.json', import.meta.url), 'utf8')) as {
  readonly known: readonly Question[];
  readonly unknown: readonly Question[];
};

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

let tokens = 0;
const started = performance.now();
const known = await outcomes(heldOut.known, ({ facts = [], sentences }, answer) => {
  const hasFacts = facts.every((patterns) =>
    patterns.some((pattern) => new RegExp(pattern, 'm').test(answer)),
  );
  return hasFacts && (sentences === undefined || answer.split(/[.!?](?:\s|$)/).length - 1 === sentences);
});
const unknown = await outcomes(heldOut.unknown, (_, answer) => refusal.test(answer));
const seconds = (performance.now() - started) / 1000;

for (const { question, answer, isRight, endsWell } of [...known, ...unknown]) {
  if (isRight && endsWell && !showAll) continue;
  console.log(
    `${isRight ? 'right' : 'WRONG'}${endsWell ? '' : ', NO END'}: ${JSON.stringify(question.ask)}\n    ${answer}\n`,
  );
}
const right = (part: readonly Outcome[]): number => part.filter(({ isRight }) => isRight).length;
const endless = [...known, ...unknown].filter(({ endsWell }) => !endsWell).length;
console.log(`Known: ${right(known)} of ${known.length} right (${percent(right(known) / known.length)})`);
console.log(
  `Unknown: ${right(unknown)} of ${unknown.length} admitted (${percent(right(unknown) / unknown.length)})`,
);
console.log(`Answers that loop or do not end: ${endless}`);
console.log(
  `${tokens} tokens in ${seconds.toFixed(1)} s, prompts included, on one thread: ${(tokens / seconds).toFixed(0)} tok/s`,
);
await llama.dispose();
process.exitCode =
  right(known) / known.length < 0.8 || right(unknown) / unknown.length < 0.8 || endless > 0 ? 1 : 0;

async function outcomes(
  questions: readonly Question[],
  isRight: (question: Question, answer: string) => boolean,
): Promise<Outcome[]> {
  const found: Outcome[] = [];
  for (const question of questions) {
    const turns: Turn[] = question.system === undefined ? [] : [['system', question.system]];
    let last = { text: '', ended: false };
    for (const ask of [question.ask].flat()) {
      turns.push(['user', ask]);
      last = await answerTo(model, sequence, turns);
      turns.push(['assistant', last.text]);
    }
    const endsWell = last.ended && !saysTwice(last.text);
    found.push({ question, answer: last.text, isRight: isRight(question, last.text), endsWell });
  }
  return found;
}

async function answerTo(
  model: LlamaModel,
  sequence: LlamaContextSequence,
  turns: readonly Turn[],
): Promise<{ readonly text: string; readonly ended: boolean }> {
  await sequence.clearHistory();
  const rendered = turns.flatMap(([role, text]) => [
    ...model.tokenize(`<|im_start|>${role}\n`, true),
    ...model.tokenize(text),
    ...model.tokenize('<|im_end|>\n', true),
  ]);
  const answer = [];
  for await (const token of sequence.evaluate(
    [...rendered, ...model.tokenize('<|im_start|>assistant\n', true)],
    { temperature: 0, yieldEogToken: true },
  )) {
    tokens++;
    if (model.isEogToken(token)) return { text: model.detokenize(answer), ended: true };
    answer.push(token);
    if (answer.length >= longestAnswer) break;
  }
  return { text: model.detokenize(answer), ended: false };
}

/** Whether eight words in a row come twice. */
function saysTwice(text: string): boolean {
  const words = text.split(/\s+/);
  const runs = words.slice(7).map((_, index) => words.slice(index, index + 8).join(' '));
  return new Set(runs).size < runs.length;
}

function percent(share: number): string {
  return `${(share * 100).toFixed(1)} %`;
}
