/** Finds a partial's text by its name, or `undefined` where there is none of that name. */
export type PartialLoader = (name: string) => string | undefined | Promise<string | undefined>;

/** For a prompt that has no partials. */
export const noPartials: PartialLoader = () => undefined;
