/** The text of a schema in its field, and what it means. */
import type { ResponseFormat } from '../src/protocol.ts';

type SchemaFormat = Extract<ResponseFormat, { type: 'json-schema' }>;

/** A schema to begin with. */
export const firstSchema: SchemaFormat['schema'] = {
  type: 'object',
  properties: { answer: { type: 'string' } },
  required: ['answer'],
  additionalProperties: false,
};

export function schemaText(schema: SchemaFormat['schema']): string {
  return JSON.stringify(schema, null, 2);
}

/** The schema that a text is; `undefined` for one that is not finished or no object. What else is wrong the host says. */
export function readSchema(text: string): SchemaFormat['schema'] | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null && !Array.isArray(value)
      ? (value as SchemaFormat['schema'])
      : undefined;
  } catch {
    return undefined;
  }
}

/** The offset of a place in a text, both from 1, in UTF-16 code units. */
export function offsetOf(
  text: string,
  { line, column }: { readonly line: number; readonly column: number },
): number {
  const above = text.split('\n').slice(0, line - 1);
  return above.reduce((sum, each) => sum + each.length + 1, 0) + column - 1;
}
