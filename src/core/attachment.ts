import type { AttachedPart, Attachment } from './chat.ts';
import { fenced } from './conversation/fences.ts';

/** A text that goes along with the next message. */
export interface AttachmentView extends Attachment {
  readonly id: string;
  /** By the tokenizer of the first lane's model; `null` while they are counted, and where that is not possible. */
  readonly tokens: { readonly count: number; readonly isExact: boolean } | null;
  /** How it was counted and what else there is to know, as sentences; may be empty. */
  readonly note: string;
  /** Why it cannot be sent, and what to do; absent where it can. */
  readonly problem?: string;
}

/**
 * A text as it goes along with a message: where it is from, then the text between fences that are longer than any in it.
 * It ends with an empty line, because services put the texts of a message behind each other.
 * @param language as behind a fence, such as `ts`; empty for none.
 */
export function attachedPart(attachment: Attachment, text: string, language: string): AttachedPart {
  const { path, lines, symbol } = attachment;
  const from = [`\`${plain(path)}\``, symbol && `\`${plain(symbol)}\``, lines && linesOf(lines)];
  const heading = from.filter((part) => part !== undefined && part !== '').join(', ');
  return { type: 'text', text: `From ${heading}:\n\n${fenced(text, language)}\n\n`, attachment };
}

/** The longest text that is attached, in bytes of UTF-8: more than most windows hold. */
export const longestAttachment = 2_000_000;

/** What an attachment is called, in a few words: `src/parse.ts, lines 3–9`. */
export function attachmentLabel({ path, lines, symbol }: Attachment): string {
  return [plain(path), symbol && plain(symbol), lines && linesOf(lines)].filter(Boolean).join(', ');
}

/** The language behind a fence that the ending of a file's name stands for: the ending itself, which all highlighters know. */
export function languageOfName(name: string): string {
  return /[^./\\]\.([A-Za-z0-9+#-]{1,12})$/.exec(name)?.[1]?.toLowerCase() ?? '';
}

function linesOf([first, last]: readonly [number, number]): string {
  return first === last ? `line ${first}` : `lines ${first}–${last}`;
}

/** A name in one line, without what would end the code that it stands in or turn the text around it. */
function plain(name: string): string {
  return name.replaceAll(/[\s\p{Cc}\u200e\u200f\u202a-\u202e\u2066-\u2069]+/gu, ' ').replaceAll('`', "'");
}
