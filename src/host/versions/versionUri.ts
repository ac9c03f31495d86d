import { Uri } from 'vscode';
import { shortVersion } from '../../core/prompt/versions.ts';

/** The scheme of documents that hold a version of a prompt, to be read only. */
export const versionScheme = 'llm-prompt-version';

/** One version of one prompt. */
export interface PlacedVersion {
  readonly prompt: Uri;
  readonly version: string;
}

/** The document of a version, `summarize@3f2a91bc.prompt`; its address holds all that is needed to find the text. */
export function versionUri({ prompt, version }: PlacedVersion): Uri {
  const path = prompt.path.replace(/(\.prompt)?$/, `@${shortVersion(version)}.prompt`);
  return Uri.from({
    scheme: versionScheme,
    path: path.startsWith('/') ? path : `/${path}`,
    query: JSON.stringify({ prompt: prompt.toString(), version }),
  });
}

/** The version that a document holds; `undefined` for any other document. */
export function placedVersionOf(uri: Uri): PlacedVersion | undefined {
  if (uri.scheme !== versionScheme) return undefined;
  try {
    // Anybody may open such an address, from a link for instance.
    const { prompt, version } = JSON.parse(uri.query) as {
      readonly prompt: unknown;
      readonly version: unknown;
    };
    if (typeof prompt !== 'string' || typeof version !== 'string') return undefined;
    return { prompt: Uri.parse(prompt, true), version };
  } catch {
    return undefined;
  }
}

/** Where a prompt or a version of it is after a file or folder was moved; `undefined` when it was not moved with it. */
export function movedAddress(uri: Uri, from: Uri, to: Uri): Uri | undefined {
  const placed = placedVersionOf(uri);
  const before = (placed?.prompt ?? uri).toString();
  if (before !== from.toString() && !before.startsWith(`${from.toString()}/`)) return undefined;
  const prompt = Uri.parse(to.toString() + before.slice(from.toString().length), true);
  return placed ? versionUri({ ...placed, prompt }) : prompt;
}

/** The prompt's own address, whichever version of it `uri` is. */
export function promptUriOf(uri: Uri): Uri {
  return placedVersionOf(uri)?.prompt ?? uri;
}
