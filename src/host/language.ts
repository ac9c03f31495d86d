/** The language id of prompt files. `prompt` alone belongs to VS Code's own `*.prompt.md`. */
export const promptLanguage = 'llm-prompt';
