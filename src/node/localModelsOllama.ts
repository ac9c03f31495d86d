import { glob } from 'node:fs/promises';
import { join, sep } from 'node:path';
import { ollamaModelFile } from './ollamaModels.ts';

/** A model of Ollama on this disk. */
export interface OllamaFile {
  /** As Ollama names it: `llama3.2:1b`, `user/model:tag`. */
  readonly name: string;
  /** Its GGUF file, absolute, whose name is its hash. */
  readonly path: string;
}

/** The models in one of Ollama's folders, which may not be there. Those that are not GGUF are left to whoever reads them. */
export async function* ollamaFiles(folder: string): AsyncGenerator<OllamaFile> {
  for await (const manifest of glob('*/*/*/*', { cwd: join(folder, 'manifests') })) {
    const name = nameOf(manifest.split(sep));
    const path = await ollamaModelFile(name, [folder]);
    if (path !== undefined) yield { name, path };
  }
}

/** Without the host and the user that Ollama assumes. */
function nameOf([host = '', user = '', model = '', tag = '']: readonly string[]): string {
  const isOwnHost = host === 'registry.ollama.ai';
  const parts = [...(isOwnHost ? [] : [host]), ...(isOwnHost && user === 'library' ? [] : [user]), model];
  return `${parts.join('/')}:${tag}`;
}
