/**
 * How good the demo model is: questions that it was not trained on, asked greedily through the local runtime. Arguments:
 * the path of another model file, and `--all` to see every answer instead of the wrong ones.
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { bundledModels } from '../../src/node/bundledModels.ts';
import { LocalRuntime } from '../../src/node/localRuntime.ts';
import { hasFacts, isRefusal, type Outcome, outcomesOf, type Question } from '../models/demoScore.ts';

const root = join(import.meta.dirname, '../..');
const model = process.argv.slice(2).find((argument) => !argument.startsWith('--')) ?? 'demo';
const showAll = process.argv.includes('--all');

const heldOut = questionsIn('heldout.json');
const fresh = questionsIn('fresh.json');
const runtime = new LocalRuntime({
  entry: join(root, 'src/runtime/main.ts'),
  threads: 1,
  backend: 'cpu',
  models: bundledModels(root),
  log: () => undefined,
});
try {
  const parts = {
    'Fresh questions answered right': await outcomesOf(fresh.known, runtime, model, hasFacts),
    'Held-out questions answered right (they chose the file)': await outcomesOf(
      heldOut.known,
      runtime,
      model,
      hasFacts,
    ),
    'Questions outside its field admitted as unknown': await outcomesOf(
      heldOut.unknown,
      runtime,
      model,
      isRefusal,
    ),
  };
  for (const [what, outcomes] of Object.entries(parts)) report(what, outcomes);
  const endless = Object.values(parts)
    .flat()
    .filter(({ endsWell }) => !endsWell);
  console.log(`Answers that loop or do not end: ${endless.length}`);
} finally {
  await runtime.dispose();
}

function report(what: string, outcomes: readonly Outcome[]): void {
  for (const { question, answer, isRight, endsWell } of outcomes) {
    if (isRight && endsWell && !showAll) continue;
    const verdict = `${isRight ? 'right' : 'WRONG'}${endsWell ? '' : ', NO END'}`;
    console.log(`  ${verdict}: ${JSON.stringify(question.ask)}\n    ${answer.slice(0, 120)}`);
  }
  const right = outcomes.filter(({ isRight }) => isRight).length;
  console.log(`${what}: ${right} of ${outcomes.length} (${((right / outcomes.length) * 100).toFixed(1)} %)`);
}

function questionsIn(file: string): {
  readonly known: readonly Question[];
  readonly unknown: readonly Question[];
} {
  const text = readFileSync(join(import.meta.dirname, '../models', file), 'utf8');
  return { unknown: [], ...(JSON.parse(text) as { known: readonly Question[] }) };
}
