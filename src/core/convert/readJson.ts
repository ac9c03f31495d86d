import { PromptError } from '../prompt/problems.ts';
import type { FilePlace } from './conversion.ts';
import type { DataPath, Located } from './located.ts';

/**
 * Reads JSON. `JSON.parse` says where an error is in its text only, and nothing of where a value stands.
 * @throws PromptError when it is not JSON, with its place.
 */
export function readJson(text: string): Located {
  const reader = new JsonReader(text);
  const value = reader.read();
  const placeOf = (path: DataPath): FilePlace => {
    for (let length = path.length; length > 0; length--) {
      const offset = reader.offsets.get(keyOf(path.slice(0, length)));
      if (offset !== undefined) return placeAt(text, offset);
    }
    return placeAt(text, 0);
  };
  return { value, placeOf, placeInText: placeOf };
}

/** The place of an offset in UTF-16 units. */
export function placeAt(text: string, offset: number): FilePlace {
  const before = text.slice(0, offset);
  const line = before.split('\n').length;
  return { line, column: offset - before.lastIndexOf('\n') };
}

const deepest = 200;

/** A path as a key of a map. */
function keyOf(path: DataPath): string {
  return path.map((step) => JSON.stringify(String(step))).join('/');
}

class JsonReader {
  /** Where each key or item begins. */
  readonly offsets = new Map<string, number>();
  readonly #text: string;
  #at = 0;

  constructor(text: string) {
    this.#text = text;
    if (text.startsWith('\uFEFF')) this.#at = 1;
  }

  read(): unknown {
    const value = this.#value('', 0);
    this.#skipSpace();
    if (this.#at < this.#text.length) this.#fail('Nothing may follow the value');
    return value;
  }

  /** @param above the path's key; the items of a list and the keys of an object stand below it. */
  #value(above: string, depth: number): unknown {
    if (depth > deepest) this.#fail('It is nested too deeply');
    this.#skipSpace();
    const below = (step: string | number): string =>
      (above === '' ? '' : `${above}/`) + JSON.stringify(String(step));
    const begins = (character: string): boolean => this.#text[this.#at] === character;
    if (begins('{')) return this.#object(below, depth);
    if (begins('[')) return this.#list(below, depth);
    return begins('"') ? this.#string() : this.#literal();
  }

  #object(below: (step: string) => string, depth: number): unknown {
    const entries: [string, unknown][] = [];
    this.#at++;
    for (let first = true; !this.#takes('}'); first = false) {
      if (!first) this.#expect(',', 'A comma or a } is missing');
      this.#skipSpace();
      const start = this.#at;
      if (this.#text[start] !== '"') this.#fail('A key in double quotes is missing');
      const name = this.#string();
      this.offsets.set(below(name), start);
      this.#expect(':', 'A colon is missing');
      entries.push([name, this.#value(below(name), depth + 1)]);
    }
    return Object.fromEntries(entries);
  }

  #list(below: (step: number) => string, depth: number): unknown {
    const items: unknown[] = [];
    this.#at++;
    while (!this.#takes(']')) {
      if (items.length > 0) this.#expect(',', 'A comma or a ] is missing');
      this.#skipSpace();
      const path = below(items.length);
      this.offsets.set(path, this.#at);
      items.push(this.#value(path, depth + 1));
    }
    return items;
  }

  #string(): string {
    const pattern = /"(?:[^"\\]|\\.)*"/suy;
    pattern.lastIndex = this.#at;
    const [written] = pattern.exec(this.#text) ?? this.#fail('A text is not closed');
    return this.#parsed(written, 'A text holds a line break or an unknown escape') as string;
  }

  #literal(): unknown {
    const pattern = /[\w.+-]+/y;
    pattern.lastIndex = this.#at;
    const [written] = pattern.exec(this.#text) ?? this.#fail('A value is missing');
    return this.#parsed(written, 'This is no value');
  }

  #parsed(written: string, complaint: string): unknown {
    let value: unknown;
    try {
      value = JSON.parse(written);
    } catch {
      this.#fail(complaint);
    }
    this.#at += written.length;
    return value;
  }

  #takes(character: string): boolean {
    this.#skipSpace();
    const isThere = this.#text[this.#at] === character;
    if (isThere) this.#at++;
    return isThere;
  }

  #expect(character: string, complaint: string): void {
    if (!this.#takes(character)) this.#fail(complaint);
  }

  #skipSpace(): void {
    while (' \t\r\n'.includes(this.#text[this.#at] ?? 'x')) this.#at++;
  }

  #fail(complaint: string): never {
    throw new PromptError(`This is not JSON: ${complaint}.`, placeAt(this.#text, this.#at));
  }
}
