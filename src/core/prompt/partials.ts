/** Finds a partial's text by its name, or `undefined` where there is none of that name. */
export type PartialLoader = (name: string) => string | undefined | Promise<string | undefined>;

/** For a prompt that has no partials. */
export const noPartials: PartialLoader = () => undefined;

/**
 * The file that holds a partial, beside the prompt that names it: `greeting` is in `_greeting.prompt`. `undefined` for
 * a name that would lead out of the folder.
 */
export function partialFileName(name: string): string | undefined {
  return /[\\/]/.test(name) ? undefined : `_${name}.prompt`;
}
