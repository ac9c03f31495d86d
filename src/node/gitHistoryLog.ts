import type { Commit } from '../core/prompt/versionList.ts';

/** A commit and what it made of the file. */
export interface FileCommit extends Commit {
  /** Where the file was then, from the repository's root, with `/`. */
  readonly path: string;
  /** The id of the text in git; `undefined` for the commit that deleted the file. */
  readonly blob: string | undefined;
}

/** Arguments of `git log` that {@link CommitReader} reads. */
export const logFormat = [
  '-z',
  '--raw',
  '--no-abbrev',
  '--encoding=UTF-8',
  '--no-color',
  '--format=%H%x00%at%x00%an%x00%s',
];

/**
 * Takes the output of `git log -z --raw` apart as it comes. A commit is four fields, then `:MODES IDS STATUS` and one path,
 * or two where it was renamed or copied; a merge has a colon, a mode and an id more for each further parent.
 */
export class CommitReader {
  #rest = '';
  #fields: string[] = [];
  readonly #decoder = new TextDecoder();

  /** The commits that are whole with this piece. */
  *read(chunk: Buffer): Iterable<FileCommit> {
    const fields = (this.#rest + this.#decoder.decode(chunk, { stream: true })).split('\0');
    this.#rest = fields.pop() ?? '';
    for (const field of fields) {
      // A merge has an empty field before its line; a subject may be empty as well.
      if (field === '' && this.#fields.length !== 3) continue;
      this.#fields.push(field);
      const commit = commitOf(this.#fields);
      if (!commit) continue;
      this.#fields = [];
      yield commit;
    }
  }
}

/** The commit of these fields, or `undefined` when some are still to come. */
function commitOf([id = '', seconds, author = '', subject = '', raw, ...paths]: readonly string[]):
  FileCommit | undefined {
  if (raw === undefined) return undefined;
  const line = raw.trimStart();
  const parents = /^:+/.exec(line)?.[0].length ?? 1;
  // A mode and then an id for each parent and the result, the result's last.
  const words = line.slice(parents).split(' ');
  const blob = words[2 * parents + 1] ?? '';
  const status = words[2 * parents + 2] ?? '';
  const path = paths[parents === 1 && /^[RC]/.test(status) ? 1 : 0];
  if (path === undefined) return undefined;
  return {
    id,
    author,
    at: Number(seconds) * 1000,
    subject,
    path,
    blob: /^0*$/.test(blob) ? undefined : blob,
  };
}
