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
      name: 'Playground demo (2.7M)',
      description:
        'A demo with 2.7 million parameters in 5.5 MB: it recites short answers in English about language models and this playground, and knows nothing else. For real work, download a model or choose a .gguf file.',
      path: join(root, 'media', 'demo.gguf'),
      bytes: 5_496_768,
      contextWindow: 1024,
    },
  ];
}
