/** Text in which environment variables stand, as its pieces in order. */
export type MarkedPiece = { readonly text: string } | { readonly variable: string };

/** What stands for the value of an environment variable in a header, until code is made of it. */
export function envMark(variable: string): string {
  return `__env:${variable}__`;
}

export function markedPieces(value: string): readonly MarkedPiece[] {
  return value
    .split(/(__env:[A-Z0-9_]+?__(?![A-Z0-9_]))/)
    .filter((piece) => piece !== '')
    .map((piece) => {
      const variable = /^__env:(\w+)__$/.exec(piece)?.[1];
      return variable === undefined ? { text: piece } : { variable };
    });
}
