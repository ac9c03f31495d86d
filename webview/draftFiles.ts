/** Files that go with a follow-up, out of those that were pasted, dropped or chosen: images, and texts. */
import { longestAttachment } from '../src/protocol.ts';
import { dataUrlOf, type DraftImage, imageTypes, problemOfImage } from './images.ts';

/** The text of a file, for the host to attach. */
export interface DraftText {
  readonly name: string;
  readonly text: string;
}

/**
 * The images in some files beside those that there are, the texts among them, and a sentence about what is left out.
 * @param reasonAgainst why no image can be sent; `undefined` where they can.
 */
export async function readFiles(
  files: readonly File[],
  before: readonly DraftImage[],
  reasonAgainst: string | undefined,
): Promise<{
  readonly images: readonly DraftImage[];
  readonly texts: readonly DraftText[];
  readonly problem?: string;
}> {
  const problems = new Set<string>();
  const images = [...before];
  const texts: DraftText[] = [];
  for (const file of files) {
    const isImage = imageTypes.some((known) => known === file.type);
    const problem = isImage ? (reasonAgainst ?? problemOfImage(file, images.length)) : problemOfText(file);
    const read = problem === undefined ? await (isImage ? dataUrlOf(file) : textOf(file)) : undefined;
    if (read === undefined) problems.add(problem ?? unreadable(file, isImage));
    else if (isImage) images.push({ name: file.name, url: read });
    else texts.push({ name: file.name, text: read });
  }
  return { images, texts, ...(problems.size > 0 ? { problem: [...problems].join(' ') } : {}) };
}

function problemOfText({ name, size }: File): string | undefined {
  return size > longestAttachment ? `${name} is larger than 2 MB. Attach a part of it.` : undefined;
}

function unreadable({ name }: File, isImage: boolean): string {
  return isImage
    ? `${name || 'That image'} cannot be read.`
    : `${name || 'That'} is neither text in UTF-8 nor a PNG, JPEG, GIF or WebP image.`;
}

/** `undefined` for what is no text in UTF-8, and for a file that cannot be read, such as one that is gone. */
async function textOf(file: File): Promise<string | undefined> {
  try {
    const text = new TextDecoder('utf-8', { fatal: true }).decode(await file.arrayBuffer());
    return text.includes('\0') ? undefined : text;
  } catch {
    return undefined;
  }
}
