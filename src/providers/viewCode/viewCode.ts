import type { ChatRequest, Warning } from '../../core/chat.ts';
import { LlmError } from '../../core/errors.ts';
import type { Endpoint } from '../providers.ts';
import { curlOf } from './curl.ts';
import { lostInPython, pythonOf } from './python.ts';
import { sentRequestOf } from './sentRequest.ts';
import { typescriptOf } from './typescript.ts';

/** The languages that a request can be shown in: their names for people, and the editor's ids for them. */
export const codeLanguages = {
  curl: { name: 'curl', languageId: 'shellscript' },
  typescript: { name: 'TypeScript', languageId: 'typescript' },
  python: { name: 'Python', languageId: 'python' },
} as const;

export type CodeLanguage = keyof typeof codeLanguages;

/**
 * A program that sends what a run of this request sends. Keys are environment variables in it.
 * @param hasKey whether a key is sent to a service that can do without. Default: only where the service wants one.
 * @throws LlmError `bad-request` when the model is no service's, or the request cannot be made.
 */
export async function viewCode(
  request: ChatRequest,
  endpoint: Endpoint,
  language: CodeLanguage,
  hasKey?: boolean,
): Promise<{ readonly code: string; readonly warnings: readonly Warning[] }> {
  if (endpoint.id === 'local' || endpoint.id === 'vscode') {
    throw new LlmError(
      'bad-request',
      `"${endpoint.id}/${request.model}" runs inside the editor, so no request can be shown. Name a model of a service, such as openai/gpt-4o.`,
    );
  }
  const sent = await sentRequestOf(request, endpoint, hasKey);
  switch (language) {
    case 'curl':
      return { code: curlOf(sent), warnings: sent.warnings };
    case 'typescript':
      return { code: typescriptOf(sent), warnings: sent.warnings };
    case 'python': {
      const lost = lostInPython(sent).map((subject) => ({
        subject,
        message: `The SDK for Python has no parameter "${subject}", which a run sends; the program leaves it out.`,
      }));
      return { code: pythonOf(sent), warnings: [...sent.warnings, ...lost] };
    }
    default:
      return language satisfies never;
  }
}
