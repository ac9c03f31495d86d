import { stringify } from 'yaml';
import { isRecord } from '../isRecord.ts';
import type { FrontMatter } from '../prompt/parse.ts';
import type { Warnings } from './conversion.ts';
import type { ExportedPrompt } from './exportedPrompt.ts';

/** A map without its undefined values. */
export function present(map: Readonly<Record<string, unknown>>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(map).filter(([, value]) => value !== undefined));
}

/** A map as YAML, without what is absent. */
export function yamlOf(map: Readonly<Record<string, unknown>>): string {
  return stringify(present(map), { lineWidth: 0, aliasDuplicateObjects: false });
}

/** A map without its undefined values and empty maps; `undefined` for one that is empty then. */
export function orAbsent(
  map: Readonly<Record<string, unknown>>,
): Readonly<Record<string, unknown>> | undefined {
  const whole = present(map);
  return Object.keys(whole).length === 0 ? undefined : whole;
}

/** The part of a model id before its slash, and the rest. */
export function splitModel(modelId: string): { readonly provider: string; readonly model: string } {
  const slash = modelId.indexOf('/');
  return { provider: modelId.slice(0, Math.max(slash, 0)), model: modelId.slice(slash + 1) };
}

/** Settings under another tool's names, and a warning for each that it has no name for. */
export function renamedSettings(
  { settings, prompt }: Pick<ExportedPrompt, 'settings' | 'prompt'>,
  names: Readonly<Record<string, string>>,
  tool: string,
  warnings: Warnings,
): Record<string, unknown> {
  const renamed: [string, unknown][] = [];
  for (const [name, value] of Object.entries(settings)) {
    const other = Object.hasOwn(names, name) ? names[name] : undefined;
    if (other !== undefined) renamed.push([other, value]);
    else
      warnings.add(
        `"config.${name}" has no name in ${tool}; it is left out.`,
        prompt.locate(['config', name]),
      );
  }
  return Object.fromEntries(renamed);
}

/** What an import kept of another tool's fields, for the same tool as they stood; a warning for what is of others. */
export function keptFields(
  { ext }: FrontMatter,
  namespace: string,
  warnings: Warnings,
): Readonly<Record<string, unknown>> {
  let kept: Readonly<Record<string, unknown>> = {};
  for (const [space, fields] of Object.entries(ext)) {
    const [first, ...path] = space.split('.');
    if (first === namespace) kept = merged(kept, path.reduceRight<object>(nest, fields));
    else for (const name of Object.keys(fields)) warnings.add(`"${space}.${name}" is left out.`);
  }
  return kept;
}

/** Two maps as one, and the maps in them likewise. Of anything else the first counts. */
export function merged(one: object, other: object): Readonly<Record<string, unknown>> {
  const entries = new Map<string, unknown>(Object.entries(one));
  for (const [name, value] of Object.entries(other) as [string, unknown][]) {
    const before = entries.get(name);
    if (before === undefined) entries.set(name, value);
    else if (isRecord(before) && isRecord(value)) entries.set(name, merged(before, value));
  }
  return Object.fromEntries(entries);
}

function nest(value: object, name: string): object {
  return Object.fromEntries([[name, value]]);
}

/** Warns of parts of the front matter that a format has no place for. */
export function warnOfLost(
  { frontMatter, prompt }: Pick<ExportedPrompt, 'frontMatter' | 'prompt'>,
  parts: readonly (keyof FrontMatter & ('version' | 'output' | 'tools'))[],
  tool: string,
  warnings: Warnings,
): void {
  for (const part of parts) {
    const value = frontMatter[part];
    const isThere = Array.isArray(value)
      ? value.length > 0
      : typeof value === 'object'
        ? Object.keys(value).length > 0
        : value !== undefined;
    if (isThere) warnings.add(`"${part}" has no place in ${tool}; it is left out.`, prompt.locate([part]));
  }
}
