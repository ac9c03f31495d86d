import assert from 'node:assert/strict';
import { spawn, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, describe, test } from 'node:test';
import type { ChatRequest } from '../../../src/core/chat.ts';
import { connectionOf, type Endpoint, providerOf } from '../../../src/providers/providers.ts';
import { type CodeLanguage, viewCode } from '../../../src/providers/viewCode/viewCode.ts';
import { type Received, type Reply, ReplayServer } from '../../support/replayServer.ts';
import { recorded } from '../../support/recorded.ts';

const folder = mkdtempSync(join(tmpdir(), 'view-code-'));
symlinkSync(join(import.meta.dirname, '../../../node_modules'), join(folder, 'node_modules'));
after(() => rmSync(folder, { recursive: true }));

const key = 'sk-very-secret-1234567890';
const hasCurl = spawnSync('curl', ['--version']).status === 0;
const hasPython = spawnSync('python3', ['--version']).status === 0;

const awkward =
  'It\'s "quoted" \\ back`tick` $HOME ${x} {{y}} </script> €\u2028\u0007\n\'\'\'\n"""\nJSON\n🙂 日本';

/** Images, tools, a response format and settings of all kinds. */
const rich: Omit<ChatRequest, 'model'> = {
  messages: [
    { role: 'system', content: [{ type: 'text', text: awkward }] },
    {
      role: 'user',
      content: [
        { type: 'text', text: awkward },
        { type: 'image', url: 'data:image/png;base64,iVBORw0KGgo=' },
      ],
    },
    { role: 'assistant', content: [{ type: 'tool-call', id: 'c1', name: 'find', arguments: '{"q":"\'"}' }] },
    { role: 'tool', content: [{ type: 'tool-result', callId: 'c1', result: awkward }] },
    { role: 'user', content: [{ type: 'text', text: 'Go on' }] },
  ],
  settings: {
    temperature: 0.5,
    topP: 0.9,
    topK: 40,
    minP: 0.1,
    maxOutputTokens: 99,
    stop: ['\n', awkward],
    seed: 7,
    repeatPenalty: 1.1,
    logprobs: 2,
    reasoningEffort: 'low',
  },
  tools: [
    {
      name: 'find',
      description: awkward,
      parameters: { type: 'object', properties: { $q: { type: 'string' }, 'a-b': { type: 'string' } } },
    },
  ],
  responseFormat: {
    type: 'json-schema',
    name: 'answer',
    schema: { type: 'object', properties: { camelCase: { type: 'string' } } },
  },
};

interface Service {
  readonly title: string;
  readonly id: string;
  readonly model: string;
  readonly path: string;
  readonly answer: Reply;
  readonly endpoint?: Partial<Endpoint>;
}

const services: readonly Service[] = [
  {
    title: 'OpenAI over Chat Completions',
    id: 'openai',
    model: 'gpt-4o',
    path: '/v1',
    answer: recorded('openai-chat/text'),
  },
  {
    title: 'OpenAI over Responses',
    id: 'openai',
    model: 'gpt-5',
    path: '/v1',
    answer: recorded('openai-responses/text'),
  },
  {
    title: 'Anthropic',
    id: 'anthropic',
    model: 'claude-sonnet-5',
    path: '',
    answer: recorded('anthropic-messages/text'),
  },
  { title: 'Gemini', id: 'gemini', model: 'gemini-3-pro', path: '', answer: recorded('gemini/text') },
  { title: 'Ollama', id: 'ollama', model: 'qwen3', path: '', answer: recorded('ollama-chat/text') },
  { title: 'Azure', id: 'azure', model: 'mine', path: '/openai/v1', answer: recorded('openai-chat/text') },
  { title: 'vLLM', id: 'vllm', model: 'org/model', path: '/v1', answer: recorded('openai-chat/text') },
  {
    title: 'an Anthropic-compatible server with headers of its own',
    id: 'proxy',
    model: 'claude-sonnet-5',
    path: '',
    answer: recorded('anthropic-messages/text'),
    endpoint: {
      preset: 'anthropic-compatible',
      needsKey: true,
      headers: { 'X-Team': 'it\'s "$us"', 'X-Token': key },
    },
  },
];

for (const service of services) {
  describe(`code for ${service.title}`, () => {
    test('in TypeScript sends what the adapter sends', async () => {
      const { adapter, program } = await bothSend(service, 'typescript', (code) => {
        const file = join(folder, `${service.id}.mts`);
        writeFileSync(file, code);
        return [process.execPath, file];
      });
      assert.deepEqual(program.body, adapter.body);
      assert.equal(program.path, adapter.path);
      assert.deepEqual(authOf(program), authOf(adapter));
    });

    test('as curl sends what the adapter sends', { skip: !hasCurl }, async () => {
      const { adapter, program } = await bothSend(service, 'curl', (code) => {
        const file = join(folder, `${service.id}.sh`);
        writeFileSync(file, code);
        return ['sh', file];
      });
      assert.deepEqual(program.body, adapter.body);
      assert.equal(program.path, adapter.path);
      assert.deepEqual(authOf(program), authOf(adapter));
      assert.equal(program.headers.authorization, adapter.headers.authorization);
    });

    test('in Python compiles', { skip: !hasPython }, async () => {
      const { code } = await viewCode(
        { ...rich, model: service.model },
        endpointOf(service, 'http://127.0.0.1:1'),
        'python',
      );
      const file = join(folder, `${service.id}.py`);
      writeFileSync(file, code);
      const { stderr, status } = spawnSync('python3', ['-m', 'py_compile', file], { encoding: 'utf8' });
      assert.equal(status, 0, stderr);
    });
  });
}

test('in Python the arguments are the body that the adapter sends', { skip: !hasPython }, async () => {
  // A stand-in for the SDK that prints what its method is given.
  writeFileSync(
    join(folder, 'openai.py'),
    `import json
class OpenAI:
    def __init__(self, **options): self.chat = self.completions = self
    def create(self, **arguments):
        print(json.dumps(arguments))
        return []
`,
  );
  const service = { ...(services.find(({ id }) => id === 'vllm') as Service) };
  const { code } = await viewCode(
    { ...rich, model: service.model },
    endpointOf(service, 'http://127.0.0.1:1'),
    'python',
  );
  const { stdout, stderr } = spawnSync('python3', ['-c', code], {
    encoding: 'utf8',
    env: { PATH: process.env['PATH'], HOME: process.env['HOME'], PYTHONPATH: folder },
  });
  assert.notEqual(stdout, '', stderr);
  const { extra_body: extra, ...rest } = JSON.parse(stdout) as Record<string, object>;
  const { adapter } = await bothSend(service, 'curl', () => ['true'], { needsProgram: false });
  assert.deepEqual({ ...rest, ...extra }, adapter.body);
});

test('a key never stands in the code, nor a header that may be one, nor a password of the address', async () => {
  for (const language of ['curl', 'typescript', 'python'] as const) {
    const { code, warnings } = await viewCode(
      { ...rich, model: 'm' },
      {
        id: 'mine',
        baseUrl: `https://user:${key}@example.com/v1?k=${key}`,
        needsKey: true,
        headers: { Authorization: `Bearer ${key}` },
      },
      language,
    );
    assert.ok(!code.includes('very-secret'), code);
    assert.match(code, /AUTHORIZATION/);
    assert.ok(warnings.some(({ subject }) => subject === 'baseUrl'));
  }
});

test('a body too long for one word of the shell is a here-document', { skip: !hasCurl }, async () => {
  const text = `${'x'.repeat(200_000)}\nJSON\n'$HOME'`;
  await using server = await ReplayServer.start(recorded('openai-chat/text'));
  const request: ChatRequest = {
    model: 'm',
    messages: [{ role: 'user', content: [{ type: 'text', text }] }],
    settings: {},
  };
  const { code } = await viewCode(request, { id: 'vllm', baseUrl: `${server.url}/v1` }, 'curl');
  const file = join(folder, 'long.sh');
  writeFileSync(file, code);
  await ran('sh', file);
  assert.deepEqual((server.received[0]?.body as { messages: unknown }).messages, [
    { role: 'user', content: text },
  ]);
});

test('what a model does not take is a warning, as in a run', async () => {
  const { warnings } = await viewCode({ ...rich, model: 'gpt-5' }, { id: 'openai' }, 'curl');
  assert.ok(warnings.some(({ subject }) => subject === 'temperature'));
});

test('a model of the local runtime or of the editor has no request', async () => {
  await assert.rejects(
    viewCode({ ...rich, model: 'demo' }, { id: 'local' }, 'curl'),
    /runs inside the editor/,
  );
});

function endpointOf({ id, path, endpoint }: Service, url: string): Endpoint {
  return { id, baseUrl: url + path, ...endpoint };
}

/** What the adapter sends, and what a program of the code does. */
async function bothSend(
  service: Service,
  language: CodeLanguage,
  commandOf: (code: string) => readonly string[],
  { needsProgram = true }: { needsProgram?: boolean } = {},
): Promise<{ adapter: Received; program: Received }> {
  await using server = await ReplayServer.start(({ path }) =>
    path === '/api/show'
      ? { body: '{"capabilities":["completion","tools","vision","thinking"]}' }
      : service.answer,
  );
  const request = { ...rich, model: service.model };
  const endpoint = endpointOf(service, server.url);
  const needsKey = service.id !== 'ollama' && service.id !== 'vllm';
  const connection = connectionOf(endpoint, {
    keyOf: () => Promise.resolve(needsKey ? key : undefined),
    timeouts: () => ({ connectMs: 2000, firstTokenMs: 2000, silenceMs: 2000 }),
    fetch: globalThis.fetch,
    log: () => undefined,
  });
  for await (const _ of providerOf(endpoint, connection).stream(request, new AbortController().signal));
  const adapter = server.received.at(-1) as Received;
  const { code } = await viewCode(request, endpoint, language);
  assert.ok(!code.includes(key));
  const [command = '', ...args] = commandOf(code);
  const answer = await ran(command, ...args);
  if (needsProgram) assert.notEqual(answer, '', 'the program prints the answer');
  return { adapter, program: server.received.at(-1) as Received };
}

/** What a program prints; not `spawnSync`, because the server runs in this process. */
async function ran(command: string, ...args: readonly string[]): Promise<string> {
  const keys = ['OPENAI', 'ANTHROPIC', 'GEMINI', 'AZURE_OPENAI', 'PROXY'].map((name) => [
    `${name}_API_KEY`,
    key,
  ]);
  const child = spawn(command, args, {
    env: {
      PATH: process.env['PATH'],
      NODE_NO_WARNINGS: '1',
      X_TOKEN: key,
      ...(Object.fromEntries(keys) as object),
    },
    timeout: 20_000,
  });
  let output = '';
  let errors = '';
  child.stdout.on('data', (data: Buffer) => (output += data.toString()));
  child.stderr.on('data', (data: Buffer) => (errors += data.toString()));
  const status = await new Promise((resolve) => child.on('close', resolve));
  assert.equal(status, 0, errors);
  return output;
}

/** The headers that say who asks and what for. */
function authOf({ headers }: Received): Record<string, unknown> {
  const names = ['api-key', 'x-api-key', 'x-goog-api-key', 'x-team', 'x-token', 'anthropic-version'];
  return Object.fromEntries(names.map((name) => [name, headers[name]]));
}
