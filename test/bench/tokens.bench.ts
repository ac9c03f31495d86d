/**
 * Counting tokens: ours against js-tiktoken, both with o200k_base. Run it with `node test/bench/tokens.ts`.
 *
 * Each measurement is a process of its own, so that "cold" means the first text after the load; the two take
 * turns, and medians are compared. Absolute figures depend on the machine, so only the ratios say something.
 */
import { spawnSync } from 'node:child_process';
import { globSync, readFileSync } from 'node:fs';
import { kindsOfText, seeded } from '../core/tokens/corpus.ts';

/**
 * Milliseconds to the first count, megabytes for it, MB/s by kind of text, and milliseconds for 8,000 equal
 * letters.
 */
type Figures = { readonly [figure: string]: number };

const contestants = ['ours', 'js-tiktoken'] as const;
type Contestant = (typeof contestants)[number];

const rounds = 5;
const [role] = process.argv.slice(2);
if (role === undefined) compare();
else console.log(JSON.stringify(await measure(role as Contestant, process.argv.includes('--slow'))));

function compare(): void {
  const results: Record<Contestant, Figures[]> = { ours: [], 'js-tiktoken': [] };
  for (let round = 0; round < rounds; round++) {
    for (const contestant of contestants) {
      // js-tiktoken takes half a minute for 8,000 letters: once is enough.
      const slow = round === 0 ? ['--slow'] : [];
      const { stdout } = spawnSync(process.execPath, [import.meta.filename, contestant, ...slow], {
        encoding: 'utf8',
        stdio: ['ignore', 'pipe', 'inherit'],
      });
      results[contestant].push(JSON.parse(stdout) as Figures);
    }
  }
  const rows = Object.keys(results.ours[0] ?? {}).map((figure) => {
    const [ours, theirs] = contestants.map((contestant) =>
      median(results[contestant].flatMap((figures) => figures[figure] ?? [])),
    );
    const ratio = figure.endsWith('MB/s') ? (ours ?? 0) / (theirs ?? 1) : (theirs ?? 0) / (ours ?? 1);
    return [figure, { ours: round3(ours), 'js-tiktoken': round3(theirs), 'times better': round3(ratio) }];
  });
  console.table(Object.fromEntries(rows));
}

async function measure(contestant: Contestant, slow: boolean): Promise<Figures> {
  const texts = benchTexts();
  const rssBefore = process.memoryUsage.rss();
  const start = performance.now();
  const count = contestant === 'ours' ? await ourCount() : await theirCount();
  count('hello world');
  const figures: Record<string, number> = {
    'load to first count, ms': performance.now() - start,
    'load to first count, MB': (process.memoryUsage.rss() - rssBefore) / 1e6,
  };
  for (const [kind, text] of Object.entries(texts)) {
    const megabytes = Buffer.byteLength(text) / 1e6;
    figures[`${kind}, cold, MB/s`] = megabytes / (timed(() => count(text)) / 1000);
    figures[`${kind}, warm, MB/s`] = megabytes / (timed(() => count(text)) / 1000);
  }
  if (slow) figures['8,000 equal letters, ms'] = timed(() => count('a'.repeat(8000)));
  return figures;
}

async function ourCount(): Promise<(text: string) => number> {
  const [{ openAiEncoding }, { default: ranks }] = await Promise.all([
    import('../../src/core/tokens/encodings.ts'),
    import('js-tiktoken/ranks/o200k_base'),
  ]);
  const encoding = openAiEncoding('o200k_base', ranks);
  return (text) => encoding.count(text);
}

async function theirCount(): Promise<(text: string) => number> {
  const [{ Tiktoken }, { default: ranks }] = await Promise.all([
    import('js-tiktoken/lite'),
    import('js-tiktoken/ranks/o200k_base'),
  ]);
  const encoding = new Tiktoken(ranks);
  return (text) => encoding.encode(text, [], []).length;
}

/** About 400 KB each: real prose and code from the packages installed here, made-up Chinese with emoji. */
function benchTexts(): { readonly [kind: string]: string } {
  const files = (pattern: string): string =>
    globSync(pattern)
      .sort()
      .map((file) => readFileSync(file, 'utf8'))
      .join('\n')
      .slice(0, 400_000);
  const { chinese = '', emoji = '' } = kindsOfText(100_000);
  const random = seeded(1);
  const mixed = chinese.replace(/[，。、！]/g, (mark) =>
    random(4) === 0 ? mark + emoji.slice(random(900), 900 + random(9)) : mark,
  );
  return {
    prose: files('node_modules/{dotprompt,marked,openai,zod,dompurify,prettier,eslint,yaml}/*.md'),
    code: files('node_modules/zod/src/v4/core/*.ts') || files('src/**/*.ts'),
    'zh + emoji': mixed.toWellFormed().slice(0, 130_000),
  };
}

function timed(work: () => void): number {
  const start = performance.now();
  work();
  return performance.now() - start;
}

function median(values: readonly number[]): number | undefined {
  return [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)];
}

function round3(value = NaN): number {
  return Number(value.toPrecision(3));
}
