/** Real git repositories for tests, in temporary folders. */
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

export class Repository implements Disposable {
  readonly folder: string;
  #seconds = 1_700_000_000;

  constructor(folder = realpathSync(mkdtempSync(join(tmpdir(), 'git-')))) {
    this.folder = folder;
    mkdirSync(folder, { recursive: true });
    this.git('init', '-q', '-b', 'main');
  }

  /** What a call of git writes. Every commit is a minute later than the one before. */
  git(...args: string[]): string {
    this.#seconds += 60;
    const date = `${this.#seconds} +0000`;
    return execFileSync('git', ['-c', 'protocol.file.allow=always', ...args], {
      cwd: this.folder,
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'pipe'],
      env: {
        ...process.env,
        GIT_CONFIG_GLOBAL: '/dev/null',
        GIT_AUTHOR_NAME: 'Ann Ä',
        GIT_AUTHOR_EMAIL: 'ann@example.org',
        GIT_AUTHOR_DATE: date,
        GIT_COMMITTER_NAME: 'Ann Ä',
        GIT_COMMITTER_EMAIL: 'ann@example.org',
        GIT_COMMITTER_DATE: date,
      },
    });
  }

  path(name: string): string {
    return join(this.folder, name);
  }

  write(name: string, text: string): string {
    const file = this.path(name);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, text);
    return file;
  }

  /** Writes a file and commits all there is. */
  commit(name: string, text: string, subject: string): string {
    const file = this.write(name, text);
    this.git('add', '-A');
    this.git('commit', '-q', '--allow-empty-message', '-m', subject);
    return file;
  }

  [Symbol.dispose](): void {
    rmSync(this.folder, { recursive: true, force: true });
  }
}
