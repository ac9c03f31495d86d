/** Images that go with a follow-up. */

/** An image that is not sent yet. */
export interface DraftImage {
  /** For people; an image from the clipboard has none of its own. */
  readonly name: string;
  /** A `data:` address. */
  readonly url: string;
}

/** What every service takes that takes images at all. */
export const imageTypes = ['image/png', 'image/jpeg', 'image/gif', 'image/webp'] as const;

/** The largest file of an image, in bytes: the least of what services allow. */
const largestImage = 5 * 1024 * 1024;

/** The most images that go with one follow-up. */
const mostImages = 8;

/** Why an image cannot go along with so many others; `undefined` where it can. */
export function problemOfImage({ name, size }: File, count: number): string | undefined {
  if (size > largestImage)
    return `${name || 'That image'} is larger than 5 MB. Make it smaller, then attach it.`;
  if (count >= mostImages) return `At most ${mostImages} images go with one message.`;
  return undefined;
}

/** `undefined` where the file cannot be read, such as one that is gone. */
export function dataUrlOf(file: File): Promise<string | undefined> {
  return new Promise((resolve) => {
    const reader = new FileReader();
    reader.onload = () => resolve(reader.result as string);
    reader.onerror = () => resolve(undefined);
    reader.readAsDataURL(file);
  });
}
