import { createHash } from 'node:crypto';
import {
  Disposable,
  EventEmitter,
  type FileChangeEvent,
  FileChangeType,
  FileSystemError,
  type FileStat,
  type FileSystemProvider,
  FileType,
  Uri,
  window,
  workspace,
} from 'vscode';

interface SchemaFile {
  readonly bytes: Uint8Array;
  /** In ms since 1970. */
  readonly mtime: number;
  readonly onSave: (text: string) => void;
}

/**
 * Schemas of response formats as files that lie nowhere on the disk: the editor's own JSON support applies to them, and saving one
 * hands it back to its lane. They are gone with the window.
 */
export class SchemaDocuments implements Disposable, FileSystemProvider {
  readonly #scheme: string;
  readonly #files = new Map<string, SchemaFile>();
  readonly #changed = new EventEmitter<FileChangeEvent[]>();
  readonly #registrations: Disposable;

  readonly onDidChangeFile = this.#changed.event;

  /** @param scheme of their addresses; an editor takes it from one only. */
  constructor(scheme = 'llm-playground-schema') {
    this.#scheme = scheme;
    this.#registrations = Disposable.from(
      this.#changed,
      workspace.registerFileSystemProvider(scheme, this, { isCaseSensitive: true }),
    );
  }

  /**
   * Opens a schema beside the panel.
   * @param owner whose it is; the same owner and name are the same file.
   */
  async open(owner: string, name: string, text: string, onSave: (text: string) => void): Promise<void> {
    // The ending is what `package.json` gives the schema of schemas to.
    const folder = createHash('sha256').update(owner).digest('hex').slice(0, 8);
    const path = `/${folder}/${name.replaceAll('/', '∕')}.answer-schema.json`;
    const uri = Uri.from({ scheme: this.#scheme, path });
    this.#files.set(path, { bytes: new TextEncoder().encode(text), mtime: Date.now(), onSave });
    this.#changed.fire([{ type: FileChangeType.Changed, uri }]);
    await window.showTextDocument(uri, { preview: false });
  }

  stat({ path }: Uri): FileStat {
    const { bytes, mtime } = this.#fileAt(path);
    return { type: FileType.File, ctime: mtime, mtime, size: bytes.length };
  }

  readFile({ path }: Uri): Uint8Array {
    return this.#fileAt(path).bytes;
  }

  writeFile({ path }: Uri, bytes: Uint8Array): void {
    const { onSave } = this.#fileAt(path);
    this.#files.set(path, { bytes, mtime: Date.now(), onSave });
    onSave(new TextDecoder().decode(bytes));
  }

  watch(): Disposable {
    return new Disposable(() => undefined);
  }

  readDirectory(): [] {
    return [];
  }

  createDirectory(uri: Uri): never {
    throw FileSystemError.NoPermissions(uri);
  }

  delete(uri: Uri): never {
    throw FileSystemError.NoPermissions(uri);
  }

  rename(uri: Uri): never {
    throw FileSystemError.NoPermissions(uri);
  }

  dispose(): void {
    this.#registrations.dispose();
  }

  #fileAt(path: string): SchemaFile {
    const file = this.#files.get(path);
    if (!file) throw FileSystemError.FileNotFound(path);
    return file;
  }
}
