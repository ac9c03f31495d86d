import { basename } from 'node:path';
import { build } from 'esbuild';

/**
 * The files of a page's programs and their styles, as the extension ships them.
 * @param entryPoints the program for each name
 * @returns what is in a file such as `main.css`; nothing where there is no such file
 */
export async function bundledPage(
  entryPoints: Readonly<Record<string, string>>,
): Promise<(file: string) => string> {
  const { outputFiles } = await build({
    entryPoints,
    outdir: 'out',
    bundle: true,
    minify: true,
    write: false,
    format: 'iife',
    target: 'chrome140',
    jsx: 'automatic',
    jsxImportSource: 'preact',
  });
  return (file) => outputFiles.find(({ path }) => basename(path) === file)?.text ?? '';
}
