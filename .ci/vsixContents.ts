import { openPromise } from 'yauzl';
import { binariesOf, type Target } from './targets.ts';

export const engine = 'node-llama-cpp';

/** What of the engine's package lies beside the bundle that has its code: what that reads, and the licence. */
export const engineFiles = ['package.json', 'llama/binariesGithubRelease.json', 'LICENSE'] as const;

/** A file in a VSIX. */
export interface PackedFile {
  /** Within the extension's folder. */
  readonly path: string;
  /** As it lies in the archive. */
  readonly packedBytes: number;
  readonly bytes: number;
}

/** The extension's own files in a VSIX; what VS Code adds around them is left out. */
export async function packedFiles(vsix: string): Promise<readonly PackedFile[]> {
  const files: PackedFile[] = [];
  const archive = await openPromise(vsix);
  for await (const { fileName, compressedSize, uncompressedSize } of archive.eachEntry()) {
    if (!fileName.startsWith(top) || fileName.endsWith('/')) continue;
    files.push({
      path: fileName.slice(top.length),
      packedBytes: compressedSize,
      bytes: uncompressedSize,
    });
  }
  return files;
}

/** What is wrong with the contents of the VSIX of a target, in sentences; nothing is as it should be. */
export function problemsOf(target: Target, files: readonly PackedFile[]): readonly string[] {
  const paths = new Set(files.map(({ path }) => path));
  const folders = new Set(files.flatMap(({ path }) => /@node-llama-cpp\/([^/]+)\//.exec(path)?.[1] ?? []));
  const wanted = binariesOf(target).map((name) => name.slice('@node-llama-cpp/'.length));
  return [
    ...needed.filter((path) => !paths.has(path)).map((path) => `${path} is missing.`),
    ...wanted.flatMap((name) =>
      // Without its index or its version the loader takes a package for one that is not there.
      ['package.json', 'dist/index.js', `bins/${name}/llama-addon.node`]
        .map((file) => `${packages}@node-llama-cpp/${name}/${file}`)
        .filter((path) => !paths.has(path))
        .map((path) => `${path} is missing.`),
    ),
    ...[...folders]
      .filter((name) => !wanted.includes(name))
      .map((name) => `${name} is for another platform.`),
    ...files
      .filter(({ path }) => path.startsWith(packages) && !isBesideBundle(path.slice(packages.length)))
      .map(({ path }) => `${path} belongs into the bundle.`),
    ...files
      .filter(({ path }) => /\.(map|d\.[cm]?ts|tsbuildinfo)$/.test(path))
      .map(({ path }) => `${path} is for developers only.`),
  ];
}

function isBesideBundle(path: string): boolean {
  return path.startsWith('@node-llama-cpp/') || engineFiles.some((file) => path === `${engine}/${file}`);
}

const top = 'extension/';
const packages = 'dist/runtime/node_modules/';

const needed = [
  'package.json',
  'readme.md',
  'media/demo.gguf',
  'media/models.json',
  'dist/extension.mjs',
  'dist/cli.mjs',
  'dist/runtime/main.mjs',
  'dist/runtime/download.mjs',
  'dist/runtime/testBindingBinary.mjs',
  'dist/webview/main.js',
  'dist/notices.txt',
  ...engineFiles.map((file) => `${packages}${engine}/${file}`),
];
