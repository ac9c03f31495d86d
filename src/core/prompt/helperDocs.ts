/** What a helper does, for a completion or a hover. */
export interface HelperDoc {
  /** How it is written. */
  readonly usage: string;
  /** One or two sentences. */
  readonly summary: string;
}

/** By the names of `helperNames`; a test holds the two together. */
export const helperDocs: ReadonlyMap<string, HelperDoc> = new Map([
  [
    'role',
    {
      usage: '{{role "system"}}',
      summary: 'Begins a message: what follows is said by the system, the user or the model.',
    },
  ],
  [
    'history',
    {
      usage: '{{history}}',
      summary: 'Puts the conversation so far here. Without it, that stands before the last user message.',
    },
  ],
  [
    'section',
    { usage: '{{section "name"}}', summary: 'A place for a framework’s own text. Here it is left empty.' },
  ],
  [
    'media',
    {
      usage: '{{media url=image}}',
      summary: 'Puts an image into the message, by its web address or as a data: URL.',
    },
  ],
  ['json', { usage: '{{json value indent=2}}', summary: 'Writes a value as JSON.' }],
  [
    'ifEquals',
    {
      usage: '{{#ifEquals a "b"}}…{{else}}…{{/ifEquals}}',
      summary: 'Keeps its text where two values are the same.',
    },
  ],
  [
    'unlessEquals',
    {
      usage: '{{#unlessEquals a "b"}}…{{/unlessEquals}}',
      summary: 'Keeps its text where two values are not the same.',
    },
  ],
  [
    'if',
    {
      usage: '{{#if value}}…{{else}}…{{/if}}',
      summary: 'Keeps its text where a value is there: not empty, not false, not 0, not an empty list.',
    },
  ],
  [
    'unless',
    { usage: '{{#unless value}}…{{/unless}}', summary: 'Keeps its text where a value is not there.' },
  ],
  [
    'each',
    {
      usage: '{{#each list}}{{this}}{{/each}}',
      summary:
        'Repeats its text for every item of a list, which is “this” in it; @index, @first and @last tell where it stands.',
    },
  ],
  [
    'with',
    {
      usage: '{{#with object}}…{{/with}}',
      summary: 'Looks names up in an object inside its text; ../ leads out of it.',
    },
  ],
  [
    'lookup',
    { usage: '{{lookup list index}}', summary: 'Takes an item of a list, or a field by a computed name.' },
  ],
]);
