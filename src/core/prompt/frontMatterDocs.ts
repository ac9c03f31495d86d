/** A key of the front matter, for a completion or a hover. */
export interface FieldDoc {
  /** One or two sentences. */
  readonly summary: string;
  /** Whether other keys stand below it. */
  readonly isMap?: boolean;
  /** The values it can have, where there are only these. */
  readonly values?: readonly string[];
}

/** By the path of the key with dots; a test holds this against `fieldNames`. */
export const fieldDocs: ReadonlyMap<string, FieldDoc> = new Map<string, FieldDoc>([
  ['name', { summary: 'What the prompt is called.' }],
  ['description', { summary: 'What the prompt does, in one sentence.' }],
  [
    'version',
    { summary: 'Your own name for this version. The text’s hash tells versions apart without it.' },
  ],
  [
    'variant',
    {
      summary:
        'Which of several prompts of one name this is. Programs that choose between them read it; nothing is chosen here.',
    },
  ],
  [
    'model',
    { summary: 'The model as provider/model. Without it, the setting llmPlayground.defaultModel is taken.' },
  ],
  ['config', { summary: 'Settings of the model, such as temperature.', isMap: true }],
  ['input', { summary: 'The variables: their schema and their defaults.', isMap: true }],
  [
    'input.schema',
    {
      summary:
        'A map of variable names to types and what they are for, such as “topic: string, what to explain”. A ? behind the name makes one optional.',
      isMap: true,
    },
  ],
  ['input.default', { summary: 'Values for variables that are not given one.', isMap: true }],
  ['output', { summary: 'What the answer must be.', isMap: true }],
  ['output.format', { summary: 'Free text or JSON.', values: ['text', 'json'] }],
  ['output.schema', { summary: 'The schema of a JSON answer, written as that of the input.', isMap: true }],
  [
    'output.grammar',
    {
      summary:
        'A grammar in llama.cpp’s notation (GBNF) that the answer is held to, such as: root ::= "yes" | "no". For local models.',
    },
  ],
  [
    'tools',
    {
      summary:
        'Tools that the model may call: each has a name, a description and the schema of its arguments. A call is shown and not made.',
      isMap: true,
    },
  ],
  ['tools.name', { summary: 'What the model calls it by: letters, digits, _ and -.' }],
  ['tools.description', { summary: 'What it does and when to call it. The model decides by this.' }],
  [
    'tools.inputSchema',
    { summary: 'The schema of its arguments, written as that of the input.', isMap: true },
  ],
  [
    'providerOptions',
    {
      summary:
        'Fields that are put into the service’s request as they are, over everything else, for what has no setting here.',
      isMap: true,
    },
  ],
]);

/** The types that Picoschema knows, and the two that we name. */
export const schemaTypes: readonly { readonly name: string; readonly summary: string }[] = [
  { name: 'string', summary: 'Text.' },
  { name: 'integer', summary: 'A whole number.' },
  { name: 'number', summary: 'A number.' },
  { name: 'boolean', summary: 'true or false.' },
  { name: 'any', summary: 'Any value.' },
  { name: 'date', summary: 'A day such as 2026-11-22, for which the form has a calendar.' },
  {
    name: 'file',
    summary: 'The text of a file, which the form lets you choose; an image becomes its data: URL.',
  },
];
