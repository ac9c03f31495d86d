import type { ImportedPrompt } from './conversion.ts';
import type { Fields } from './fields.ts';
import { modelIdOf } from './modelIds.ts';

/** The model's id here; one whose provider cannot be told is a warning. */
export function modelOf(fields: Fields, model: string | undefined, provider?: string): string | undefined {
  if (model === undefined) return undefined;
  const id = /[$][{]/.test(model) ? undefined : modelIdOf(model, provider);
  if (id === undefined) {
    fields.warn(
      `The provider of the model "${model}" cannot be told. Write it as model: provider/model.`,
      'model',
    );
  }
  return id;
}

/** The fields that are the same here. */
export function labelsOf(fields: Fields): Pick<ImportedPrompt, 'name' | 'description' | 'version'> {
  const name = fields.text('name');
  const description = fields.text('description');
  const version = fields.label('version');
  return {
    ...(name === undefined ? {} : { name }),
    ...(description === undefined ? {} : { description }),
    ...(version === undefined ? {} : { version }),
  };
}
