import { decodeText } from '../core/decodeText.ts';

/**
 * A file as the value of a variable: its text, or an image as a `data:` URL, which a template shows with `{{media}}`.
 * @param name ends as the file does, which tells images.
 * @throws NotTextError for what is neither.
 */
export function fileValue(name: string, bytes: Uint8Array): string {
  const ending = /\.(\w+)$/.exec(name)?.[1]?.toLowerCase() ?? '';
  const image = imageTypes.get(ending);
  if (image === undefined) return decodeText(bytes);
  return `data:image/${image};base64,${Buffer.from(bytes).toString('base64')}`;
}

/** Those that models take, by the endings of their files. */
const imageTypes: ReadonlyMap<string, string> = new Map([
  ['png', 'png'],
  ['jpg', 'jpeg'],
  ['jpeg', 'jpeg'],
  ['gif', 'gif'],
  ['webp', 'webp'],
]);
