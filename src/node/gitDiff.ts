import { gitOutput, GitError, gitText, type GitOptions } from './gitHistoryProcess.ts';

/** The longest diff that is taken, in bytes. A model's window holds less. */
const longestDiff = 5_000_000;

/**
 * What is not committed in a folder's repository, staged or not, as a diff of the files below the folder. Empty where
 * that is nothing; files that git does not know yet are not in it.
 *
 * It runs what the user's own git settings name and nothing else of the repository: ask only in trusted workspaces.
 * @throws GitError where there is no repository or no git, or the diff is too long, or the signal's reason.
 */
export async function gitDiff(folder: string, options: GitOptions, signal: AbortSignal): Promise<string> {
  const call = { cwd: folder, ...options };
  await gitText(['rev-parse', '--git-dir'], call, signal);
  // Before the first commit there is no HEAD: everything staged is new against an empty tree.
  const base = await gitText(['rev-parse', '--verify', '--quiet', 'HEAD'], call, signal).catch(
    async (error: unknown) => {
      if (!(error instanceof GitError) || error.kind !== 'failed') throw error;
      return gitText(['hash-object', '-t', 'tree', '--stdin'], call, signal);
    },
  );
  const chunks: Buffer[] = [];
  let bytes = 0;
  const args = ['diff', '--no-ext-diff', '--no-textconv', '--no-color', base.trim(), '--', '.'];
  for await (const chunk of gitOutput(args, call, signal)) {
    bytes += chunk.length;
    if (bytes > longestDiff) {
      throw new GitError('failed', 'the diff is longer than 5 MB. Commit a part of it, then fill again.');
    }
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
}
