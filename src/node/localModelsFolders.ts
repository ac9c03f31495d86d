import { homedir } from 'node:os';
import { isAbsolute, join } from 'node:path';

/** A folder in which models may lie. */
export interface ModelFolder {
  /** Absolute; or a single `.gguf` file. It may not be there. */
  readonly path: string;
  /** Whose folder it is, for people. */
  readonly owner: string;
}

/**
 * Where other programs keep GGUF files. Ollama's are named by its manifests and not by their folder; see
 * `localModelsOllama.ts`.
 * Source: LM Studio's documentation, huggingface_hub's `constants.py` and llama.cpp's `fs_get_cache_directory`, read
 * 2026-11-24.
 */
export function knownFolders(env: NodeJS.ProcessEnv = process.env): readonly ModelFolder[] {
  const home = homedir();
  const cache = env['XDG_CACHE_HOME'] || join(home, '.cache');
  const huggingFace = env['HF_HOME'] || join(cache, 'huggingface');
  return [
    { path: join(home, '.lmstudio', 'models'), owner: 'LM Studio' },
    { path: join(home, '.cache', 'lm-studio', 'models'), owner: 'LM Studio' },
    { path: env['HF_HUB_CACHE'] || join(huggingFace, 'hub'), owner: 'the Hugging Face cache' },
    { path: env['LLAMA_CACHE'] || llamaCache(env, cache), owner: 'llama.cpp' },
  ];
}

/** The folders and files of the setting, absolute; what is neither absolute nor under `~/` is left out. */
export function ownFolders(setting: readonly string[]): readonly ModelFolder[] {
  return setting
    .map((path) => (/^~[\\/]/.test(path) ? join(homedir(), path.slice(2)) : path))
    .filter(isAbsolute)
    .map((path) => ({ path, owner: 'your folders' }));
}

function llamaCache(env: NodeJS.ProcessEnv, cache: string): string {
  if (process.platform === 'darwin') return join(homedir(), 'Library', 'Caches', 'llama.cpp');
  if (process.platform === 'win32') return join(env['LOCALAPPDATA'] || homedir(), 'llama.cpp');
  return join(cache, 'llama.cpp');
}
