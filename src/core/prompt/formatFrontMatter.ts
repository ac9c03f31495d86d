import { type Document, isScalar, parseDocument, type Scalar, visit } from 'yaml';
import { frontMatterOf } from './writeBack.ts';

/**
 * A prompt's text with its front matter laid out evenly: two spaces a level, one space behind a colon, one empty line at
 * most. Comments, the order of keys, quotes and the lines of long texts stay, and the template is the same to the byte.
 * What is no front matter, or none that can be read, comes back as it is.
 */
export function formatFrontMatter(text: string): string {
  const place = readable(text);
  if (!place || place.yaml.trim() === '') return text;
  const before = place.yaml.replaceAll('\r\n', '\n');
  const after = laidOut(before);
  // The library has faults of its own now and then; a prompt must not change its meaning when it is laid out.
  if (!meansTheSame(before, after)) return text;
  const yaml = place.yaml.includes('\r\n') ? after.replaceAll('\n', '\r\n') : after;
  return text.slice(0, place.start) + yaml + text.slice(place.start + place.yaml.length);
}

function readable(text: string): ReturnType<typeof frontMatterOf> {
  try {
    return frontMatterOf(text);
  } catch {
    // It is underlined already, and putting it in order could hide where.
    return undefined;
  }
}

/**
 * The library writes folded texts as one line, and lists in brackets with spaces inside of them. So folded texts are
 * laid out as literal ones, and afterwards both are put right, from the end, so that no place moves before its turn.
 */
function laidOut(yaml: string): string {
  const document = parseDocument(yaml, { logLevel: 'error', keepSourceTokens: true });
  const folded = new Set<number>();
  for (const [i, scalar] of blocksOf(document).entries()) {
    if (scalar.type !== 'BLOCK_FOLDED') continue;
    folded.add(i);
    scalar.type = 'BLOCK_LITERAL';
    scalar.value = linesOf(scalar);
  }
  const written = document.toString({ lineWidth: 0 }).replace(/\n+$/, '\n');
  const again = parseDocument(written, { logLevel: 'error' });
  const edits: { at: number; length: number; text: string }[] = [];
  for (const [i, { range }] of blocksOf(again).entries()) {
    if (folded.has(i) && range) edits.push({ at: written.indexOf('|', range[0]), length: 1, text: '>' });
  }
  visit(again, {
    Seq(_, { flow, range }) {
      if (flow !== true || !range) return;
      const [start, end] = range;
      const inside = written.slice(start + 1, end - 1);
      if (inside.includes('\n') || inside.trim() === '') return;
      const before = inside.length - inside.trimStart().length;
      const behind = inside.length - inside.trimEnd().length;
      edits.push({ at: start + 1, length: before, text: '' });
      edits.push({ at: end - 1 - behind, length: behind, text: '' });
    },
  });
  return edits
    .sort((a, b) => b.at - a.at)
    .reduce((text, { at, length, text: put }) => text.slice(0, at) + put + text.slice(at + length), written);
}

/** Texts of several lines under a `|` or a `>`, in the order of the file. */
function blocksOf(document: Document): readonly Scalar[] {
  const blocks: Scalar[] = [];
  visit(document, {
    Scalar(_, scalar) {
      if (isScalar(scalar) && (scalar.type === 'BLOCK_FOLDED' || scalar.type === 'BLOCK_LITERAL')) {
        blocks.push(scalar);
      }
    },
  });
  return blocks;
}

/** The lines of a folded text as they are written, without their indent, and with the line breaks that end its value. */
function linesOf({ srcToken, value }: Scalar): string {
  const lines = ((srcToken as { source?: string } | undefined)?.source ?? '').trimEnd().split('\n');
  const indents = lines.filter((line) => line.trim() !== '').map((line) => line.search(/[^ ]/));
  const indent = Math.min(...indents);
  return lines.map((line) => line.slice(indent)).join('\n') + (/\n*$/.exec(String(value))?.[0] ?? '');
}

/** Whether two texts have the same values, and numbers such as the version 1.10 the same digits. */
function meansTheSame(one: string, other: string): boolean {
  const read = (text: string): string =>
    JSON.stringify(parseDocument(text, { logLevel: 'error' }).toJS() as unknown);
  const digits = (text: string): string => (text.match(/\d+/g) ?? []).join(' ');
  try {
    return read(one) === read(other) && digits(one) === digits(other);
  } catch {
    return false;
  }
}
