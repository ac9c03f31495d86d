import { LlmError, messageOf } from '../core/errors.ts';
import { partsOf } from '../core/modelParts.ts';
import { fileNameOf, type ModelSource } from '../core/modelSource.ts';
import type { DownloadOrder } from './downloadProtocol.ts';

/** A file on a server. */
export interface RemoteFile {
  readonly url: string;
  /** The name to save it under. */
  readonly name: string;
  /** Absent when the server does not say. */
  readonly bytes?: number;
  /** Its hash in hexadecimal, by the server's word; absent when it does not say. */
  readonly sha256?: string;
}

export type RemoteOrder = Pick<DownloadOrder, 'source' | 'token' | 'endpoint'>;

/**
 * The files of a model, the first part first, each known to be there and allowed.
 * @returns also whether the token was needed, which no server is sent that did not refuse without it.
 * @throws LlmError `auth` for a model that is gated or private, `bad-request` for one that is not there, `network`.
 */
export async function remoteFiles(
  order: RemoteOrder,
  signal: AbortSignal,
): Promise<{ readonly files: readonly RemoteFile[]; readonly needsToken: boolean }> {
  const visitor = new Visitor(order, signal);
  const first = await visitor.firstUrl();
  const files: RemoteFile[] = [];
  for (const url of partUrls(first)) files.push(await visitor.look(url));
  return { files, needsToken: visitor.needsToken };
}

/** Asks a server about files. */
class Visitor {
  needsToken = false;
  readonly #order: RemoteOrder;
  readonly #signal: AbortSignal;

  constructor(order: RemoteOrder, signal: AbortSignal) {
    this.#order = order;
    this.#signal = signal;
  }

  /**
   * Source: `common_get_hf_file` in llama.cpp's common/arg.cpp, which reads the same manifest, read 2026-11-24.
   */
  async firstUrl(): Promise<string> {
    const { source, endpoint } = this.#order;
    switch (source.type) {
      case 'url':
        return source.url;
      case 'repository-file':
        return fileUrl(endpoint, source.repository, source.branch, source.path);
      case 'repository': {
        const { repository, quantization = 'latest' } = source;
        const url = `${endpoint}v2/${repository}/manifests/${quantization}`;
        // The field with the file is only there for llama.cpp.
        const response = await this.#fetch(url, { headers: { 'user-agent': 'llama-cpp' } });
        const path = fileOfManifest(await response.json().catch(() => undefined));
        if (path === undefined) throw notThere(source);
        return fileUrl(endpoint, repository, 'main', path);
      }
      default:
        return source satisfies never;
    }
  }

  /** The size and hash stand in the answer of Hugging Face itself, and not in that of the server it points to. */
  async look(url: string): Promise<RemoteFile> {
    let bytes: number | undefined;
    let sha256: string | undefined;
    let at = url;
    for (let hop = 0; hop < mostHops; hop++) {
      const { status, headers } = await this.#fetch(at, { method: 'HEAD', redirect: 'manual' });
      const isRedirect = status >= 300 && status < 400;
      bytes ??= numberIn(headers.get('x-linked-size') ?? (isRedirect ? null : headers.get('content-length')));
      sha256 ??= hashIn(headers.get('x-linked-etag')) ?? hashIn(headers.get('etag'));
      const location = headers.get('location');
      if (!isRedirect || location === null) {
        if (headers.get('content-type')?.startsWith('text/html')) throw webPage(url);
        const name = fileNameOf(new URL(url).pathname);
        return {
          url,
          name,
          ...(bytes === undefined ? {} : { bytes }),
          ...(sha256 === undefined ? {} : { sha256 }),
        };
      }
      at = new URL(location, at).href;
    }
    throw new LlmError('network', `"${url}" leads from one address to the next and never to a file.`);
  }

  async #fetch(url: string, init: RequestInit): Promise<Response> {
    const { token, endpoint } = this.#order;
    const isHub = new URL(url).origin === new URL(endpoint).origin;
    const send = async (withToken: boolean): Promise<Response> => {
      const headers = new Headers(init.headers);
      headers.set('accept-encoding', 'identity');
      if (withToken && token !== undefined) headers.set('authorization', `Bearer ${token}`);
      try {
        return await fetch(url, { ...init, headers, signal: this.#signal });
      } catch (error) {
        if (this.#signal.aborted) throw error;
        throw notReached(url, error);
      }
    };
    let response = await send(this.needsToken && isHub);
    if (isRefusal(response) && isHub && token !== undefined && !this.needsToken) {
      response = await send(true);
      this.needsToken = response.ok;
    }
    if (response.status >= 400) throw refused(response, url, this.#order, isHub);
    return response;
  }
}

/** The addresses of all parts of a model that was split; the one that is given where it was not. */
function partUrls(url: string): readonly string[] {
  return partsOf(new URL(url).pathname).map((pathname) => {
    const part = new URL(url);
    part.pathname = pathname;
    return part.href;
  });
}

function fileUrl(endpoint: string, repository: string, branch: string, path: string): string {
  const encoded = path.split('/').map(encodeURIComponent).join('/');
  return `${endpoint}${repository}/resolve/${encodeURIComponent(branch)}/${encoded}`;
}

function fileOfManifest(manifest: unknown): string | undefined {
  const { ggufFile } = (manifest ?? {}) as { ggufFile?: { rfilename?: unknown } };
  return typeof ggufFile?.rfilename === 'string' ? ggufFile.rfilename : undefined;
}

function isRefusal({ status }: Response): boolean {
  return status === 401 || status === 403;
}

function refused(
  response: Response,
  url: string,
  { source, token, endpoint }: RemoteOrder,
  isHub: boolean,
): LlmError {
  const { status, headers } = response;
  if (isRefusal(response)) return isHub ? notAllowed(headers, source, token, endpoint) : locked(url, status);
  if (status === 404 || status === 400) return notThere(source);
  const again = headers.get('retry-after');
  if (status === 429) {
    const wait = again === null ? 'in a few minutes' : `in ${again} seconds`;
    return new LlmError('rate-limit', `${new URL(url).host} takes no more requests for now. Resume ${wait}.`);
  }
  return new LlmError('network', `${new URL(url).host} answered ${status} for "${url}". Resume later.`);
}

/** Hugging Face answers 401 for what is gated, for what is private and for what does not exist. */
function notAllowed(
  headers: Headers,
  source: ModelSource,
  token: string | undefined,
  endpoint: string,
): LlmError {
  const repository = source.type === 'url' ? '' : source.repository;
  const isGated = headers.get('x-error-code') === 'GatedRepo';
  const setToken = 'set your token with "LLM Playground: Set Hugging Face Token"';
  if (isGated) {
    const rest = token === undefined ? ` Then ${setToken}.` : ' Your token must be of the same account.';
    const message = `"${repository}" is gated: accept its licence on ${endpoint}${repository}.${rest}`;
    return new LlmError('auth', message);
  }
  const message =
    token === undefined
      ? `There is no public repository "${repository}". Correct its name; if it is private, ${setToken}.`
      : `Hugging Face does not give "${repository}" to your token. Correct its name, or ${setToken} of an account that may read it.`;
  return new LlmError('auth', message);
}

function locked(url: string, status: number): LlmError {
  const message = `${new URL(url).host} does not give "${url}" to everybody (${status}). Download it in a browser and add it with "LLM Playground: Add a Local Model…".`;
  return new LlmError('auth', message);
}

function notThere(source: ModelSource): LlmError {
  switch (source.type) {
    case 'repository': {
      const what = source.quantization === undefined ? 'a GGUF file' : `a file in ${source.quantization}`;
      return new LlmError(
        'bad-request',
        `"${source.repository}" has not ${what}. Look at its files on Hugging Face and name another quantization.`,
      );
    }
    case 'repository-file':
      return new LlmError(
        'bad-request',
        `"${source.repository}" has no file "${source.path}". Correct its name.`,
      );
    case 'url':
      return new LlmError('bad-request', `There is no file at "${source.url}". Correct the address.`);
    default:
      return source satisfies never;
  }
}

function webPage(url: string): LlmError {
  return new LlmError('bad-request', `"${url}" is a web page and not a model. Give the address of the file.`);
}

function notReached(url: string, cause: unknown): LlmError {
  const reason = cause instanceof Error && cause.cause ? messageOf(cause.cause) : messageOf(cause);
  const message = `${new URL(url).host} cannot be reached (${reason}). Check the connection, or the proxy in the settings.`;
  return new LlmError('network', message, { cause });
}

function numberIn(text: string | null): number | undefined {
  const number = Number(text ?? NaN);
  return Number.isSafeInteger(number) && number > 0 ? number : undefined;
}

/** Hugging Face's tag of a large file is its SHA-256; other servers' tags can be anything. */
function hashIn(tag: string | null): string | undefined {
  return /^(?:W\/)?"?([0-9a-f]{64})"?$/i.exec(tag ?? '')?.[1]?.toLowerCase();
}

const mostHops = 6;
