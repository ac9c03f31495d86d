import type { FilePlace, ForeignFile, ImportedInput, ImportedPrompt, Warnings } from './conversion.ts';
import { Fields } from './fields.ts';
import { splitFrontMatter } from './frontMatterText.ts';
import { beforeTag, literalText, templateOf, variableTag } from './handlebarsText.ts';
import { labelsOf } from './commonFields.ts';

/**
 * Reads VS Code's `.prompt.md` (the editor's pages on prompt files, 2025): `${input:name:placeholder}` and the editor's own
 * variables become variables here.
 * @throws PromptError when it cannot be read, with its place.
 */
export function readVscodePrompt(file: ForeignFile, warnings: Warnings): ImportedPrompt {
  const { head, body, bodyLine } = splitFrontMatter(file.text);
  const fields = new Fields(head, [], warnings);
  const kept: Record<string, unknown> = {};
  const labels = labelsOf(fields);
  const tools = fields.list('tools')?.filter((tool) => typeof tool === 'string') ?? [];
  if (tools.length > 0)
    fields.warn(
      'Only the names of the tools are kept. Define them under "tools" to have them sent.',
      'tools',
    );
  if (fields.has('model')) {
    fields.warn(
      'The name of a model in VS Code is no model id. Write it as model: vscode/… or provider/model.',
      'model',
    );
  }
  fields.keepRest('vscode', kept);

  const inputs = new Map<string, ImportedInput>();
  const text = withInputs(body, bodyLine, inputs, warnings);
  return {
    name: labels.name ?? file.name.replace(/\.prompt\.md$/i, ''),
    ...labels,
    config: {},
    inputs: [...inputs.values()],
    tools: tools.map((name) => ({ name, isNameOnly: true })),
    kept,
    template: templateOf([{ role: 'user', text }]),
  };
}

/** The body with variables for the editor's, which are collected in `inputs`. */
function withInputs(
  body: string,
  bodyLine: number,
  inputs: Map<string, ImportedInput>,
  warnings: Warnings,
): string {
  let printed = '';
  let at = 0;
  for (const match of body.matchAll(/\$\{(input:)?(\w[\w-]*)(?::([^}\n]*))?\}/g)) {
    const [written, isInput, name = '', behind] = match;
    const tag = variableTag([name]);
    const isKnown = isInput !== undefined || Object.hasOwn(editorVariables, name);
    if (!isKnown || tag === undefined) continue;
    const before = inputs.get(name);
    const description = isInput === undefined ? editorVariables[name] : behind || before?.description;
    inputs.set(name, { name, type: 'string', required: true, ...(description ? { description } : {}) });
    const place = placeIn(body, match.index, bodyLine);
    if (isInput === undefined) {
      warnings.add(
        `${written} is filled by the editor in VS Code; here it is the variable "${name}".`,
        place,
      );
    }
    printed += beforeTag(literalText(body.slice(at, match.index))) + tag;
    at = match.index + written.length;
  }
  for (const match of body.matchAll(
    /(?:^|\s)(#(?:file|tool|codebase|fetch):?\S*)|\]\(((?!https?:|#)[^)\s]+)\)/g,
  )) {
    const reference = match[1] ?? match[2] ?? '';
    warnings.add(
      `VS Code adds what "${reference}" names to the prompt; here it stays text.`,
      placeIn(body, match.index + match[0].indexOf(reference), bodyLine),
    );
  }
  return printed + literalText(body.slice(at));
}

function placeIn(body: string, offset: number, bodyLine: number): FilePlace {
  const lines = body.slice(0, offset).split('\n');
  return { line: lines.length + bodyLine - 1, column: (lines.at(-1)?.length ?? 0) + 1 };
}

/** What the editor puts in by itself, and what it is for. */
const editorVariables: Readonly<Record<string, string>> = {
  selection: 'the selected text',
  selectedText: 'the selected text',
  file: 'the path of the file',
  fileBasename: 'the name of the file',
  fileBasenameNoExtension: 'the name of the file without its ending',
  fileDirname: 'the folder of the file',
  relativeFile: 'the path of the file in the workspace',
  workspaceFolder: 'the path of the workspace',
  workspaceFolderBasename: 'the name of the workspace',
};
