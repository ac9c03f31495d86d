import type { JsonSchema, ResponseFormat } from '../core/chat.ts';
import { isRecord } from '../core/isRecord.ts';

/** A grammar in GBNF, llama.cpp's notation, that allows exactly the answers of a format. */
export interface JsonGrammar {
  readonly text: string;
  /** The keywords of the schema that the grammar does not hold the answer to, such as `pattern`. */
  readonly notEnforced: readonly string[];
}

/** A format that is JSON. */
export type JsonFormat = Exclude<ResponseFormat, { type: 'gbnf' }>;

/**
 * The grammar of a response format. What it cannot express it leaves open, so that every answer that the schema allows
 * in the order of its properties stays possible; but an object that lists its properties gets no others.
 */
export function jsonGrammar(format: JsonFormat): JsonGrammar {
  const writer = new GrammarWriter(format.type === 'json' ? {} : format.schema);
  const root = format.type === 'json' ? 'object' : writer.rule(format.schema);
  return { text: writer.text(root), notEnforced: [...writer.notEnforced] };
}

class GrammarWriter {
  readonly notEnforced = new Set<string>();
  readonly #document: JsonSchema;
  readonly #rules = new Map<string, string>();
  readonly #ruleOfReference = new Map<string, string>();

  constructor(document: JsonSchema) {
    this.#document = document;
  }

  text(root: string): string {
    const rules = [...this.#rules].map(([name, body]) => `${name} ::= ${body}`);
    return [`root ::= ${root}`, ...rules, json].join('\n');
  }

  /** The name of the rule for a schema; anything but an object stands for any value. */
  rule(schema: unknown): string {
    if (!isRecord(schema)) return 'value';
    for (const keyword of Object.keys(schema)) if (!known.has(keyword)) this.notEnforced.add(keyword);
    const { $ref, const: only, enum: choices, anyOf, oneOf, type } = schema;
    if (typeof $ref === 'string') return this.#referenced($ref);
    if ('const' in schema) return this.#add(literal(only));
    if (Array.isArray(choices)) return this.#add(choices.map(literal).join(' | '));
    const alternatives = anyOf ?? oneOf;
    const restricts = 'properties' in schema || 'items' in schema;
    if (alternatives !== undefined && restricts) this.notEnforced.add(anyOf ? 'anyOf' : 'oneOf');
    else if (Array.isArray(alternatives))
      return this.#add(alternatives.map((alternative) => this.rule(alternative)).join(' | '));
    if (Array.isArray(type))
      return this.#add(type.map((one: unknown) => this.rule({ ...schema, type: one })).join(' | '));
    return this.#ofType(schema);
  }

  #ofType(schema: JsonSchema): string {
    const type = schema['type'] ?? ('properties' in schema ? 'object' : 'any');
    switch (type) {
      case 'object':
        return this.#object(schema);
      case 'array':
        return this.#array(schema);
      case 'string':
        return this.#string(schema);
      case 'integer':
        return 'integer';
      case 'number':
        return 'number';
      case 'boolean':
        return 'boolean';
      case 'null':
        return 'null';
      default:
        return 'value';
    }
  }

  #object({ properties, required, additionalProperties }: JsonSchema): string {
    if (!isRecord(properties)) {
      if (!isRecord(additionalProperties)) return 'object';
      const pair = `string ":" ws ${this.rule(additionalProperties)}`;
      return this.#add(`"{" ws (${pair} ("," ws ${pair})*)? ws "}"`);
    }
    const isRequired = (name: string): boolean => Array.isArray(required) && required.includes(name);
    const pairs = Object.entries(properties).map(([name, schema]) => ({
      text: `${literal(name)} ":" ws ${this.rule(schema)}`,
      isRequired: isRequired(name),
    }));
    // From the last to the first: each rule says what may stand behind its pair.
    const following: string[] = [];
    const from = (start: number, separator: string): string => {
      const choices: string[] = [];
      for (const [index, pair] of pairs.entries()) {
        if (index < start) continue;
        choices.push(`${separator}${pair.text} ${following[index] ?? ''}`);
        if (pair.isRequired) return choices.join(' | ');
      }
      return [...choices, '""'].join(' | ');
    };
    for (let index = pairs.length - 1; index >= 0; index--)
      following[index] = this.#add(from(index + 1, '"," ws '));
    return this.#add(`"{" ws (${from(0, '')}) ws "}"`);
  }

  #array({ items, minItems, maxItems }: JsonSchema): string {
    const item = this.rule(items);
    const least = countOf(minItems) ?? 0;
    const most = this.#limit('maxItems', maxItems);
    if (most === 0) return this.#add('"[" ws "]"');
    const more = `("," ws ${item})${repetition(Math.max(0, least - 1), most === undefined ? undefined : most - 1)}`;
    return this.#add(`"[" ws ${least > 0 ? `${item} ${more}` : `(${item} ${more})?`} ws "]"`);
  }

  #string({ minLength, maxLength, format }: JsonSchema): string {
    if (format === 'date' || format === 'time' || format === 'date-time') return `${format}-string`;
    if (format !== undefined) this.notEnforced.add('format');
    const least = countOf(minLength) ?? 0;
    const most = this.#limit('maxLength', maxLength);
    if (least === 0 && most === undefined) return 'string';
    return this.#add(`"\\"" char${repetition(least, most)} "\\""`);
  }

  /** llama.cpp refuses grammars with a repetition that is much longer. */
  #limit(keyword: string, value: unknown): number | undefined {
    const limit = countOf(value);
    if (limit === undefined || limit <= mostRepetitions) return limit;
    this.notEnforced.add(keyword);
    return undefined;
  }

  #referenced(reference: string): string {
    const existing = this.#ruleOfReference.get(reference);
    if (existing !== undefined) return existing;
    const schema = this.#resolve(reference);
    if (schema === undefined) {
      this.notEnforced.add('$ref');
      return 'value';
    }
    // Named before it is written, because it may refer to itself.
    const name = `ref-${this.#ruleOfReference.size}`;
    this.#ruleOfReference.set(reference, name);
    this.#rules.set(name, this.rule(schema));
    return name;
  }

  /** What a JSON pointer into the same schema points at. */
  #resolve(reference: string): unknown {
    if (!reference.startsWith('#')) return undefined;
    const steps = reference.split('/').slice(1);
    return steps.reduce<unknown>((place, step) => {
      const key = decodeURIComponent(step).replaceAll('~1', '/').replaceAll('~0', '~');
      return isRecord(place) ? place[key] : undefined;
    }, this.#document);
  }

  #add(body: string): string {
    const name = `rule-${this.#rules.size}`;
    this.#rules.set(name, body);
    return name;
  }
}

function literal(value: unknown): string {
  // GBNF's text has the escapes of JSON's, so what is JSON twice is JSON once.
  return JSON.stringify(JSON.stringify(value));
}

function repetition(least: number, most: number | undefined): string {
  return most === undefined ? (least === 0 ? '*' : `{${least},}`) : `{${least},${Math.max(least, most)}}`;
}

function countOf(value: unknown): number | undefined {
  return typeof value === 'number' && Number.isInteger(value) && value >= 0 ? value : undefined;
}

const mostRepetitions = 1000;

/** What the grammar follows, and what asks for nothing. */
const known = new Set(
  (
    '$ref const enum anyOf oneOf type properties required additionalProperties items minItems maxItems minLength ' +
    'maxLength format $defs definitions $schema $id $comment title description default examples deprecated readOnly ' +
    'writeOnly'
  ).split(' '),
);

/** JSON as models write it: blank space where people put it and never without end, numbers of a sane length. */
const json = String.raw`value ::= object | array | string | number | boolean | null
object ::= "{" ws (string ":" ws value ("," ws string ":" ws value)*)? ws "}"
array ::= "[" ws (value ("," ws value)*)? ws "]"
string ::= "\"" char* "\""
char ::= [^"\\\x7F\x00-\x1F] | "\\" (["\\/bfnrt] | "u" [0-9a-fA-F]{4})
integer ::= "-"? ("0" | [1-9] [0-9]{0,15})
number ::= integer ("." [0-9]{1,16})? ([eE] [-+]? [0-9]{1,3})?
boolean ::= "true" | "false"
null ::= "null"
date ::= [0-9]{4} "-" ("0" [1-9] | "1" [0-2]) "-" ("0" [1-9] | [12] [0-9] | "3" [01])
time ::= ([01] [0-9] | "2" [0-3]) ":" [0-5] [0-9] ":" [0-5] [0-9] ("." [0-9]{3})? ("Z" | [-+] [01] [0-9] ":" [0-5] [0-9])
date-string ::= "\"" date "\""
time-string ::= "\"" time "\""
date-time-string ::= "\"" date "T" time "\""
ws ::= | " " | "\n" [ \t]{0,20}`;
