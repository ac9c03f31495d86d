import { join } from 'node:path';
import type { LocalModel } from './localModel.ts';

/** The local runtime's name for the demo model. */
export const demoId = 'demo';

/** The model of a prompt that names none, where no setting says otherwise. */
export const defaultModelId = `local/${demoId}`;

/** The models that ship with the extension. `root` is the folder that holds `dist/` and `media/`. */
export function bundledModels(root: string): readonly LocalModel[] {
  return [
    {
      id: demoId,
      name: 'Playground demo',
      description:
        'A demo of a few million parameters: it knows about language models and this playground, recites short answers, and little else. Choose a .gguf file as the model for real work.',
      path: join(root, 'media', 'demo.gguf'),
      contextWindow: 1024,
    },
  ];
}
