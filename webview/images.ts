/** Images that go with a follow-up, out of files that were pasted, dropped or chosen. */

/** An image that is not sent yet. */
export interface DraftImage {
  /** For people; an image from the clipboard has none of its own. */
  readonly name: string;
  /** A `data:` address. */
  readonly url: string;
}

/** What every service takes that takes images at all. */
export const imageTypes = ['image/png', 'image/jpeg', 'image/gif', 'image/webp'] as const;

/** The largest file, in bytes: the least of what services allow. */
export const largestImage = 5 * 1024 * 1024;

/** The most images that go with one follow-up. */
export const mostImages = 8;

/** The images in some files beside those that there are, and a sentence about what is left out. */
export async function readImages(
  files: readonly File[],
  before: readonly DraftImage[],
): Promise<{ readonly images: readonly DraftImage[]; readonly problem?: string }> {
  const problems: string[] = [];
  const images = [...before];
  for (const file of files) {
    const problem = problemOf(file, images.length);
    const url = problem === undefined ? await dataUrlOf(file) : undefined;
    if (url !== undefined) images.push({ name: file.name, url });
    else problems.push(problem ?? `${file.name || 'That image'} cannot be read.`);
  }
  return { images, ...(problems.length > 0 ? { problem: [...new Set(problems)].join(' ') } : {}) };
}

function problemOf({ name, type, size }: File, count: number): string | undefined {
  if (!imageTypes.some((known) => known === type)) {
    return `${name || 'That'} is no PNG, JPEG, GIF or WebP image.`;
  }
  if (size > largestImage)
    return `${name || 'That image'} is larger than 5 MB. Make it smaller, then attach it.`;
  if (count >= mostImages) return `At most ${mostImages} images go with one message.`;
  return undefined;
}

/** `undefined` where the file cannot be read, such as one that is gone. */
function dataUrlOf(file: File): Promise<string | undefined> {
  return new Promise((resolve) => {
    const reader = new FileReader();
    reader.onload = () => resolve(reader.result as string);
    reader.onerror = () => resolve(undefined);
    reader.readAsDataURL(file);
  });
}
