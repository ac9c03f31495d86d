/**
 * Whether OpenAI takes a schema as strict: every object names all its properties as required and allows no others. Any
 * other schema is refused as strict with a 400, and taken as a guide otherwise.
 */
export function isStrictSchema(schema: unknown): boolean {
  if (Array.isArray(schema)) return schema.every(isStrictSchema);
  if (typeof schema !== 'object' || schema === null) return true;
  const { type, properties, required, additionalProperties } = schema as Record<string, unknown>;
  if (type === 'object' || properties !== undefined) {
    const names = Object.keys((properties as object | undefined) ?? {});
    const isRequired = new Set(Array.isArray(required) ? required : []);
    if (additionalProperties !== false || !names.every((name) => isRequired.has(name))) return false;
  }
  return Object.values(schema).every(isStrictSchema);
}
