/** The types of setup.mjs, which is plain JavaScript because it runs before anything is installed. */

export const root: string;
export const tools: string;

export class SetupError extends Error {}

/** Runs `npm ci` when node_modules lacks a package of the lock file. */
export function ensureDependencies(): void;
/** The path of a node with node:sqlite that runs .ts files. */
export function ensureNode(): string;
/** Builds dist/; the arguments are esbuild.mjs's. */
export function ensureBuild(...args: string[]): void;
/** The script that starts code-server, to be run with `ensureNode()`. */
export function ensureCodeServer(): string;
/** The path of Chromium or Chrome. */
export function ensureChromium(): string;
/** Mesa's Vulkan driver in software, where it can be installed. */
export function ensureVulkan(): void;
/** The path of a program on the PATH. */
export function onPath(name: string): string | undefined;
/** Runs npm in a folder; throws a SetupError when it fails. */
export function npm(args: readonly string[], cwd: string): void;
/** Says what is going on, does it, and says how long it took. */
export function step(what: string, action: () => void): void;
