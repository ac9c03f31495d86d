/** The id that a model has here, `provider/model`; `undefined` where its provider cannot be told. */
export function modelIdOf(model: string, provider?: string): string | undefined {
  const known = provider === undefined ? undefined : providers.get(provider.toLowerCase());
  if (known !== undefined) return `${known}/${model}`;
  const slash = model.indexOf('/');
  if (slash > 0) {
    const publisher = model.slice(0, slash);
    const named = providers.get(publisher.toLowerCase());
    return named === undefined ? undefined : `${named}/${model.slice(slash + 1)}`;
  }
  return byName.find(([pattern]) => pattern.test(model))?.[1].concat('/', model);
}

/** What other tools call the providers, and what they are called here. */
const providers: ReadonlyMap<string, string> = new Map([
  ['openai', 'openai'],
  ['azure', 'azure'],
  ['azure_openai', 'azure'],
  ['azureopenai', 'azure'],
  ['foundry', 'azure'],
  ['anthropic', 'anthropic'],
  ['google', 'gemini'],
  ['gemini', 'gemini'],
  ['ollama', 'ollama'],
  ['openrouter', 'openrouter'],
  ['groq', 'groq'],
  ['mistral', 'mistral'],
  ['mistral-ai', 'mistral'],
  ['deepseek', 'deepseek'],
  ['xai', 'xai'],
  ['together', 'together'],
  ['lmstudio', 'lmstudio'],
  ['vllm', 'vllm'],
]);

const byName: readonly (readonly [RegExp, string])[] = [
  [/^(gpt-|chatgpt-|o\d|codex-)/, 'openai'],
  [/^claude-/, 'anthropic'],
  [/^(gemini-|gemma-)/, 'gemini'],
];
