import type { Citation } from './chat.ts';

/** A source of an answer as it is shown. */
export interface CitedSource {
  readonly title: string;
  /** A web address; absent where there is none, whatever a model or a service has written in its place. */
  readonly url?: string;
  /** The words of the source that are meant. */
  readonly quote?: string;
}

/** Whatever is named as an address, only one of the web becomes a link. */
export function citedSource({ url, title, quote }: Citation): CitedSource {
  return {
    title: title ?? (isWebAddress(url) ? url : 'A document'),
    ...(isWebAddress(url) ? { url } : {}),
    ...(quote === undefined ? {} : { quote }),
  };
}

function isWebAddress(url: string | undefined): url is string {
  return url !== undefined && URL.canParse(url) && /^https?:$/.test(new URL(url).protocol);
}
