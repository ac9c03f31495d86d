import { isRecord } from '../isRecord.ts';
import type { ImportedPrompt } from './conversion.ts';
import type { Fields } from './fields.ts';

/** What a `response_format`, as OpenAI writes it, asks the answer to be. One of another form is left for the rest. */
export function outputOf(fields: Fields): ImportedPrompt['output'] {
  const key = ['response_format', 'responseFormat'].find((name) => fields.has(name));
  if (key === undefined) return undefined;
  const nested = fields.map(key);
  const type = nested?.text('type') ?? fields.text(key);
  if (type === 'json_object' || type === 'json') return { format: 'json' };
  if (type === 'text' || type === undefined) return undefined;
  const schema = schemaIn(nested?.take('json_schema')) ?? schemaIn(fields.take('jsonSchema'));
  if (type === 'json_schema' && schema) return { format: 'json', schema };
  fields.warn(`The response format "${type}" has no form here; it is left out.`, key);
  return undefined;
}

/** GitHub writes the schema as JSON text. */
function schemaIn(written: unknown): unknown {
  let value = written;
  if (typeof written === 'string') {
    try {
      value = JSON.parse(written);
    } catch {
      return undefined;
    }
  }
  if (!isRecord(value)) return undefined;
  return isRecord(value['schema']) ? value['schema'] : value;
}
