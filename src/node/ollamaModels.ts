import { access, readFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join } from 'node:path';
import * as z from 'zod/mini';

/**
 * The folders in which Ollama keeps its models, most likely first: the one it was told to use, the user's own,
 * and that of the service which its installer sets up on Linux.
 */
export function ollamaFolders(env: NodeJS.ProcessEnv = process.env): readonly string[] {
  const told = env['OLLAMA_MODELS'];
  return [...(told ? [told] : []), join(homedir(), '.ollama', 'models'), '/usr/share/ollama/.ollama/models'];
}

/**
 * The GGUF file of one of Ollama's models, absolute, or `undefined` when it is not on this disk: Ollama may run
 * on another machine, and some of its models run at its makers'.
 * @param model as Ollama names it: `llama3.2`, `llama3.2:1b`, `user/model:tag`, `hf.co/user/model:Q4_K_M`.
 * Source: `ParseName` in ollama's types/model/name.go and the manifests it writes, read 2026-11-24.
 */
export async function ollamaModelFile(
  model: string,
  folders: readonly string[] = ollamaFolders(),
): Promise<string | undefined> {
  const manifest = manifestPath(model);
  if (!manifest) return undefined;
  for (const folder of folders) {
    const digest = await modelDigest(join(folder, 'manifests', ...manifest));
    if (digest === undefined) continue;
    const file = join(folder, 'blobs', digest.replace(':', '-'));
    if (await isThere(file)) return file;
  }
  return undefined;
}

/** Host, namespace, name and tag; `undefined` for what is no name, such as one that would lead out of the folder. */
function manifestPath(model: string): readonly string[] | undefined {
  const [, path = '', tag = 'latest'] = /^(.*?)(?::([^:/]+))?$/.exec(model) ?? [];
  const parts = path.split('/');
  const full = [...['registry.ollama.ai', 'library'].slice(0, Math.max(0, 3 - parts.length)), ...parts, tag];
  return full.length === 4 && full.every((part) => /^\w[\w.-]*$/.test(part)) ? full : undefined;
}

/** The digest of the layer with the weights, such as `sha256:…`; `undefined` without a manifest that has one. */
async function modelDigest(path: string): Promise<string | undefined> {
  let raw: unknown;
  try {
    raw = JSON.parse(await readFile(path, 'utf8'));
  } catch {
    return undefined;
  }
  const parsed = manifestSchema.safeParse(raw);
  return parsed.data?.layers.find(({ mediaType }) => mediaType === 'application/vnd.ollama.image.model')
    ?.digest;
}

const manifestSchema = z.object({
  layers: z.array(
    z.object({
      mediaType: z.string(),
      digest: z.string().check(z.regex(/^sha256:[0-9a-f]{64}$/)),
    }),
  ),
});

async function isThere(file: string): Promise<boolean> {
  return access(file).then(
    () => true,
    () => false,
  );
}
