import { join } from 'node:path';
import type { LocalModel } from './localModel.ts';

/** The model of a prompt that names none, where no setting says otherwise. */
export const defaultModelId = 'local/demo';

/** The models that ship with the extension. `root` is the folder that holds `dist/` and `media/`. */
export function bundledModels(root: string): readonly LocalModel[] {
  return [
    {
      id: 'demo',
      name: 'Playground demo',
      description:
        'A demo of a few million parameters: it knows about language models and this playground, recites short answers, and little else. Choose a .gguf file as the model for real work.',
      path: join(root, 'media', 'demo.gguf'),
      contextWindow: 1024,
    },
  ];
}
