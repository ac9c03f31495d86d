/** Where a model file can be downloaded from. */
export type ModelSource =
  /** A repository on Hugging Face, which has a file for each quantization. */
  | {
      readonly type: 'repository';
      /** `user/name` */
      readonly repository: string;
      /** Such as `Q4_K_M`; absent means what the repository offers first. */
      readonly quantization?: string;
    }
  /** One file of a repository on Hugging Face. */
  | {
      readonly type: 'repository-file';
      readonly repository: string;
      readonly branch: string;
      /** Within the repository, with `/`. */
      readonly path: string;
    }
  /** A file at any other web address. */
  | { readonly type: 'url'; readonly url: string };

/**
 * What a user wrote to name a model: `hf:user/repo:Q4_K_M`, `user/repo`, `hf:user/repo/file.gguf`, the address of a
 * repository or a file on Hugging Face, or the address of a `.gguf` file anywhere.
 * @returns `undefined` for what is none of these.
 */
export function modelSourceOf(text: string): ModelSource | undefined {
  const trimmed = text.trim();
  if (/^https?:\/\//i.test(trimmed)) return sourceAt(trimmed);
  const name = trimmed.replace(/^(hf|huggingface):(\/\/)?|^(hf|huggingface)\.co\//i, '');
  const [, repository, quantization] = /^([\w.-]+\/[\w.-]+?)(?::([\w.-]+))?$/.exec(name) ?? [];
  if (repository !== undefined && isName(repository))
    return { type: 'repository', repository, ...(quantization === undefined ? {} : { quantization }) };
  const [, owner, path, branch = 'main'] = /^([\w.-]+\/[\w.-]+)\/([^#]+)(?:#(.+))?$/.exec(name) ?? [];
  return fileIn(owner, branch, path);
}

/** The source as a name for people: `user/repo:Q4_K_M`, or the name of the file. */
export function nameOfSource(source: ModelSource): string {
  switch (source.type) {
    case 'repository':
      return source.quantization === undefined
        ? source.repository
        : `${source.repository}:${source.quantization}`;
    case 'repository-file':
      return fileNameOf(source.path);
    case 'url':
      return fileNameOf(new URL(source.url).pathname);
    default:
      return source satisfies never;
  }
}

/** The last part of the path of a file or an address, without what a disk does not take. */
export function fileNameOf(path: string): string {
  const last = path.slice(path.lastIndexOf('/') + 1);
  return decoded(last)
    .replace(/[^\w.+-]+/g, '_')
    .replace(/^\.+/, '');
}

function sourceAt(address: string): ModelSource | undefined {
  if (!URL.canParse(address)) return undefined;
  const url = new URL(address);
  if (/^(www\.)?(huggingface\.co|hf\.co)$/.test(url.hostname)) {
    const [, user, name, view, branch, ...path] = decoded(url.pathname).split('/');
    const repository = `${user ?? ''}/${name ?? ''}`;
    if (!isName(repository)) return undefined;
    if (view === undefined || view === '' || (view === 'tree' && path.length === 0))
      return { type: 'repository', repository };
    return /^(blob|resolve|raw)$/.test(view) ? fileIn(repository, branch, path.join('/')) : undefined;
  }
  return /\.gguf$/i.test(url.pathname) ? { type: 'url', url: url.href } : undefined;
}

function fileIn(
  repository: string | undefined,
  branch: string | undefined,
  path: string | undefined,
): ModelSource | undefined {
  if (repository === undefined || branch === undefined || path === undefined) return undefined;
  const isInside = !path.split('/').some((part) => part === '' || part === '.' || part === '..');
  if (!isName(repository) || !isInside || !/\.gguf$/i.test(path)) return undefined;
  return { type: 'repository-file', repository, branch, path };
}

function isName(repository: string): boolean {
  return /^\w[\w.-]*\/\w[\w.-]*$/.test(repository);
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
