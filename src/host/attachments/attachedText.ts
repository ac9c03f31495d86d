import {
  FileSystemError,
  FileType,
  type Range,
  type TextDocument,
  type TextEditor,
  type Uri,
  workspace,
} from 'vscode';
import { languageOfName, longestAttachment } from '../../core/attachment.ts';
import type { Attachment } from '../../core/chat.ts';
import { decodeText } from '../../core/decodeText.ts';
import { messageOf } from '../../core/errors.ts';
import { nameOf } from '../promptSource.ts';

/** A text that the user attaches to a message. */
export interface AttachedText {
  readonly attachment: Attachment;
  readonly text: string;
  /** What is behind its fence, such as `ts`; empty for nothing. */
  readonly language: string;
  /** What else there is to know, as a sentence; absent where there is nothing. */
  readonly remark?: string;
  /** The address of the file that is read again; absent where `reread` is. */
  readonly file?: string;
  /**
   * The text as it is now, for what is read again when it is sent; absent for what stays as it was when it was attached.
   * @throws Error that says why it cannot be sent any more, and what to do.
   */
  readonly reread?: () => Promise<string>;
}

/**
 * What is selected in an editor, each selection by itself and as it is now; where nothing is, the whole file, which is read again.
 * @throws Error that says why it cannot be attached, and what to do.
 */
export async function editorTexts({ document, selections }: TextEditor): Promise<readonly AttachedText[]> {
  const selected = selections.filter(({ isEmpty }) => !isEmpty);
  if (selected.length === 0) return [await fileText(document.uri)];
  return selected
    .toSorted((one, other) => one.start.compareTo(other.start))
    .map((range) => rangeText(document, range));
}

/** A part of a document as it is now. @throws Error where it is too long or empty. */
export function rangeText(document: TextDocument, range: Range, symbol?: string): AttachedText {
  const name = nameOf(document.uri);
  const part = symbol === undefined ? `The selection in ${name}` : `${symbol} in ${name}`;
  return {
    ...placed(document.uri, { lines: linesOf(range), ...(symbol === undefined ? {} : { symbol }) }),
    text: usable(document.getText(range), part),
    language: languageOfName(name) || document.languageId,
  };
}

/**
 * A whole file, as the editor has it where it is open.
 * @throws Error that says why it cannot be attached, and what to do.
 */
export async function fileText(uri: Uri): Promise<AttachedText> {
  const reread = (): Promise<string> => textIn(uri);
  const text = await reread();
  return { ...placed(uri), text, language: languageOfName(nameOf(uri)), file: uri.toString(), reread };
}

/**
 * The text of a file that is known by its name alone, because it was dropped from outside of the editor.
 * @throws Error where it is too long or empty.
 */
export function droppedText(name: string, text: string): AttachedText {
  return { attachment: { path: name }, text: usable(text, name), language: languageOfName(name) };
}

/** Refuses what the page may not name: it shows texts of others, so it has no way to files that the user did not open. */
export function assertInWorkspace(uri: Uri): void {
  if (workspace.getWorkspaceFolder(uri)) return;
  throw new Error(
    `${nameOf(uri)} lies outside the workspace. Attach it with the button in the composer instead.`,
  );
}

/** @throws Error that says why the text of a file cannot be attached, and what to do. */
export async function textIn(uri: Uri): Promise<string> {
  const name = nameOf(uri);
  const open = workspace.textDocuments.find((document) => document.uri.toString() === uri.toString());
  if (open && (open.isDirty || open.isUntitled)) return usable(open.getText(), name);
  const { size, type } = await workspace.fs
    .stat(uri)
    .then(undefined, (error: unknown) => refuse(name, error));
  if (type & FileType.Directory) throw new Error(`${name} is a folder. Attach the files in it that matter.`);
  if (size > longestAttachment) throw tooLong(name);
  const bytes = await workspace.fs.readFile(uri).then(undefined, (error: unknown) => refuse(name, error));
  return usable(decoded(name, bytes), name);
}

function decoded(name: string, bytes: Uint8Array): string {
  try {
    return decodeText(bytes);
  } catch (error) {
    throw new Error(`${name} cannot be attached. ${messageOf(error)}`, { cause: error });
  }
}

function refuse(name: string, error: unknown): never {
  const isGone = error instanceof FileSystemError && error.code === 'FileNotFound';
  const reason = isGone
    ? `${name} is not there any more. Take it out, or attach it from where it is now.`
    : `${name} cannot be read: ${messageOf(error)}`;
  throw new Error(reason, { cause: error });
}

/** @param what begins a sentence. @throws Error for a text that is too long or empty. */
function usable(text: string, what: string): string {
  if (text.trim() === '') throw new Error(`${what} holds no text, so there is nothing to attach.`);
  // Few texts are so long that their bytes have to be counted.
  if (text.length * 3 > longestAttachment && Buffer.byteLength(text) > longestAttachment) throw tooLong(what);
  return text;
}

function tooLong(what: string): Error {
  return new Error(
    `${what} is larger than 2 MB. Select the part that matters and add the selection instead.`,
  );
}

/** Where a text is from. Of what lies outside the workspace only the name is told: a path names the user, too. */
function placed(
  uri: Uri,
  part: Pick<Attachment, 'lines' | 'symbol'> = {},
): Pick<AttachedText, 'attachment' | 'remark'> {
  const isInside = workspace.getWorkspaceFolder(uri) !== undefined;
  const path = isInside ? workspace.asRelativePath(uri) : nameOf(uri);
  return {
    attachment: { path, ...part },
    ...(isInside || uri.scheme === 'untitled'
      ? {}
      : { remark: 'It lies outside the workspace: its name is sent, its path is not.' }),
  };
}

/** From 1. A range that ends before the first character of a line has nothing of that line. */
function linesOf({ start, end }: Range): readonly [number, number] {
  const last = end.character === 0 && end.line > start.line ? end.line - 1 : end.line;
  return [start.line + 1, last + 1];
}
