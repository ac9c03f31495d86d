/**
 * The runner inside the extension host. node:test cannot serve: its in-process run never ends there, because it
 * waits for the end of the process. Write `test(name, fn)` at the top of a `*.test.ts` beside this file.
 */
import { setTimeout as delay } from 'node:timers/promises';
import { inspect } from 'node:util';

export interface TestResult {
  readonly name: string;
  readonly ms: number;
  /** Absent when the test has passed. */
  readonly failure?: string;
}

type TestFunction = () => void | Promise<void>;

const timeoutMs = 30_000;
const tests: { readonly name: string; readonly fn: TestFunction }[] = [];

/** Registers a test; it fails when `fn` throws or takes longer than 30 s. */
export function test(name: string, fn: TestFunction): void {
  tests.push({ name, fn });
}

/** Runs the registered tests one after another, because they share one window. */
export async function runTests(): Promise<TestResult[]> {
  const results: TestResult[] = [];
  for (const { name, fn } of tests) {
    const start = performance.now();
    const failure = await failureOf(fn);
    const ms = Math.round(performance.now() - start);
    results.push(failure === undefined ? { name, ms } : { name, ms, failure });
  }
  return results;
}

/** Resolves when the condition holds; the test's own time limit ends the wait. */
export async function until(condition: () => boolean | Promise<boolean>): Promise<void> {
  while (!(await condition())) await delay(20);
}

async function failureOf(fn: TestFunction): Promise<string | undefined> {
  let timer: NodeJS.Timeout | undefined;
  const timeout = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`It took longer than ${timeoutMs / 1000} s.`)), timeoutMs);
  });
  try {
    await Promise.race([fn(), timeout]);
    return undefined;
  } catch (error) {
    return inspect(error);
  } finally {
    clearTimeout(timer);
  }
}
