/** What a new prompt can begin with, as an item of a quick pick. */
export interface PromptTemplate {
  /** In `prompts/templates/`, without its ending. */
  readonly file: string;
  readonly label: string;
  readonly detail: string;
}

/** In the order of the list. A test holds it against the folder. */
export const promptTemplates: readonly PromptTemplate[] = [
  {
    file: 'instruction',
    label: '$(comment) Instruction',
    detail: 'A system message and one task with a variable: the start of most prompts.',
  },
  {
    file: 'json-answer',
    label: '$(json) Answer as JSON',
    detail: 'Takes fields out of a text, as JSON of a schema that a program can rely on.',
  },
  {
    file: 'few-shot',
    label: '$(list-ordered) Examples first',
    detail: 'Teaches a task by answered examples, which often beat a long description.',
  },
  {
    file: 'document-question',
    label: '$(book) Question on documents',
    detail: 'Answers from the documents it is given, with its sources, and says when they do not tell.',
  },
  {
    file: 'judge',
    label: '$(law) Judge of an answer',
    detail: 'Grades an answer against criteria, reasons first, as JSON for an evaluation.',
  },
];
