import type { GenerationSettings, JsonSchema, Warning } from '../chat.ts';

/**
 * The settings that a front matter's `config` asks for. A key that is not known, or a value out of its range, is not
 * taken over but told in `warnings`, whose `subject` is the key as written.
 *
 * Keys are those of {@link GenerationSettings}, with `maxTokens` and `stopSequences` as other names for two of them, and
 * may be written in snake_case.
 */
export function settingsOf(config: Readonly<Record<string, unknown>>): {
  readonly settings: GenerationSettings;
  readonly warnings: readonly Warning[];
} {
  const taken = new Map<string, unknown>();
  const warnings: Warning[] = [];
  for (const [subject, value] of Object.entries(config)) {
    const key = keyOf(subject);
    const rule = rules.get(key);
    const warn = (message: string): number => warnings.push({ subject, message });
    if (!rule)
      warn(`"config.${subject}" is not a setting. The settings are ${[...rules.keys()].join(', ')}.`);
    else if (taken.has(key))
      warn(`"config.${subject}" is left out: "${key}" is set already under another name.`);
    else if (!rule.takes(value)) warn(`"config.${subject}" is left out: it must be ${rule.expected}.`);
    else taken.set(key, key === 'stop' ? [value].flat() : value);
  }
  return { settings: Object.fromEntries(taken), warnings };
}

interface Rule {
  readonly takes: (value: unknown) => boolean;
  readonly expected: string;
  /** What `takes` means, for editors of other tools. */
  readonly schema: JsonSchema;
}

const text: JsonSchema = { type: 'string', minLength: 1 };
const duration = /^(-1|0|(\d+(\.\d+)?(ms|s|m|h))+)$/;

// Typed by the settings, so that a new one without a rule does not compile.
const ruleTable: { readonly [K in keyof Required<GenerationSettings>]: Rule } = {
  temperature: number(0, 2),
  topP: number(0, 1),
  topK: whole(0),
  minP: number(0, 1),
  maxOutputTokens: whole(1),
  stop: {
    takes: isStop,
    expected: 'a text or a list of texts, none of them empty',
    schema: { anyOf: [text, { type: 'array', items: text, minItems: 1 }] },
  },
  seed: whole(0, 2 ** 32 - 1),
  frequencyPenalty: number(-2, 2),
  presencePenalty: number(-2, 2),
  repeatPenalty: number(0, 2),
  xtcProbability: number(0, 1),
  xtcThreshold: number(0, 0.5),
  dryMultiplier: number(0, 5),
  dryBase: number(1, 4),
  dryAllowedLength: whole(1),
  reasoningEffort: oneOf(['none', 'low', 'medium', 'high']),
  logprobs: whole(0, 100),
  logitBias: {
    takes: isLogitBias,
    expected: 'a map from token ids to numbers from -100 to 100',
    schema: {
      type: 'object',
      patternProperties: { '^\\d+$': { type: 'number', minimum: -100, maximum: 100 } },
      additionalProperties: false,
    },
  },
  contextSize: whole(1),
  keepAlive: {
    takes: isDuration,
    expected: 'a duration such as 5m, 0, or -1 for ever',
    schema: { type: 'string', pattern: duration.source },
  },
};

const rules: ReadonlyMap<string, Rule> = new Map(Object.entries(ruleTable));

/** The keys of `config`, in the order in which they are listed to people. */
export const settingNames = Object.keys(ruleTable) as readonly (keyof GenerationSettings)[];

/** The setting that a key of `config` means, under whichever of its names, or `undefined` where it is none. */
export function settingNamed(written: string): keyof GenerationSettings | undefined {
  const key = keyOf(written);
  return settingNames.find((name) => name === key);
}

/** What a setting's value must be, such as `a number from 0 to 2`. */
export function expectedOf(name: keyof GenerationSettings): string {
  return ruleTable[name].expected;
}

/** What a setting's value must be, as JSON Schema. */
export function schemaOf(name: keyof GenerationSettings): JsonSchema {
  return ruleTable[name].schema;
}

/** Other names for settings, by the name that is written. */
export const otherNames: ReadonlyMap<string, string> = new Map([
  ['maxTokens', 'maxOutputTokens'],
  ['stopSequences', 'stop'],
]);

function keyOf(written: string): string {
  const camelCase = written.replace(/_([a-z])/g, (_, letter: string) => letter.toUpperCase());
  return otherNames.get(camelCase) ?? camelCase;
}

function number(min: number, max: number): Rule {
  return {
    takes: (value) => typeof value === 'number' && value >= min && value <= max,
    expected: `a number from ${min} to ${max}`,
    schema: { type: 'number', minimum: min, maximum: max },
  };
}

function whole(min: number, max = Number.MAX_SAFE_INTEGER): Rule {
  const range = max === Number.MAX_SAFE_INTEGER ? `of at least ${min}` : `from ${min} to ${max}`;
  return {
    takes: (value) => typeof value === 'number' && Number.isInteger(value) && value >= min && value <= max,
    expected: `a whole number ${range}`,
    schema: { type: 'integer', minimum: min, ...(max === Number.MAX_SAFE_INTEGER ? {} : { maximum: max }) },
  };
}

function oneOf(words: readonly string[]): Rule {
  return {
    takes: (value) => typeof value === 'string' && words.includes(value),
    expected: `one of ${words.join(', ')}`,
    schema: { enum: words },
  };
}

function isLogitBias(value: unknown): boolean {
  if (typeof value !== 'object' || value === null) return false;
  const bias = number(-100, 100);
  return Object.entries(value).every(([tokenId, amount]) => /^\d+$/.test(tokenId) && bias.takes(amount));
}

function isDuration(value: unknown): boolean {
  return typeof value === 'string' && duration.test(value);
}

function isStop(value: unknown): boolean {
  const texts: readonly unknown[] = [value].flat();
  return texts.length > 0 && texts.every((text) => typeof text === 'string' && text !== '');
}
