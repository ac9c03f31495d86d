import type { VariableField } from './fields.ts';

/**
 * The fields of several versions of a prompt as one form: each name once, in the order of the first version that has it,
 * as that version describes it. It must be given where one of them must have it; the first default stands for all.
 */
export function jointFields(versions: readonly (readonly VariableField[])[]): readonly VariableField[] {
  const joint = new Map<string, VariableField>();
  for (const field of versions.flat()) {
    const known = joint.get(field.name);
    joint.set(field.name, known ? joined(known, field) : field);
  }
  return [...joint.values()];
}

function joined(known: VariableField, other: VariableField): VariableField {
  const fallback = known.default ?? other.default;
  return {
    ...known,
    required: known.required || other.required,
    ...(fallback === undefined ? {} : { default: fallback }),
  };
}
