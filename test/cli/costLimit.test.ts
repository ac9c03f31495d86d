/** `--max-cost` as it is built: `npm test` builds it first. */
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { cli } from './cliFixture.ts';

const folder = mkdtempSync(join(tmpdir(), 'cost-limit-'));
const prompt = join(folder, 'a.prompt');
writeFileSync(prompt, '---\nconfig:\n  maxOutputTokens: 1000\n---\nWhat is a token?\n');

/** A service that refuses, and counts what it was asked. */
let asked = 0;
const server = createServer((_, response) => {
  asked++;
  response.writeHead(400, { 'content-type': 'application/json' });
  response.end('{"error":{"message":"No."}}');
});
server.listen(0, '127.0.0.1');
await once(server, 'listening');
const address = `http://127.0.0.1:${(server.address() as AddressInfo).port}/v1`;
after(() => {
  server.close();
  rmSync(folder, { recursive: true });
});

test('what may cost more is refused before anything is sent, with the other limits’ exit code', async () => {
  const { status, stderr } = await command('run', '--model', 'openai/gpt-5', '--max-cost', '0.001');
  assert.match(
    stderr,
    /^The run on openai\/gpt-5 may cost \$0\.0\d+, with an answer of 1,000 tokens: over the limit of \$0\.0010\. Nothing was sent\.$/m,
  );
  assert.deepEqual([status, asked], [1, 0]);
});

test('what keeps to the limit is sent', async () => {
  asked = 0;
  const { stderr } = await command('run', '--model', 'openai/gpt-5', '--max-cost', '1');
  assert.doesNotMatch(stderr, /limit/);
  assert.ok(asked > 0);
});

test('the runs of a comparison are held to it together', async () => {
  asked = 0;
  const models = ['--model', 'openai/gpt-5', '--model', 'openai/gpt-4o'];
  const { status, stderr } = await command('compare', ...models, '--max-cost', '0.015');
  assert.match(
    stderr,
    /^The 2 runs together may cost \$0\.02\d+, .*over the limit of \$0\.0150\. Nothing was sent\.$/m,
  );
  assert.deepEqual([status, asked], [1, 0]);
});

test('a price that is not known is refused, and so is what is no amount', async () => {
  asked = 0;
  const unknown = await command('run', '--model', 'mine/model', '--max-cost', '5');
  assert.match(unknown.stderr, /^The price of mine\/model is not known, .* Nothing was sent\.$/m);
  assert.equal(unknown.status, 1);
  const wrong = await command('run', '--model', 'openai/gpt-5', '--max-cost', 'cheap');
  assert.match(wrong.stderr, /^--max-cost cheap is not an amount of USD, such as 0\.05\.$/m);
  assert.deepEqual([wrong.status, asked], [2, 0]);
});

async function command(
  name: string,
  ...args: readonly string[]
): Promise<{ status: number; stderr: string }> {
  const endpoints = ['--endpoint', `openai=${address}`, '--endpoint', `mine=${address}`];
  const child = spawn(process.execPath, [cli, name, prompt, ...endpoints, ...args], {
    env: { ...process.env, OPENAI_API_KEY: 'key', NODE_LLAMA_CPP_GPU: 'false' },
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  let stderr = '';
  child.stderr.on('data', (text: Buffer) => (stderr += text.toString()));
  const [status] = (await once(child, 'close')) as [number];
  return { status, stderr };
}
