import type { Memento } from 'vscode';
import * as z from 'zod/mini';
import { KeptByUri } from '../keptByUri.ts';
import type { AttachedText } from './attachedText.ts';

/** An attachment as it is kept while the window is closed; the text of a file is not, because it is read again. */
export type KeptAttachment = Omit<AttachedText, 'reread'>;

const schema = z.array(
  z.object({
    attachment: z.object({
      path: z.string(),
      lines: z.optional(z.tuple([z.number(), z.number()])),
      symbol: z.optional(z.string()),
    }),
    text: z.string(),
    language: z.string(),
    remark: z.optional(z.string()),
    file: z.optional(z.string()),
  }),
);

/** What is attached to the next message of each prompt or conversation, kept with the workspace over a reload of the window. */
export class KeptAttachments {
  readonly #kept: KeptByUri<readonly KeptAttachment[], z.infer<typeof schema>>;

  constructor(memento: Memento) {
    this.#kept = new KeptByUri(memento, 'llmPlayground.attachments', schema);
  }

  of(uri: string): readonly KeptAttachment[] {
    // JSON leaves out what is absent.
    return (this.#kept.of(uri) ?? []) as readonly KeptAttachment[];
  }

  keep(uri: string, attached: readonly AttachedText[]): void {
    const kept = attached.map(({ reread: _, ...text }) =>
      text.file === undefined ? text : { ...text, text: '' },
    );
    this.#kept.keep(uri, kept.length === 0 ? undefined : kept);
  }

  /** Takes attachments along to other URIs; `movedTo` answers `undefined` for those that stay. */
  move(movedTo: (uri: string) => string | undefined): void {
    this.#kept.move(movedTo);
  }
}
