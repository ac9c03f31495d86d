/**
 * Where a file is now that had this URI, after a file or folder was moved; `undefined` when it was not moved with it. All as
 * `Uri.toString` writes them.
 */
export function movedUri(uri: string, from: string, to: string): string | undefined {
  const isMoved = uri === from || uri.startsWith(`${from}/`);
  return isMoved ? to + uri.slice(from.length) : undefined;
}
