import { Ajv, type ErrorObject } from 'ajv';
import { Ajv2020 } from 'ajv/dist/2020.js';
import type { JsonSchema, ResponseFormat } from '../core/chat.ts';
import type { Located } from '../core/convert/located.ts';
import { readJson } from '../core/convert/readJson.ts';
import { messageOf } from '../core/errors.ts';
import { isJsonObject, JsonError, parseJson } from '../core/json.ts';
import { PromptError } from '../core/prompt/problems.ts';
import type { Mismatch, SchemaProblem } from '../core/run/answerCheck.ts';

// With ajv this is a good part of a megabyte: whoever needs it loads it when there is a first schema.

/** What can be checked once an answer is there; a grammar leaves no other answer to begin with. */
export type CheckedFormat = Exclude<ResponseFormat, { type: 'gbnf' }>;

/**
 * Where an answer is not what it had to be; none for one that is valid. A schema that is none is a mismatch of all of it.
 * Formats of texts, such as `date`, are not checked: models are not held to them either.
 */
export function mismatchesIn(answer: string, format: CheckedFormat): readonly Mismatch[] {
  let value: unknown;
  try {
    value = parseJson(answer);
  } catch (error) {
    if (!(error instanceof JsonError)) throw error;
    const hint = answer.trimStart().startsWith('```') ? ' It stands in a code fence.' : '';
    return [{ path: '', message: `is not JSON: ${withoutPrefix(error.message)}${hint}` }];
  }
  if (format.type === 'json') return [];
  try {
    const ajv = validatorFor(format.schema);
    const validate = ajv.compile(withoutDialect(format.schema));
    return validate(value) ? [] : (validate.errors ?? []).map(mismatchOf);
  } catch (error) {
    return [{ path: '', message: `cannot be checked: the schema is none. ${messageOf(error)}` }];
  }
}

/** What is wrong with the text of a schema, the first place first; none where it is one. */
export function schemaProblems(text: string): readonly SchemaProblem[] {
  let read: Located;
  try {
    read = readJson(text);
  } catch (error) {
    if (!(error instanceof PromptError)) throw error;
    const { line, column, message } = error.problem;
    return [{ line, column, message: `Not JSON: ${withoutPrefix(message)}` }];
  }
  const { value, placeOf } = read;
  if (!isJsonObject(value)) return [{ line: 1, column: 1, message: 'A schema is an object in braces.' }];
  const schema = withoutDialect(value);
  try {
    const ajv = validatorFor(value);
    if (ajv.validateSchema(schema) === true) {
      ajv.compile(schema);
      return [];
    }
    const problems = (ajv.errors ?? []).map((error) => ({
      ...placeOf(stepsOf(error.instancePath)),
      message: sentence(mismatchOf(error)),
    }));
    return onePerPlace(problems);
  } catch (error) {
    // What only shows when it is put together, such as a reference to nowhere, has no place.
    return [{ line: 1, column: 1, message: sentence({ path: '', message: messageOf(error) }) }];
  }
}

/** Reads schemas in the dialect that one names, or that it is valid in. Made anew for each, because it remembers what it has read. */
function validatorFor(schema: JsonSchema): Pick<Ajv, 'compile' | 'validateSchema' | 'errors'> {
  const options = { strict: false, allErrors: true, validateFormats: false, logger: false } as const;
  const { $schema: dialect } = schema;
  if (typeof dialect === 'string') return /draft-0\d/.test(dialect) ? new Ajv(options) : new Ajv2020(options);
  const newest = new Ajv2020(options);
  const older = new Ajv(options);
  return newest.validateSchema(schema) !== true && older.validateSchema(schema) === true ? older : newest;
}

/** The name of a dialect that is not known would be looked for and not found. */
function withoutDialect({ $schema: _, ...schema }: JsonSchema): JsonSchema {
  return schema;
}

/** Whose subject is named already. */
function withoutPrefix(message: string): string {
  return message.replace(/^This is not JSON: /, '');
}

function mismatchOf({ instancePath, keyword, params, message }: ErrorObject): Mismatch {
  const path = pathOf(stepsOf(instancePath));
  const { missingProperty, additionalProperty, allowedValues, allowedValue } = params as Readonly<
    Record<string, unknown>
  >;
  switch (keyword) {
    case 'required':
      return { path, message: `lacks ${JSON.stringify(missingProperty)}` };
    case 'additionalProperties':
    case 'unevaluatedProperties':
      return {
        path,
        message: `has ${JSON.stringify(additionalProperty ?? params['unevaluatedProperty'])}, which the schema does not allow`,
      };
    case 'enum':
      return { path, message: `must be one of ${listOf(allowedValues)}` };
    case 'const':
      return { path, message: `must be ${JSON.stringify(allowedValue)}` };
    default:
      return { path, message: message ?? keyword };
  }
}

function listOf(values: unknown): string {
  return Array.isArray(values) ? values.map((value) => JSON.stringify(value)).join(', ') : '';
}

/** The steps of a JSON pointer (RFC 6901). */
function stepsOf(pointer: string): readonly string[] {
  return pointer
    .split('/')
    .slice(1)
    .map((step) => step.replaceAll('~1', '/').replaceAll('~0', '~'));
}

function pathOf(steps: readonly string[]): string {
  return steps
    .map((step, index) => {
      if (/^\d+$/.test(step)) return `[${step}]`;
      if (!/^[\p{L}_$][\p{L}\p{N}_$]*$/u.test(step)) return `[${JSON.stringify(step)}]`;
      return index === 0 ? step : `.${step}`;
    })
    .join('');
}

function sentence({ path, message }: Mismatch): string {
  const words = `${path} ${message}`.trim().replace(/\.$/, '');
  return `${path === '' ? words.charAt(0).toUpperCase() + words.slice(1) : words}.`;
}

/** Several rules refuse the same value; the first says most. */
function onePerPlace(problems: readonly SchemaProblem[]): readonly SchemaProblem[] {
  const seen = new Set<string>();
  return problems
    .filter(({ line, column }) => {
      const key = `${line}:${column}`;
      if (seen.has(key)) return false;
      seen.add(key);
      return true;
    })
    .toSorted((one, other) => one.line - other.line || one.column - other.column);
}
