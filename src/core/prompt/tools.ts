import type { ToolDefinition, Warning } from '../chat.ts';
import type { ParsedPrompt } from './parse.ts';
import { PromptError, type PromptProblem } from './problems.ts';
import { readSchema } from './schema.ts';

/**
 * The tools that the front matter defines, in its order. One that is only named cannot be sent; that is told in
 * {@link undefinedTools}.
 * @throws PromptError when the schema of one is none, or does not describe an object.
 */
export async function toolsOf(prompt: ParsedPrompt): Promise<readonly ToolDefinition[]> {
  const tools: ToolDefinition[] = [];
  for (const [i, { name, description, inputSchema, isNameOnly }] of prompt.frontMatter.tools.entries()) {
    if (isNameOnly === true) continue;
    const path = ['tools', String(i), 'inputSchema'];
    const parameters = inputSchema === undefined ? noArguments : await readSchema(prompt, path, inputSchema);
    if (parameters['type'] !== 'object') {
      throw new PromptError(
        `The "inputSchema" of "${name}" must describe an object: a map of argument names to their types.`,
        prompt.locate(path),
      );
    }
    tools.push({ name, ...(description === undefined ? {} : { description }), parameters });
  }
  return tools;
}

/** A problem for each tool that is named and not defined. */
export function undefinedTools(prompt: ParsedPrompt): readonly PromptProblem[] {
  return prompt.frontMatter.tools.flatMap(({ name, isNameOnly }, i) =>
    isNameOnly === true
      ? [{ severity: 'warning', message: notDefined(name), ...prompt.locate(['tools', String(i)]) }]
      : [],
  );
}

/** The same as warnings of a run. */
export function toolWarnings({ frontMatter }: ParsedPrompt): readonly Warning[] {
  return frontMatter.tools
    .filter(({ isNameOnly }) => isNameOnly)
    .map(({ name }) => ({ subject: 'tools', message: notDefined(name) }));
}

const noArguments = { type: 'object', properties: {} };

function notDefined(name: string): string {
  return `The tool "${name}" is only named, so it is not sent. Define it: name, description and inputSchema.`;
}
