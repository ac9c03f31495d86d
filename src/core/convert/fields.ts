import { isRecord } from '../isRecord.ts';
import { PromptError } from '../prompt/problems.ts';
import { settingNamed, settingsOf } from '../prompt/settings.ts';
import type { FilePlace, Warnings } from './conversion.ts';
import type { DataPath, Located } from './located.ts';

/**
 * A map of a foreign file, read field by field. What nobody has read at the end is in {@link Fields.keepRest}, so that
 * no field is lost in silence.
 */
export class Fields {
  readonly warnings: Warnings;
  readonly source: Located;
  readonly path: DataPath;
  readonly #entries: ReadonlyMap<string, unknown>;
  readonly #read = new Set<string>();

  /** @throws PromptError when the value at `path` is not a map; an empty file is one without fields. */
  constructor(source: Located, path: DataPath, warnings: Warnings) {
    let value = source.value;
    for (const step of path) value = (value as Record<string | number, unknown>)[step];
    if (value != null && !isRecord(value)) {
      const what = path.length === 0 ? 'The file' : `"${path.join('.')}"`;
      throw new PromptError(`${what} must be a map of names to values.`, source.placeOf(path));
    }
    this.source = source;
    this.path = path;
    this.warnings = warnings;
    this.#entries = new Map(Object.entries(value ?? {}).filter(([, field]) => field != null));
  }

  has(name: string): boolean {
    return this.#entries.has(name);
  }

  names(): readonly string[] {
    return [...this.#entries.keys()];
  }

  /** The value, whatever it is, which counts as read now; `undefined` where there is none. */
  take(name: string): unknown {
    this.#read.add(name);
    return this.#entries.get(name);
  }

  /** The value if it is text. Another one is left for the rest. */
  text(name: string): string | undefined {
    const value = this.#entries.get(name);
    return typeof value === 'string' ? (this.take(name) as string) : undefined;
  }

  /** Text, or a number as it is printed. */
  label(name: string): string | undefined {
    const value = this.#entries.get(name);
    return typeof value === 'number' ? String(this.take(name)) : this.text(name);
  }

  /** The list, or `undefined` where it is something else. */
  list(name: string): readonly unknown[] | undefined {
    const value = this.#entries.get(name);
    return Array.isArray(value) ? (this.take(name) as unknown[]) : undefined;
  }

  /** The map, or `undefined` where it is something else. */
  map(name: string): Fields | undefined {
    if (!isRecord(this.#entries.get(name))) return undefined;
    this.#read.add(name);
    return new Fields(this.source, [...this.path, name], this.warnings);
  }

  /** The item of a list at `name`, which must be a map. */
  item(name: string, index: number): Fields {
    return new Fields(this.source, [...this.path, name, index], this.warnings);
  }

  place(name?: string): FilePlace {
    return this.source.placeOf(name === undefined ? this.path : [...this.path, name]);
  }

  warn(message: string, name?: string): void {
    this.warnings.add(message, this.place(name));
  }

  /** Reads what is a setting, under any of its names, into `config`. What is out of its range stays unread. */
  settings(config: Record<string, unknown>): void {
    for (const [written, value] of this.#unread()) {
      const name = settingNamed(Object.hasOwn(otherNames, written) ? (otherNames[written] ?? '') : written);
      if (name === undefined || Object.hasOwn(config, name)) continue;
      const { settings } = settingsOf({ [name]: value });
      if (settings[name] === undefined) continue;
      config[name] = settings[name];
      this.#read.add(written);
    }
  }

  /** Puts what nobody has read into `kept`, with a warning each. What can be a key is left out. */
  keepRest(namespace: string, kept: Record<string, unknown>): void {
    for (const [name, value] of this.#unread()) {
      const key = [namespace, ...this.path, name].join('.');
      const written = [...this.path, name].join('.');
      this.#read.add(name);
      if (isSecret(name, value)) {
        this.warn(`"${written}" is left out, because it can be a key. Set keys in the Models view.`, name);
      } else {
        kept[key] = withoutSecrets(value);
        const isWhole = JSON.stringify(kept[key]) === JSON.stringify(value);
        const rest = isWhole ? '' : ' What can be a key in it is left out.';
        this.warn(`"${written}" has no meaning here; it is kept as "${key}".${rest}`, name);
      }
    }
  }

  #unread(): readonly [string, unknown][] {
    return [...this.#entries].filter(([name]) => !this.#read.has(name));
  }
}

/** Names that other tools have for our settings, beyond those that `config` takes itself. */
const otherNames: Readonly<Record<string, string>> = {
  max_completion_tokens: 'maxOutputTokens',
  maxCompletionTokens: 'maxOutputTokens',
  max_new_tokens: 'maxOutputTokens',
  num_predict: 'maxOutputTokens',
  num_ctx: 'contextSize',
  contextLength: 'contextSize',
  repetition_penalty: 'repeatPenalty',
};

function isSecret(name: string, value: unknown): boolean {
  return typeof value === 'string' && /(key|secret|password|token|credential|authorization)$/i.test(name);
}

function withoutSecrets(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutSecrets);
  if (!isRecord(value)) return value;
  return Object.fromEntries(
    Object.entries(value)
      .filter(([name, field]) => !isSecret(name, field))
      .map(([name, field]) => [name, withoutSecrets(field)]),
  );
}
