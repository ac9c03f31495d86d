import type { ChatEvent } from '../../core/chat.ts';

/**
 * The citations among the annotations of a text: `{type: "url_citation", url, title}` in Responses, with the address one
 * level down, in `url_citation`, in Chat Completions. Annotations of other kinds name files of the service.
 */
export function citationEvents(annotations: readonly unknown[]): ChatEvent[] {
  return annotations.flatMap((annotation): ChatEvent[] => {
    const { type, url_citation, ...flat } = annotation as Annotation;
    const { url, title } = url_citation ?? flat;
    if (type !== 'url_citation' || url === undefined) return [];
    return [{ type: 'citation', citation: { url, ...(title ? { title } : {}) } }];
  });
}

interface Address {
  readonly url?: string;
  readonly title?: string;
}

interface Annotation extends Address {
  readonly type?: string;
  readonly url_citation?: Address;
}
