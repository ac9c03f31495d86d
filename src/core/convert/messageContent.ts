import { isRecord } from '../isRecord.ts';
import type { Fields } from './fields.ts';
import { mediaTag } from './handlebarsText.ts';
import type { DataPath } from './located.ts';

/** The content of a message, a text or a list of parts, as Handlebars. Parts of other kinds are left out, with a warning. */
export function contentText(
  message: Fields,
  name: string,
  escaped: (text: string, path: DataPath) => string,
): string {
  const path = [...message.path, name];
  const text = message.text(name);
  if (text !== undefined) return escaped(text, path);
  const parts = message.list(name);
  if (!parts) return '';
  return parts
    .map((part, index) => {
      const at = [...path, index];
      if (typeof part === 'string') return escaped(part, at);
      if (!isRecord(part)) return '';
      if (typeof part['text'] === 'string') return escaped(part['text'], [...at, 'text']);
      const url = imageUrl(part['image_url']);
      if (url !== undefined) return mediaTag(url);
      const type = typeof part['type'] === 'string' ? part['type'] : 'unknown';
      message.warnings.add(
        `A part of type "${type}" is left out: messages hold texts and images.`,
        message.source.placeOf(at),
      );
      return '';
    })
    .filter((part) => part !== '')
    .join('\n');
}

function imageUrl(value: unknown): string | undefined {
  const url = isRecord(value) ? value['url'] : value;
  return typeof url === 'string' && !url.includes('{{') ? url : undefined;
}
