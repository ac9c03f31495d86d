import type { ErrorData } from '../core/errors.ts';
import type { ModelSource } from '../core/modelSource.ts';

/** What the host tells the process of a download: one order, and later perhaps to stop. */
export type DownloadRequest =
  | { readonly type: 'start'; readonly order: DownloadOrder }
  /** What has come is kept; the process answers `paused` and ends. */
  | { readonly type: 'pause' };

export interface DownloadOrder {
  readonly source: ModelSource;
  /** Where the files go, absolute; it is made where it is not there. */
  readonly folder: string;
  /** The user's token for Hugging Face, used only where it is asked for. */
  readonly token?: string;
  /** What the file must hash to, in hexadecimal; absent means what the server says, if it says so. */
  readonly sha256?: string;
  /** Where Hugging Face is, such as a mirror, with the last slash. */
  readonly endpoint: string;
  /** How long nothing may come before the download is given up, in ms. */
  readonly stallMs: number;
}

/** What the process of a download answers; it ends after `done`, `paused` or `error`. */
export type DownloadReply =
  | {
      readonly type: 'files';
      /** Absolute, the first part first. */
      readonly paths: readonly string[];
      /** Of all files; absent when the server does not say. */
      readonly totalBytes?: number;
    }
  | {
      readonly type: 'progress';
      /** `checking` reads the files once more and compares their hashes. */
      readonly phase: 'downloading' | 'checking';
      readonly doneBytes: number;
    }
  /** The model is there; `path` is its file, or the first part. */
  | { readonly type: 'done'; readonly path: string }
  | { readonly type: 'paused' }
  | { readonly type: 'error'; readonly error: ErrorData };
