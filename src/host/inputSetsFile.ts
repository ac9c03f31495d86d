import { FileSystemError, Range, Uri, window, workspace, WorkspaceEdit } from 'vscode';
import { decodeText } from '../core/decodeText.ts';
import { messageOf } from '../core/errors.ts';
import type { InputSet } from '../core/prompt/inputSets.ts';
import { nameOf } from './promptSource.ts';

/** The named sets of values beside a prompt; see `core/prompt/inputSets.ts`. */
export class InputSetsFile {
  readonly #uri: Uri;

  private constructor(uri: Uri) {
    this.#uri = uri;
  }

  /** `undefined` for a prompt that is in no folder yet. */
  static async of(prompt: Uri): Promise<InputSetsFile | undefined> {
    if (prompt.scheme === 'untitled') return undefined;
    const { inputSetsFileName } = await import('../core/prompt/inputSets.ts');
    return new InputSetsFile(Uri.joinPath(prompt, '..', inputSetsFileName(nameOf(prompt))));
  }

  get name(): string {
    return nameOf(this.#uri);
  }

  /**
   * As the editor has them, saved or not; none where there is no such file.
   * @throws Error that names the file and says what is wrong with it.
   */
  async read(): Promise<readonly InputSet[]> {
    const { readInputSets } = await import('../core/prompt/inputSets.ts');
    return this.#named(async () => readInputSets(await this.#text()));
  }

  /**
   * Writes one more set, or another one in place of that of the same name.
   * @throws Error as `read` does, or when the file cannot be written; then it stays as it was.
   */
  async keep(set: InputSet): Promise<void> {
    const { withInputSet } = await import('../core/prompt/inputSets.ts');
    await this.#named(async () => {
      const text = withInputSet(await this.#text(), set);
      const document = this.#open;
      if (!document) return workspace.fs.writeFile(this.#uri, new TextEncoder().encode(text));
      const edit = new WorkspaceEdit();
      edit.replace(this.#uri, new Range(0, 0, document.lineCount, 0), text);
      if (!(await workspace.applyEdit(edit)) || !(await document.save())) {
        throw new Error('It cannot be saved. Check that it is not read-only.');
      }
    });
  }

  async show(): Promise<void> {
    await window.showTextDocument(this.#uri);
  }

  get #open() {
    return workspace.textDocuments.find(({ uri }) => uri.toString() === this.#uri.toString());
  }

  async #text(): Promise<string> {
    const open = this.#open;
    if (open) return open.getText();
    try {
      return decodeText(await workspace.fs.readFile(this.#uri));
    } catch (error) {
      if (error instanceof FileSystemError && error.code === 'FileNotFound') return '';
      throw error;
    }
  }

  async #named<Result>(action: () => Promise<Result>): Promise<Result> {
    try {
      return await action();
    } catch (error) {
      throw new Error(`${this.name} cannot be used. ${messageOf(error)}`, { cause: error });
    }
  }
}
