import type { Warnings } from './conversion.ts';
import { keptFields, renamedSettings, warnOfLost, yamlOf } from './exportedParts.ts';
import type { ExportedPrompt } from './exportedPrompt.ts';
import { exportMessages } from './handlebarsExport.ts';
import { plainDialect } from './plainDialect.ts';

/** VS Code's `.prompt.md`: one text for the chat, with variables that it asks for. */
export function vscodeText(exported: ExportedPrompt, warnings: Warnings): string {
  const { prompt, template, frontMatter, fields } = exported;
  const name = 'VS Code’s prompts';
  const described = new Map(fields.map((field) => [field.name, field.description]));
  const dialect = (): ReturnType<typeof plainDialect> =>
    plainDialect({
      name,
      variable: ([first = '', ...rest]) => {
        if (rest.length > 0 || !/^\w[\w-]*$/.test(first)) return undefined;
        const description = described.get(first)?.replace(/[}\n]/g, ' ');
        return `\${input:${first}${description === undefined ? '' : `:${description}`}}`;
      },
      mistaken: /\$\{\w[^}\n]*\}/,
    });
  renamedSettings(exported, {}, name, warnings);
  warnOfLost(exported, ['version', 'output'], name, warnings);
  if (Object.keys(frontMatter.input.default).length > 0) {
    warnings.add(`${name} have no defaults; they are left out.`, prompt.locate(['input', 'default']));
  }
  const { model, ...kept } = keptFields(frontMatter, 'vscode', warnings);
  if (frontMatter.model !== undefined && model === undefined) {
    warnings.add('VS Code names its models otherwise; choose one under "model".', prompt.locate(['model']));
  }
  const messages = exportMessages(prompt, template, dialect, warnings);
  if (messages.some(({ role }) => role !== 'user')) {
    warnings.add(`${name} are one message; what other roles say stands in it under a heading.`);
  }
  const body = messages
    .map(({ role, text }) => (messages.length === 1 ? text : `## ${headings[role]}\n\n${text}`))
    .join('\n\n');
  const head = yamlOf({
    name: frontMatter.name,
    description: frontMatter.description,
    model,
    tools: frontMatter.tools.length > 0 ? frontMatter.tools.map(({ name }) => name) : undefined,
    ...kept,
  });
  return `---\n${head === '{}\n' ? '' : head}---\n${body}\n`;
}

const headings = { system: 'Instructions', user: 'Task', assistant: 'Example answer' } as const;
