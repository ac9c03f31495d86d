import type { VariableField } from './fields.ts';

/** A block that is open at a place of a template. */
export interface OpenBlock {
  /** The helper or the variable, such as `each`. */
  readonly name: string;
  /** What it is called with as it is written, such as `items as |item|`. */
  readonly argument: string;
}

/** The blocks that are open at the end of a piece of template, the outermost first. It need not parse. */
export function openBlocks(template: string): readonly OpenBlock[] {
  const open: OpenBlock[] = [];
  for (const [, kind, name = '', argument = ''] of template.matchAll(
    /\{\{~?\s*([#/]|\^(?=\s*[^\s~}]))\s*([^\s{}~]*)([^{}]*)\}\}/g,
  )) {
    if (kind === '/') open.pop();
    else if (!name.startsWith('*')) open.push({ name, argument: argument.replace(/~$/, '').trim() });
  }
  return open;
}

/**
 * The fields that names mean inside of open blocks, in so far as declarations or uses tell: those of a list's items
 * within its `each`, and of an object within its `with`; otherwise the variables themselves.
 */
export function fieldsInside(
  blocks: readonly OpenBlock[],
  variables: readonly VariableField[],
): readonly VariableField[] {
  let fields = variables;
  for (const { name, argument } of blocks) {
    if (name !== 'each' && name !== 'with') continue;
    const field = fieldAt(fields, argument.split(/\s/)[0] ?? '');
    fields = (name === 'each' ? field?.items?.fields : field?.fields) ?? [];
  }
  return fields;
}

/** The field that a path such as `user.address` means. */
export function fieldAt(fields: readonly VariableField[], path: string): VariableField | undefined {
  const [first, ...rest] = path.replace(/^(?:\.\/|this\.)/, '').split('.');
  const field = fields.find(({ name }) => name === first);
  return rest.length === 0 || !field ? field : fieldAt(field.fields ?? [], rest.join('.'));
}
