import { type Uri, workspace } from 'vscode';
import { decodeText } from '../core/decodeText.ts';
import { partialsOf } from './promptSource.ts';

/** What a list says of a prompt file. */
export interface PromptFacts {
  /** `provider/model`; absent when the prompt leaves it to the user. */
  readonly model?: string;
  readonly description?: string;
  /** Absent when the prompt cannot be read as it stands. */
  readonly variables?: number;
}

/** Longer files are listed by their names alone, in bytes. */
const longestRead = 1_000_000;

/** Reads a prompt file; what is wrong with it leaves out what cannot be told. It never throws. */
export async function promptFacts(uri: Uri): Promise<PromptFacts> {
  try {
    if ((await workspace.fs.stat(uri)).size > longestRead) return {};
    // The parsers take 100 ms to load, which the start of the window must not wait for.
    const [{ parsePrompt }, { variablesOf }] = await Promise.all([
      import('../core/prompt/parse.ts'),
      import('../core/prompt/variables.ts'),
    ]);
    const text = decodeText(await workspace.fs.readFile(uri));
    const prompt = parsePrompt(text);
    const { model, description } = prompt.frontMatter;
    const fields = await variablesOf(prompt, partialsOf(uri)).catch(() => undefined);
    return {
      ...(model === undefined ? {} : { model }),
      ...(description === undefined ? {} : { description }),
      ...(fields ? { variables: fields.length } : {}),
    };
  } catch {
    return {};
  }
}
