import { join } from 'node:path';
import type { LocalModel } from './localRuntime.ts';

/** The model of a prompt that names none, where no setting says otherwise. */
export const defaultModelId = 'local/scripted';

/** The models that ship with the extension. `root` is the folder that holds `dist/` and `media/`. */
export function bundledModels(root: string): readonly LocalModel[] {
  return [
    {
      id: 'scripted',
      name: 'Scripted stand-in',
      description:
        'A scripted stand-in, not a language model: it says the same whatever is asked. Everything around it is real. Choose a .gguf file as the model to get real answers.',
      path: join(root, 'dist', 'models', 'scripted.gguf'),
      contextWindow: 4096,
    },
  ];
}
