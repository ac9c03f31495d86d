/** Finds a partial's text by its name, or `undefined` where there is none of that name. */
export type PartialLoader = (name: string) => string | undefined | Promise<string | undefined>;
